import { beforeAll, describe, expect, it } from "vitest"
import { rows } from "../../../platform/db.ts"
import { type Office, openOffice, type Person } from "../accounts.fixture.ts"

let office: Office
let accounts: string[]
beforeAll(async () => {
  office = await openOffice()
  accounts = []
  for (let n = 1; n <= 10; n++)
    accounts.push(
      await office.account(`盘点 ${String(n).padStart(2, "0")}`, {
        custodian_staff_id: n === 10 ? office.id.second : office.id.ying,
      }),
    )
  await office.account("已停用", { state: "retired" })
  await office.account("还没注册", { state: "requested" })
})

const open = (name: string) => office.call("keeper", "POST", "/stocktakes", { name, due_on: "2026-11-30" })
const count = (who: Person, take: unknown, account: string, more: object = {}) =>
  office.call(who, "POST", `/stocktakes/${take}/lines/${account}`, {
    custodian_staff_id: office.id.ying,
    friends: 1_000,
    tags_ok: true,
    backup_on: "2026-11-20",
    ...more,
  })
const close = (take: unknown) => office.call("second", "POST", `/stocktakes/${take}/close`)
const read = async (take: unknown) =>
  (await office.call("ying", "GET", `/stocktakes/${take}`)).body as unknown as {
    coverage: number
    missing: number
    findings: number
    expected: number
    lines: { account_id: string; expected_custodian_name: string; expected_friends: number; own: boolean }[]
  }

