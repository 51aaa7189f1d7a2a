import { beforeAll, describe, expect, it } from "vitest"
import { type Call, CallRefused } from "../../src/kernel/client.ts"
import { listAccounts, readAccount } from "../../src/modules/accounts/contract.ts"
import { giveBack, takeBack } from "../../src/modules/accounts/custody/contract.ts"
import { RETURN_ITEMS } from "../../src/modules/accounts/custody/rules.ts"
import { filesPath } from "../../src/modules/accounts/files/contract.ts"
import { listFindings, settleFinding } from "../../src/modules/accounts/findings/contract.ts"
import { readAccountsSettings, saveAccountsSettings } from "../../src/modules/accounts/settings/contract.ts"
import {
  closeStocktake,
  countAccount,
  openStocktake,
  readStocktake,
} from "../../src/modules/accounts/stocktake/contract.ts"
import { readImport, runImport, UPLOAD_PATH } from "../../src/modules/imports/contract.ts"
import { listAudit, listStaff, saveStaff } from "../../src/modules/staff/contract.ts"
import {
  claimInspection,
  disputeInspection,
  judgeInspection,
  listVerdicts,
  readScores,
} from "../../src/modules/tags/inspection/contract.ts"
import { rows } from "../../src/platform/db.ts"
import { until } from "../../src/platform/testkit/index.ts"
import { ailments, type Company, OWNER, startCompany } from "../company.ts"

const DAY_MS = 86_400_000
/** The number of an account of the file: seen by nobody who does not say why. */
const NUMBER = "13812348888"
const FILE = `账号名称,功能,保管人,实名人,手机号
老号 01,成交号,梁燕,王五,${NUMBER}
老号 02,会员号,周可,,
"=HYPERLINK(""http://x"")",IP号,没有这个人,,
`

type Verdict = "right" | "wrong" | "missing"
type Judged = { id: string; week: string; staff_id: string; by: string; verdict: Verdict; last: Verdict }

let company: Company
/** Every answer that anybody got, and every deed that was done, as those who did it remember. */
const heard: string[] = []
const deeds: { who: string; action: string; target: string }[] = []
const judged = new Map<string, Judged>()

let owner: Call
let keeper: Call
/** The two who inspect: a lead who looks after customers and holds an account, and an inspector who does neither. */
let liang: Call
let shen: Call
/** An operator whose work is judged. */
let zhou: Call
const id: Record<"liang" | "shen" | "zhou" | "keeper", string> = { liang: "", shen: "", zhou: "", keeper: "" }

beforeAll(async () => {
  company = await startCompany({
    size: 120,
    paused: true,
    start: "2026-11-02T10:00:00+08:00",
    seed: "inspections",
  })
  owner = listening(await company.as())
  const { rows: staff } = await owner(listStaff, {})
  const called = (ref: string) => staff.find((s) => s.channel_ref === ref)!.id
  id.liang = called("liang_yan")
  id.zhou = called("zhou_ke")
  const enter = async (body: Parameters<typeof join>[0]) => listening(await join(body))
  liang = await enter({ id: id.liang, role: "lead", login: "liang" })
  zhou = await enter({ id: id.zhou, role: "operator", login: "zhou" })
  shen = await enter({ name: "沈洁", role: "inspector", login: "shen" })
  keeper = await enter({ name: "钱保管", role: "asset_keeper", login: "keeper" })
  const now = (await owner(listStaff, {})).rows
  id.shen = now.find((s) => s.login === "shen")!.id
  id.keeper = now.find((s) => s.login === "keeper")!.id
}, 120_000)

type Member = {
  id?: string
  name?: string
  login: string
  role: "lead" | "operator" | "inspector" | "asset_keeper"
}
async function join(body: Member): Promise<Call> {
  const { one_time_password } = await owner(saveStaff, { body })
  return company.as({ login: body.login, password: one_time_password! })
}

function listening(call: Call): Call {
  return (async (endpoint: never, input: never) => {
    const answer = await call(endpoint, input).catch((error: unknown) => {
      if (error instanceof CallRefused) heard.push(JSON.stringify(error.problem))
      throw error
    })
    heard.push(JSON.stringify(answer))
    return answer
  }) as unknown as Call
}
const refused = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (e: unknown) => e,
  )
  return error instanceof CallRefused ? error.problem : error
}
const did = (who: string, action: string, target: string) => deeds.push({ who, action, target })

