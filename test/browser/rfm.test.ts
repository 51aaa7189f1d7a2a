import { beforeAll, describe, expect, it } from "vitest"
import { readRfm } from "../../src/modules/orders/rfm/contract.ts"
import { until } from "../../src/platform/testkit/index.ts"
import { type Desk, expectAccessible, openDesk, settled, signIn } from "./console.ts"

let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ size: 80 })
  const owner = await desk.company.as()
  await until(async () => (await owner(readRfm, {})).now.cuts?.computed_at != null, 60_000)
  await signIn(desk)
}, 120_000)

describe("from RFM to a message", () => {
  it("a segment is looked at, its people are kept as a segment, and the send begins with them chosen", async () => {
    const { page, company } = desk
    await desk.open("/data/rfm")
    const card = page.getByRole("region", { name: "八个分群" })
    const { now } = await (await company.as())(readRfm, {})
    const fullest = [...now.segments].sort((a, b) => b.customers - a.customers)[0]!
    await card.getByRole("row", { name: new RegExp(`${fullest.label.zh}.*${fullest.customers}`) }).waitFor()
    await expectAccessible(page)
    await card.getByRole("link", { name: fullest.label.zh }).click()
    await page.getByRole("heading", { level: 1, name: "新建人群" }).waitFor()
    expect(await page.getByLabel("人群名称").inputValue()).toBe(fullest.label.zh)
    const live = page.getByRole("complementary", { name: "人数" })
    await live.getByText(`RFM 属于${fullest.label.zh}`).waitFor()
    await live.getByText(String(fullest.customers), { exact: true }).waitFor()
    await page.getByRole("button", { name: "保存人群" }).click()
    await page.getByRole("button", { name: "给这群人群发" }).click()
    await page.getByRole("heading", { level: 1, name: "新建群发" }).waitFor()
    await page.getByText(fullest.label.zh).first().waitFor()
  })

  it("a cell of the cube leads to as many people as it shows, and the same stands in a table", async () => {
    const { page, company } = desk
    await desk.open("/data/rfm")
    const { now } = await (await company.as())(readRfm, {})
    const fullest = [...now.cells].sort((a, b) => b.customers - a.customers)[0]!
    const card = page.getByRole("region", { name: "R×F 分布" })
    await card.getByText("表格", { exact: true }).click()
    const row = card.getByRole("row", {
      name: new RegExp(`R${fullest.r} F${fullest.f} ${fullest.customers} `),
    })
    await row.getByRole("link").click()
    await page.getByRole("heading", { level: 1, name: "新建人群" }).waitFor()
    const live = page.getByRole("complementary", { name: "人数" })
    await live.getByText(String(fullest.customers), { exact: true }).waitFor()
  })

  it("two days are compared by their names in the address, and a day that was not kept is told so", async () => {
    const { page, company } = desk
    const { days } = await (await company.as())(readRfm, {})
    await desk.open(`/data/rfm?against=${days[0]}`)
    await page.getByText(`与 ${days[0]} 相比的增减`).waitFor()
    await page.getByRole("columnheader", { name: "人数增减" }).waitFor()
    await expectAccessible(page)
    await page.goto(`${company.origin}/data/rfm?against=2001-01-01`)
    await page.getByText("这一天没有留存 RFM").waitFor()
    await settled(page)
    desk.complaints.length = 0
  })
})