describe("a stocktake", () => {
  it("of 10 with 7 counted and 1 in other hands: 70 % covered, 3 missing, 1 finding, each somebody's with a day", async () => {
    const take = (await open("十一月盘点")).body.id
    expect(await read(take)).toMatchObject({ expected: 10, coverage: 0 })
    for (const account of accounts.slice(0, 6))
      expect((await count("keeper", take, account)).body).toEqual({ differences: [] })
    expect((await count("keeper", take, accounts[6]!, { custodian_staff_id: office.id.lan })).body).toEqual({
      differences: ["custodian_mismatch"],
    })
    expect(await read(take)).toMatchObject({ coverage: 70, missing: 3, findings: 1 })
    expect((await close(take)).body).toEqual({ id: take, coverage: 70, missing: 3, findings: 1 })
    expect(await read(take)).toMatchObject({ state: "closed", coverage: 70, missing: 3, findings: 1 })
    const { rows: found } = (await office.call("ying", "GET", `/findings?stocktake_id=${take}`))
      .body as unknown as {
      rows: { id: string; kind: string; account_id: string }[]
    }
    expect(found.map((f) => f.kind).sort()).toEqual(["custodian_mismatch", "missing", "missing", "missing"])
    for (const one of found)
      expect(one).toMatchObject({ owner_name: "钱保管", due_on: "2026-11-30", late: false })
    expect(
      found
        .filter((f) => f.kind === "missing")
        .map((f) => f.account_id)
        .sort(),
    ).toEqual(accounts.slice(7).sort())
    const settle = `/findings/${found.find((f) => f.account_id === accounts[9])!.id}/settle`
    expect((await office.call("second", "POST", settle, { note: "在我这" })).body).toMatchObject({
      code: "self_check",
    })
    expect((await office.call("keeper", "POST", settle, { note: "在孙保管手里看到了" })).status).toBe(200)
    expect((await office.call("keeper", "POST", settle, { note: "再处理一次" })).body).toMatchObject({
      code: "already_settled",
    })
  })

  it("keeps what was expected at its beginning, whatever happens to an account meanwhile", async () => {
    const take = (await open("冻结")).body.id
    await office.call("keeper", "POST", `/${accounts[0]}/hand-over`, {
      staff_id: office.id.lan,
      from_staff_id: office.id.ying,
    })
    const line = (await read(take)).lines.find((l) => l.account_id === accounts[0])
    expect(line).toMatchObject({ expected_custodian_name: "林小英", expected_friends: 1_000, own: true })
    expect((await open("第二次")).body).toMatchObject({
      code: "stocktake_open",
      detail: { stocktake: "冻结" },
    })
    await close(take)
  })

  it("is not counted by whoever holds the account, then or now; a small team may, and it is marked", async () => {
    const take = (await open("自查")).body.id
    expect((await count("second", take, accounts[9]!)).body).toMatchObject({ code: "self_check" })
    const shown = async () =>
      (
        (await office.call("second", "GET", `/stocktakes/${take}`)).body as unknown as {
          lines: { account_id: string; own: boolean }[]
        }
      ).lines.find((l) => l.account_id === accounts[9])?.own
    expect(await shown()).toBe(true)
    await office.call("owner", "PUT", "/settings", { small_team: true })
    // the page offers it to them then
    expect(await shown()).toBe(false)
    expect((await count("second", take, accounts[9]!, { custodian_staff_id: office.id.second })).status).toBe(
      200,
    )
    const line = (await read(take)).lines.find((l) => l.account_id === accounts[9])
    expect(line).toMatchObject({ self_checked: true, counted_by_name: "孙保管" })
    await office.call("owner", "PUT", "/settings", {})
    await close(take)
  })

  it("of two who count one account at the same moment one is told whose count is there already, and counts again knowing it", async () => {
    const take = (await open("同时盘")).body.id
    const [account] = accounts
    const both = await Promise.all([
      count("keeper", take, account!, { friends: 1_000 }),
      count("second", take, account!, { friends: 900 }),
    ])
    expect(both.map((b) => b.status).sort()).toEqual([200, 409])
    const first = both[0]!.status === 200 ? "keeper" : "second"
    const told = both.find((b) => b.status === 409)!
    expect(told.body).toMatchObject({
      code: "counted_meanwhile",
      detail: { by: office.id[first], friends: first === "keeper" ? 1_000 : 900 },
    })
    const { at } = told.body.detail as unknown as { at: string }
    const slower = first === "keeper" ? "second" : "keeper"
    expect((await count(slower, take, account!, { friends: 900, counted_at: at })).status).toBe(200)
    expect((await read(take)).lines.find((l) => l.account_id === account)).toMatchObject({
      counted_by_name: slower === "keeper" ? "钱保管" : "孙保管",
      friends: 900,
      differences: expect.arrayContaining(["friends_off"]),
    })
    await close(take)
  })

  it("gives what was found of an account to somebody who does not hold it: the first keeper's goes to the other", async () => {
    const own = await office.account("保管自己拿着", { custodian_staff_id: office.id.keeper })
    const take = (await open("谁来处理")).body.id
    await close(take)
    const { rows: found } = (await office.call("ying", "GET", `/findings?stocktake_id=${take}`))
      .body as unknown as { rows: { id: string; account_id: string; owner_name: string }[] }
    const one = found.find((f) => f.account_id === own)!
    expect(one.owner_name).toBe("孙保管")
    const settle = `/findings/${one.id}/settle`
    expect((await office.call("keeper", "POST", settle, { note: "在我手里" })).body).toMatchObject({
      code: "self_check",
    })
    expect((await office.call("second", "POST", settle, { note: "看到了" })).status).toBe(200)
    await office.call("owner", "POST", `/${own}/write-off`, { reason: "测试完" })
  })

  it("closed while counts come in: each count is in the result or told that it is over, and none is lost between", async () => {
    const take = (await open("边盘边关")).body.id
    const answers = await Promise.all([
      ...accounts.slice(1, 9).map((account) => count("keeper", take, account)),
      close(take),
    ])
    const closed = answers.at(-1)!
    const counts = answers.slice(0, -1)
    expect(closed.status).toBe(200)
    for (const one of counts)
      if (one.status !== 200) expect(one).toMatchObject({ status: 409, body: { code: "stocktake_closed" } })
    const taken = counts.filter((c) => c.status === 200).length
    expect(closed.body).toMatchObject({ missing: 10 - taken, coverage: taken * 10 })
    expect(await read(take)).toMatchObject({ missing: 10 - taken })
    expect((await close(take)).body).toMatchObject({ code: "stocktake_closed" })
    expect((await count("keeper", take, accounts[1]!)).body).toMatchObject({ code: "stocktake_closed" })
  })

  it("refuses what cannot be: a day that is over, a backup of tomorrow, an account that was not expected", async () => {
    expect(
      (await office.call("keeper", "POST", "/stocktakes", { name: "迟了", due_on: "2026-11-22" })).body,
    ).toMatchObject({
      code: "day_over",
    })
    const take = (await open("坏输入")).body.id
    expect((await count("keeper", take, accounts[1]!, { backup_on: "2026-11-24" })).body).toMatchObject({
      code: "day_later",
    })
    expect((await count("keeper", take, office.id.ying)).status).toBe(404)
    expect(
      (await count("keeper", take, accounts[1]!, { custodian_staff_id: accounts[1] })).body,
    ).toMatchObject({
      code: "staff_unknown",
    })
    expect((await count("keeper", take, accounts[1]!, { friends: -1 })).body).toMatchObject({
      code: "invalid_input",
    })
    expect((await count("ying", take, accounts[1]!)).status).toBe(403)
    const traces = await rows(
      office.db,
      "select from accounts_stocktake_lines where stocktake_id = $1 and counted_at is not null",
      [take],
    )
    expect(traces).toEqual([])
  })
})