/** A file through the door at which browsers leave files. */
async function leave(path: string, content: string) {
  const session = await fetch(`${company.origin}/api/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(OWNER),
  })
  const cookie = session.headers.getSetCookie()[0]!.split(";")[0]!
  const answer = await fetch(`${company.origin}${path}`, {
    method: "POST",
    headers: { cookie, "content-type": "application/octet-stream" },
    body: new Blob([content]),
  })
  const body = (await answer.json()) as { id: string; guess: Record<string, string> }
  heard.push(JSON.stringify(body))
  expect(answer.status).toBe(200)
  return body
}

const weekPasses = () => company.sandbox("POST", "clock", { step_ms: 7 * DAY_MS })
const WEEKS = ["2026-11-02", "2026-11-09", "2026-11-16", "2026-11-23"]

/** The first of somebody's each week is wrong, so that there is something to dispute; of the others who has no tag lacks one. */
function verdictFor(one: { week: string; staff_id: string; tags: readonly unknown[] }): Verdict {
  const key = `${one.week} ${one.staff_id}`
  if (!begun.has(key)) {
    begun.add(key)
    return "wrong"
  }
  return one.tags.length === 0 ? "missing" : "right"
}
const begun = new Set<string>()

async function inspectOne(who: "liang" | "shen"): Promise<boolean> {
  const call = who === "liang" ? liang : shen
  const { inspection: one } = await call(claimInspection, { body: {} })
  if (!one) return false
  expect(one.disputed).toBeNull()
  expect(one.staff_id).not.toBe(id[who])
  const verdict = verdictFor(one)
  await call(judgeInspection, { params: { id: one.id }, body: { verdict, note: "" } })
  did(id[who], "tags.judge", `tag_inspection:${one.id}`)
  expect(judged.has(one.id)).toBe(false)
  judged.set(one.id, {
    id: one.id,
    week: one.week,
    staff_id: one.staff_id,
    by: id[who],
    verdict,
    last: verdict,
  })
  return true
}

describe("a month with two inspectors", () => {
  it("each Monday so many customers of every operator are drawn, and both judge side by side until nothing is left", async () => {
    expect(await refused(zhou(claimInspection, { body: {} }))).toMatchObject({ code: "forbidden" })
    for (const [n, week] of WEEKS.entries()) {
      if (n > 0) await weekPasses()
      const drawn = await until(async () => {
        const { rows: scores } = await owner(readScores, {})
        const of = scores.filter((s) => s.week === week)
        return of.length > 0 ? of : null
      }, 20_000)
      expect(drawn.every((s) => s.drawn <= 5)).toBe(true)
      expect(drawn.some((s) => s.staff_id === id.liang)).toBe(true)
      for (let more = true; more; ) {
        const both = await Promise.all([inspectOne("liang"), inspectOne("shen")])
        more = both.includes(true)
      }
      const all = drawn.reduce((sum, s) => sum + s.drawn, 0)
      expect([...judged.values()].filter((j) => j.week === week)).toHaveLength(all)
    }
    const who = [...judged.values()].map((j) => j.by)
    expect(new Set(who)).toEqual(new Set([id.liang, id.shen]))
  })

  it("whose work it is sees it alone, and disputes it; somebody else than the first has the last word", async () => {
    const { rows: own } = await zhou(listVerdicts, {})
    expect(own.map((v) => v.id).sort()).toEqual(
      [...judged.values()].flatMap((j) => (j.staff_id === id.zhou ? [j.id] : [])).sort(),
    )
    expect((await zhou(readScores, {})).rows.every((s) => s.staff_id === id.zhou)).toBe(true)
    const mine = own.find((v) => v.may_dispute)!
    const other = [...judged.values()].find((j) => j.staff_id !== id.zhou && j.verdict !== "right")!
    const reason = "客户上周改了主意"
    expect(
      await refused(zhou(disputeInspection, { params: { id: other.id }, body: { reason } })),
    ).toMatchObject({ code: "not_found" })
    await zhou(disputeInspection, { params: { id: mine.id }, body: { reason } })
    did(id.zhou, "tags.dispute", `tag_inspection:${mine.id}`)
    const first = judged.get(mine.id)!.by
    const [one, two] = first === id.shen ? [shen, liang] : [liang, shen]
    const body = { verdict: "right" as const, note: "" }
    expect(await refused(one(judgeInspection, { params: { id: mine.id }, body }))).toMatchObject({
      code: "own_verdict",
    })
    expect((await one(claimInspection, { body: {} })).inspection).toBeNull()
    const { inspection } = await two(claimInspection, { body: {} })
    expect(inspection).toMatchObject({ id: mine.id, disputed: { verdict: mine.verdict, reason } })
    await two(judgeInspection, { params: { id: mine.id }, body })
    did(first === id.shen ? id.liang : id.shen, "tags.judge", `tag_inspection:${mine.id}`)
    judged.get(mine.id)!.last = "right"
  })

  it("what the lead disputes is neither the lead's nor the inspector's to decide: the owner does", async () => {
    const mine = (await liang(listVerdicts, {})).rows.find((v) => v.may_dispute)!
    expect(judged.get(mine.id)!.by).toBe(id.shen)
    await liang(disputeInspection, { params: { id: mine.id }, body: { reason: "不是漏标" } })
    did(id.liang, "tags.dispute", `tag_inspection:${mine.id}`)
    const body = { verdict: "wrong" as const, note: "两位都看过" }
    const params = { id: mine.id }
    expect(await refused(shen(judgeInspection, { params, body }))).toMatchObject({ code: "own_verdict" })
    expect(await refused(liang(judgeInspection, { params, body }))).toMatchObject({ code: "own_customer" })
    await owner(judgeInspection, { params, body })
    did(await ownerId(), "tags.judge", `tag_inspection:${mine.id}`)
    judged.get(mine.id)!.last = "wrong"
  })
})

const ownerId = async () => (await owner(listStaff, {})).rows.find((s) => s.role === "owner")!.id

describe("the month's stocktake", () => {
  let take = ""
  const params = (account_id: string) => ({ id: take, account_id })
  const linesOf = async () => (await owner(readStocktake, { params: { id: take } })).lines
  const line = async (name: string) => (await linesOf()).find((l) => l.account_name === name)!

  it("begins with accounts of a file too: whoever cannot be comes back, and the file again brings nobody", async () => {
    const bring = async () => {
      const { id: file, guess } = await leave(`${UPLOAD_PATH}?kind=accounts&name=accounts.csv`, FILE)
      await owner(runImport, {
        params: { id: file },
        body: { options: { mapping: guess, header: true, source: "账号" }, dry_run: false },
      })
      return until(async () => {
        const found = await owner(readImport, { params: { id: file } })
        return found.state === "done" ? found : null
      }, 20_000)
    }
    const first = await bring()
    expect(first.counts).toMatchObject({ read: 3, imported: 2, failed: 1 })
    expect(first.failures).toMatchObject([{ line: 4, reason: expect.stringContaining("没有这位员工") }])
    expect((await bring()).counts).toMatchObject({ imported: 0, changed: 0, skipped: 2, failed: 1 })
  })

  it("is counted by both: one line at the same moment, nobody their own, and closed while counts come in", async () => {
    take = (await keeper(openStocktake, { body: { name: "十一月盘点", due_on: "2026-11-30" } })).id
    did(id.keeper, "accounts.open_stocktake", `stocktake:${take}`)
    const found = await linesOf()
    expect(found.map((l) => l.account_name).sort()).toEqual(
      [
        "老号 01",
        "老号 02",
        "禾苗代理中心",
        "禾苗会员管家",
        "禾苗优选顾问",
        "禾苗小禾",
        "周可",
        "林晓",
      ].sort(),
    )
    const as = (l: (typeof found)[number]) => ({
      custodian_staff_id: l.expected_custodian,
      friends: l.expected_friends,
      tags_ok: true,
    })
    const counted = (who: string) => did(who, "accounts.count", `stocktake:${take}`)
    // both at one
    const sales = await line("禾苗优选顾问")
    const both = await Promise.allSettled([
      shen(countAccount, { params: params(sales.account_id), body: as(sales) }),
      liang(countAccount, { params: params(sales.account_id), body: { ...as(sales), tags_ok: false } }),
    ])
    expect(both.map((b) => b.status).sort()).toEqual(["fulfilled", "rejected"])
    const lost = both.find((b) => b.status === "rejected")!.reason as CallRefused
    expect(lost.problem).toMatchObject({ code: "counted_meanwhile" })
    counted(both[0]!.status === "fulfilled" ? id.shen : id.liang)
    const stands = await line("禾苗优选顾问")
    expect(stands.counted_by_name).toBe(both[0]!.status === "fulfilled" ? "沈洁" : "梁燕")
    // what the lead holds is not the lead's to count, until the team says that it is too small for that
    const agent = await line("禾苗代理中心")
    const own = () => liang(countAccount, { params: params(agent.account_id), body: as(agent) })
    expect(await refused(own())).toMatchObject({ code: "self_check" })
    await smallTeam(true)
    await own()
    counted(id.liang)
    await smallTeam(false)
    expect(await line("禾苗代理中心")).toMatchObject({ self_checked: true, counted_by_name: "梁燕" })
    // in other hands than it should be
    const old = await line("老号 02")
    await shen(countAccount, {
      params: params(old.account_id),
      body: { ...as(old), custodian_staff_id: id.keeper },
    })
    counted(id.shen)
    // closed while the last two are being counted
    const [ip, member] = [await line("禾苗小禾"), await line("禾苗会员管家")]
    const late = await Promise.allSettled([
      liang(countAccount, { params: params(ip.account_id), body: as(ip) }),
      shen(countAccount, { params: params(member.account_id), body: as(member) }),
      keeper(closeStocktake, { params: { id: take } }),
    ])
    const [byLiang, byShen, closed] = late
    if (byLiang.status === "fulfilled") counted(id.liang)
    else expect((byLiang.reason as CallRefused).problem).toMatchObject({ code: "stocktake_closed" })
    if (byShen.status === "fulfilled") counted(id.shen)
    else expect((byShen.reason as CallRefused).problem).toMatchObject({ code: "stocktake_closed" })
    did(id.keeper, "accounts.close_stocktake", `stocktake:${take}`)
    const inTime = [byLiang, byShen].filter((b) => b.status === "fulfilled").length
    if (closed.status !== "fulfilled") throw closed.reason
    const differences = 1 + (stands.differences.length > 0 ? 1 : 0)
    expect(closed.value).toEqual({
      id: take,
      coverage: Math.floor(((3 + inTime) * 100) / 8),
      missing: 5 - inTime,
      findings: differences,
    })
    expect(await refused(shen(countAccount, { params: params(ip.account_id), body: as(ip) }))).toMatchObject({
      code: "stocktake_closed",
    })
  })

  it("leaves what differs and what was not counted with somebody and a day; worked off by whoever does not hold it, agreements by the file", async () => {
    const { rows: found } = await owner(listFindings, { query: { stocktake_id: take } })
    const read = await owner(readStocktake, { params: { id: take } })
    expect(found.filter((f) => f.kind === "missing")).toHaveLength(read.missing)
    expect(found).toHaveLength(read.missing + read.findings)
    for (const one of found) expect(one).toMatchObject({ owner_name: "钱保管", due_on: "2026-11-30" })
    const held = found.find((f) => f.account_name === "老号 01")!
    const body = { note: "看到了，在柜子里" }
    expect(await refused(liang(settleFinding, { params: { id: held.id }, body }))).toMatchObject({
      code: "self_check",
    })
    for (const one of found) {
      await keeper(settleFinding, { params: { id: one.id }, body })
      did(id.keeper, "accounts.settle_finding", `account:${one.account_id}`)
    }
    const bare = (await owner(listFindings, { query: { state: "open" } })).rows
    expect(bare.map((f) => f.kind)).toEqual(Array.from({ length: 8 }, () => "agreement_missing"))
    expect(await refused(keeper(settleFinding, { params: { id: bare[0]!.id }, body }))).toMatchObject({
      code: "agreement_missing",
    })
    for (const one of bare)
      await leave(
        `${filesPath(one.account_id)}?kind=agreement&name=a.pdf&signed_on=2026-11-01`,
        "%PDF-1.7\n归属协议",
      )
    expect((await owner(listFindings, {})).counts).toEqual({ open: 0, late: 0 })
  })

  it("an account that goes back is checked by another, item by item", async () => {
    const account = (await owner(listAccounts, { query: { q: "老号 01" } })).rows[0]!
    const params = { id: account.id }
    await liang(giveBack, { params, body: { reason: "不再使用" } })
    did(id.liang, "accounts.give_back", `account:${account.id}`)
    const all = Object.fromEntries(RETURN_ITEMS.map((item) => [item, true])) as never
    const back = (checklist: never) => ({ params, body: { to: "ready" as const, checklist } })
    expect(await refused(liang(takeBack, back(all)))).toMatchObject({ code: "self_check" })
    const short = { ...(all as object), bank_card: false, groups: false } as never
    expect(await refused(keeper(takeBack, back(short)))).toMatchObject({
      code: "checklist_incomplete",
      detail: { missing: ["bank_card", "groups"] },
    })
    await keeper(takeBack, back(all))
    did(id.keeper, "accounts.take_back", `account:${account.id}`)
    expect(await owner(readAccount, { params })).toMatchObject({ state: "ready", custodian_staff_id: null })
  })
})

const smallTeam = async (small_team: boolean) => {
  const { settings } = await owner(readAccountsSettings, {})
  await owner(saveAccountsSettings, { body: { ...settings, small_team } })
}

describe("at the end of the month", () => {
  it("every sample was judged once, and scores are what a recount of the verdicts gives, the last words counted", async () => {
    const { rows: scores } = await owner(readScores, {})
    const recount = new Map<string, { right: number; wrong: number; missing: number }>()
    for (const j of judged.values()) {
      const key = `${j.week} ${j.staff_id}`
      const sum = recount.get(key) ?? { right: 0, wrong: 0, missing: 0 }
      sum[j.last]++
      recount.set(key, sum)
    }
    expect(scores).toHaveLength(recount.size)
    for (const s of scores) {
      const sum = recount.get(`${s.week} ${s.staff_id}`)!
      expect(s).toMatchObject(sum)
      expect(s.score).toBe(Math.round((sum.right * 1_000) / s.drawn))
    }
    expect(
      await rows(
        company.db,
        `select 1 from tags_inspections where verdict is null or judged_by = staff_id or second_by in (staff_id, judged_by)
           or (disputed_at is null) <> (second_verdict is null)`,
      ),
    ).toEqual([])
  })

  it("the audit says of every deed who did it, once, and tells of no deed that was refused", async () => {
    const told: typeof deeds = []
    for (let cursor: string | undefined; ; ) {
      const page = await owner(listAudit, { query: { limit: 100, ...(cursor ? { cursor } : {}) } })
      told.push(
        ...page.rows.map((r) => ({ who: r.actor_id ?? "", action: r.action, target: r.target ?? "" })),
      )
      if (!page.next_cursor) break
      cursor = page.next_cursor
    }
    const watched = new Set(deeds.map((d) => d.action))
    const line = (d: (typeof deeds)[number]) => `${d.action} ${d.target} ${d.who}`
    expect(
      told
        .filter((d) => watched.has(d.action))
        .map(line)
        .sort(),
    ).toEqual(deeds.map(line).sort())
  })

  it("nobody was shown the number on which an account runs, in no answer and in no line of the audit", async () => {
    // it was typed once, in the file; what the door of files says of the file's head is not an answer about the account
    const shown = heard.filter((answer) => answer.includes(NUMBER))
    expect(shown.every((answer) => answer.includes('"sample"'))).toBe(true)
    const kept = await rows(
      company.db,
      "select 1 from platform_audit where concat(before, after, target) like $1",
      [`%${NUMBER}%`],
    )
    expect(kept).toEqual([])
  })

  it("whoever inspects no more is out at once, whatever lay on the desk", async () => {
    await owner(saveStaff, { body: { id: id.shen, role: "viewer" } })
    expect(await refused(shen(claimInspection, { body: {} }))).toMatchObject({
      code: "not_signed_in",
    })
  })

  it("nothing went wrong behind the pages", async () => {
    expect(await ailments(company.db)).toEqual([])
  })
})
