import { beforeAll, describe, expect, it } from "vitest"
import { rows } from "../../../platform/db.ts"
import { type Office, openOffice } from "../accounts.fixture.ts"
import { IMPRESSION_ITEMS } from "../persona/contract.ts"

let office: Office
beforeAll(async () => {
  office = await openOffice()
})
const matrix = async () =>
  (await office.call("ying", "GET", "/functions")).body.rows as unknown as {
    function: string
    accounts: number
  }[]
const countOf = async (fn: string) => (await matrix()).find((r) => r.function === fn)

describe("one account in several functions", () => {
  it("is found and counted under each, and what it may sell is what the freest of them allows", async () => {
    const id = await office.account("一人店 01", { function: "ip" })
    const before = (await matrix()).map((r) => r.accounts)
    const asked = { function: "ip", also_functions: ["member", "ip", "sales", "member"] }
    expect((await office.call("ying", "POST", `/${id}/functions`, asked)).status).toBe(403)
    expect((await office.call("keeper", "POST", `/${id}/functions`, asked)).body).toEqual({
      function: "ip",
      also_functions: ["sales", "member"],
    })
    expect((await matrix()).map((r, i) => r.accounts - before[i]!)).toEqual([0, 1, 1, 0])
    const found = await office.call("ying", "GET", "?function=member")
    expect((found.body.rows as unknown as { id: string }[]).map((r) => r.id)).toContain(id)
    expect((await office.call("ying", "GET", `/${id}/persona`)).body.selling_percent).toBe(100)
    const told = await rows<{ payload: object }>(
      office.db,
      "select payload from facts where type = 'account.functions_changed' and subject = $1",
      [id],
    )
    expect(told).toMatchObject([{ payload: { functions: ["ip", "sales", "member"] } }])
  })

  it("told the same again nothing is written, and an unknown function is refused by its field", async () => {
    const id = await office.account("一人店 02", { function: "sales" })
    const same = { function: "sales", also_functions: [] }
    expect((await office.call("keeper", "POST", `/${id}/functions`, same)).body).toEqual(same)
    expect(
      await rows(office.db, "select from facts where type = 'account.functions_changed' and subject = $1", [
        id,
      ]),
    ).toEqual([])
    expect(
      (await office.call("keeper", "POST", `/${id}/functions`, { ...same, function: "boss" })).body,
    ).toMatchObject({ code: "invalid_input", field: "function" })
  })

  it("the matrix counts a first impression as good only when every item was checked and found good", async () => {
    const id = await office.account("代理号 01", { function: "agent", state: "in_use" })
    for (const item of IMPRESSION_ITEMS.slice(1))
      await office.call("keeper", "POST", `/${id}/persona/checks`, { item, ok: true, note: "" })
    expect(await countOf("agent")).toMatchObject({ in_use: 1, usable: 1, impression_good: 0 })
    const last = { item: IMPRESSION_ITEMS[0], ok: true, note: "" }
    await office.call("keeper", "POST", `/${id}/persona/checks`, last)
    expect(await countOf("agent")).toMatchObject({ impression_good: 1, hands_over_to: null })
  })
})
