import { beforeAll, describe, expect, it } from "vitest"
import { type Call, CallRefused } from "../../src/kernel/client.ts"
import type { ConditionTree } from "../../src/kernel/tree.ts"
import { listAccounts } from "../../src/modules/accounts/contract.ts"
import { handOver } from "../../src/modules/accounts/custody/contract.ts"
import {
  closeStocktake,
  countAccount,
  openStocktake,
  readStocktake,
} from "../../src/modules/accounts/stocktake/contract.ts"
import { listCustomers, readCustomer } from "../../src/modules/customers/contract.ts"
import { mergeInto } from "../../src/modules/customers/merge/contract.ts"
import { makePlay, onePlay, publishPlay } from "../../src/modules/plans/plays/contract.ts"
import { changeSegment, createSegment } from "../../src/modules/segments/contract.ts"
import { listStaff, saveStaff } from "../../src/modules/staff/contract.ts"
import { decideChange, listTags, proposeChange } from "../../src/modules/tags/contract.ts"
import { makeTagRule } from "../../src/modules/tags/keeping/contract.ts"
import { makeTransfer, readTransfer, tryTransfer } from "../../src/modules/transfers/contract.ts"
import { until } from "../../src/platform/testkit/index.ts"
import { type Company, startCompany } from "../company.ts"

let company: Company
let owner: Call
beforeAll(async () => {
  company = await startCompany({ size: 120, paused: true, seed: "clear answers" })
  owner = await company.as()
}, 120_000)

const problemOf = (error: unknown) => (error instanceof CallRefused ? error.problem : error)
const refused = (work: Promise<unknown>) => work.then(() => null, problemOf)
/** What each of several who act at the same moment is told; null for who may. */
const together = (...work: Promise<unknown>[]) => Promise.all(work.map(refused))
const leaf = (offer: string, args: object): ConditionTree => ({ offer, version: 1, args }) as ConditionTree

async function tagsNamed(...names: string[]): Promise<string[]> {
  const { groups } = await owner(listTags, {})
  return names.map((name) => groups.flatMap((g) => g.tags).find((t) => t.name === name)!.id)
}

