import { beforeAll, describe, expect, it } from "vitest"
import { rows } from "../../../platform/db.ts"
import { type Office, openOffice } from "../accounts.fixture.ts"

let office: Office
beforeAll(async () => {
  office = await openOffice()
})

const PERSONA = {
  nickname: "小禾",
  signature: "认真喝茶",
  background: "做了八年花茶",
  card: "禾苗优选 首席茶师",
  tone: "像朋友，不催单",
  taboo: "不谈疗效",
}

describe("the persona of an account", () => {
  it("is empty at first, kept as a keeper writes it, and read by whoever uses the account", async () => {
    const id = await office.account("人设 01", { function: "ip" })
    expect((await office.call("ying", "GET", `/${id}/persona`)).body).toMatchObject({
      persona: { nickname: "", taboo: "" },
      selling_percent: 20,
      checks: Array.from({ length: 6 }, () => ({ ok: null, by_name: null, at: null })),
    })
    expect((await office.call("ying", "PUT", `/${id}/persona`, PERSONA)).status).toBe(403)
    await office.call("keeper", "PUT", `/${id}/persona`, PERSONA)
    expect((await office.call("ying", "GET", `/${id}/persona`)).body.persona).toEqual(PERSONA)
  })

  it("each item of the first impression says who checked it and when; the last check counts, two at once are both kept", async () => {
    const id = await office.account("人设 02")
    const check = (who: "keeper" | "second", item: string, ok: boolean) =>
      office.call(who, "POST", `/${id}/persona/checks`, { item, ok, note: ok ? "" : "像广告" })
    await check("keeper", "avatar", false)
    await Promise.all([check("second", "avatar", true), check("keeper", "cover", true)])
    const { checks } = (await office.call("ying", "GET", `/${id}/persona`)).body as unknown as {
      checks: { item: string }[]
    }
    expect(checks.filter((c) => ["avatar", "cover"].includes(c.item))).toMatchObject([
      { item: "avatar", ok: true, by_name: "孙保管", at: "2026-11-23T04:00:00.000Z" },
      { item: "cover", ok: true, by_name: "钱保管" },
    ])
    expect((await check("keeper", "smell", true)).body).toMatchObject({
      code: "invalid_input",
      field: "item",
    })
    const kept = await rows(office.db, "select from platform_audit where target = $1", [`account:${id}`])
    expect(kept).toHaveLength(3)
  })
})