describe("what somebody is told who", () => {
  it("merges the pair that somebody else is merging, or the other way round afterwards", async () => {
    const { rows } = await owner(listCustomers, { query: { limit: 2 } })
    const [a, b] = rows.map((r) => r.id) as [string, string]
    const merge = (into: string, other_id: string) =>
      owner(mergeInto, { params: { id: into }, body: { other_id } })
    const one = {
      code: "same_customer",
      field: "other_id",
      message: "这两位已经是同一位客户，不用再合并。",
      message_en: "These two are one customer already; there is nothing to merge.",
    }
    const answers = await together(merge(a, b), merge(a, b))
    expect(answers).toContain(null)
    expect(answers.find((x) => x !== null)).toMatchObject(one)
    expect(await refused(merge(b, a))).toMatchObject(one)
    expect((await owner(readCustomer, { params: { id: b } })).id).toBe(a)
  })

  it("retires a tag that a play uses: which play, and that another tag may take its place; the play then goes on with that", async () => {
    const [tag_id, replaced_by] = await tagsNamed("操盘手", "企业主")
    const rule = leaf("tags.has", { tag_id })
    const { id, version } = await owner(makePlay, {
      body: {
        name: "操盘手欢迎",
        definition: {
          entry: { on: "request" },
          first: "fork",
          nodes: {
            fork: { kind: "branch", condition: rule, yes: "hello", no: null },
            hello: {
              kind: "action",
              action: {
                offer: "outbox.send_message",
                version: 1,
                args: { text: "您好", nature: "service" },
              },
              next: null,
            },
          },
        },
      },
    })
    await owner(publishPlay, { params: { id }, body: { version } })
    const retire = (instead: string | null) =>
      owner(proposeChange, {
        body: { change: { kind: "retire_tag", tag_id: tag_id!, replaced_by: instead }, reason: "" },
      })
    expect(await refused(retire(null))).toMatchObject({
      code: "tag_in_use",
      field: "replaced_by",
      message: "还有剧本、规则、人群或渠道码在用这个标签，请先换掉，或选一个标签来接替它。",
      message_en:
        "Plays, rules, segments or codes still use the tag: change them first, or name a tag that takes its place.",
      detail: { users: [{ kind: "play", id, name: "操盘手欢迎" }] },
    })
    const proposal = await retire(replaced_by!)
    const decided = await owner(decideChange, { params: { id: proposal.id }, body: { accept: true } })
    expect(decided).toMatchObject({ goes_on: [{ kind: "play", id, name: "操盘手欢迎" }] })
    const play = await owner(onePlay, { params: { id } })
    expect(JSON.stringify(play.versions[0])).toContain("企业主")
  })

  it("lets a rule ask for itself: of a tag with the way round, of a segment with the place", async () => {
    const [tag_id] = await tagsNamed("宝妈")
    expect(
      await refused(
        owner(makeTagRule, { body: { name: "自指", tag_id: tag_id!, rule: leaf("tags.has", { tag_id }) } }),
      ),
    ).toMatchObject({
      code: "rule_circle",
      field: "rule",
      message: "这条规则绕了一圈又问到它自己打的标签，请换个条件。",
      message_en: expect.stringContaining("for the tag that it gives"),
      detail: { path: ["宝妈", "宝妈"] },
    })
    const paid = leaf("customers.has_paid", {})
    const { id } = await owner(createSegment, { body: { name: "自己", rule: paid, frozen: false } })
    const rule = { all: [paid, leaf("segments.listed", { segment_id: id })] } as ConditionTree
    expect(
      await refused(owner(changeSegment, { params: { id }, body: { name: "自己", rule, version: 1 } })),
    ).toMatchObject({
      code: "rule_in_rule",
      field: "all.1",
      message: expect.stringContaining("固定人群"),
      message_en: expect.stringContaining("frozen"),
    })
  })

  it("nests a segment fifty levels deep", async () => {
    let rule: unknown = leaf("customers.has_paid", {})
    for (let level = 1; level < 50; level++) rule = { all: [rule] }
    expect(
      await refused(
        owner(createSegment, { body: { name: "深", rule: rule as ConditionTree, frozen: false } }),
      ),
    ).toMatchObject({
      code: "tree_too_deep",
      field: expect.stringMatching(/^all\.0/),
      message: expect.stringContaining("最多"),
      message_en: expect.stringMatching(/levels/),
    })
  })

  it("counts what they hold themself, what somebody has just counted, or what is closed", async () => {
    const { rows: staff } = await owner(listStaff, {})
    const lead = staff.find((s) => s.channel_ref === "liang_yan")!
    const { one_time_password } = await owner(saveStaff, {
      body: { id: lead.id, role: "lead", login: "liang" },
    })
    const liang = await company.as({ login: "liang", password: one_time_password! })
    const due_on = "2099-01-01"
    const { id } = await owner(openStocktake, { body: { name: "盘点", due_on } })
    const { lines } = await owner(readStocktake, { params: { id } })
    const line = (name: string) => lines.find((l) => l.account_name === name)!
    const count = (call: Call, name: string) =>
      call(countAccount, {
        params: { id, account_id: line(name).account_id },
        body: { custodian_staff_id: line(name).expected_custodian },
      })
    expect(await refused(count(liang, "禾苗代理中心"))).toMatchObject({
      code: "self_check",
      field: "account_id",
      message: "保管人不能自己做这一步，请换一位同事。",
      message_en: "The custodian cannot do this themself; ask a colleague.",
    })
    const both = await together(count(liang, "禾苗小禾"), count(owner, "禾苗小禾"))
    expect(both).toContain(null)
    expect(both.find((x) => x !== null)).toMatchObject({
      code: "counted_meanwhile",
      field: "account_id",
      message: "别人刚盘过这个账号，请先看一下对方登记的结果。",
      message_en: "Somebody else has just counted this account; look at what they found first.",
    })
    await owner(closeStocktake, { params: { id } })
    expect(await refused(count(owner, "禾苗会员管家"))).toMatchObject({
      code: "stocktake_closed",
      message: "这次盘点已经结束，不能再登记。",
      message_en: "This stocktake is closed; nothing more can be counted.",
    })
  })

  it("hands over the account that somebody else hands over at the same moment", async () => {
    const { rows: staff } = await owner(listStaff, {})
    const [lin, zhou] = ["lin_xiao", "zhou_ke"].map((ref) => staff.find((s) => s.channel_ref === ref)!.id)
    const account = (await owner(listAccounts, {})).rows.find((a) => a.channel_ref === "hm_agent_01")!
    const give = (staff_id: string) =>
      owner(handOver, {
        params: { id: account.id },
        body: { staff_id, from_staff_id: account.custodian_staff_id },
      })
    const answers = await together(give(lin!), give(zhou!))
    expect(answers).toContain(null)
    const holder = (await owner(listAccounts, {})).rows.find((a) => a.id === account.id)!
    expect([lin, zhou]).toContain(holder.custodian_staff_id)
    expect(answers.find((x) => x !== null)).toMatchObject({
      code: "already_held",
      field: "staff_id",
      message: "账号已经在别人手里，请刷新后再看。",
      message_en: "Somebody else holds the account already; look again.",
      detail: { name: holder.custodian_name },
    })
  })

  it("passes on customers of whom one refuses: that one stays with whom they were, and the transfer says how many", async () => {
    const { rows: accounts } = await owner(listAccounts, {})
    const ip = accounts.find((a) => a.channel_ref === "hm_ip_01")!
    const member = accounts.find((a) => a.channel_ref === "hm_member_01")!
    const { rows } = await owner(listCustomers, { query: { account_id: ip.id, limit: 100 } })
    const who = { customer_ids: rows.map((r) => r.id) }
    const tried = await owner(tryTransfer, { body: { who, to_account_id: member.id } })
    const { id } = await owner(makeTransfer, {
      body: {
        who,
        to_account_id: member.id,
        reason: "rearranged",
        message: "以后由会员管家服务",
        confirmed: tried.move + tried.owner,
      },
    })
    const states = async () => (await owner(readTransfer, { params: { id } })).customers
    await until(async () => (await states()).waiting === tried.move, 20_000)
    await company.sandbox("POST", "clock", { step_ms: 25 * 3_600_000 })
    const ended = await until(async () => {
      const now = await states()
      return now.planned + now.asked + now.waiting === 0 ? now : null
    }, 30_000)
    expect(ended.refused).toBeGreaterThan(0)
    expect(ended.refused + ended.done).toBe(tried.move + tried.owner)
    const owners = await Promise.all(
      who.customer_ids.map(
        async (customer) => (await owner(readCustomer, { params: { id: customer } })).owner_name,
      ),
    )
    const moved = owners.filter((name) => name === member.custodian_name)
    expect(moved.length).toBeLessThanOrEqual(who.customer_ids.length - ended.refused)
  })
})
