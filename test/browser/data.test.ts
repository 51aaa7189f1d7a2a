import { beforeAll, describe, expect, it } from "vitest"
import { readGoals, setGoals } from "../../src/modules/analytics/goals/contract.ts"
import { countCustomers } from "../../src/modules/customers/contract.ts"
import { type Desk, expectAccessible, openDesk, signIn } from "./console.ts"

let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ size: 80, scenario: "lively" })
  await signIn(desk)
}, 120_000)

describe("the page of numbers", () => {
  it("takes the month's goals and says how far they are; what is left empty is no goal", async () => {
    const { page, company } = desk
    await desk.open("/data")
    const card = page.getByRole("region", { name: "本月目标" })
    await card.getByText("还没有设目标").waitFor()
    await card.getByRole("button", { name: "设目标" }).click()
    const drawer = page.getByRole("dialog", { name: /设定 \d{4}-\d{2} 的目标/ })
    await drawer.getByLabel("净成交额").fill("12345.6")
    await drawer.getByLabel("新增客户").fill("200")
    await expectAccessible(page)
    await drawer.getByRole("button", { name: "保存目标" }).click()
    await drawer.waitFor({ state: "hidden" })
    const table = card.getByRole("table", { name: "本月目标" })
    await table.getByRole("cell", { name: "¥12,345.60" }).waitFor()
    expect(await table.getByRole("row").count()).toBe(3)
    await expectAccessible(page)
    const { goals } = await (await company.as())(readGoals, {})
    expect(goals.map((goal) => [goal.measure, goal.target])).toEqual([
      ["net_gmv_fen", 1_234_560],
      ["orders", null],
      ["customers_new", 200],
    ])
  })

  it("two who set the goals at once: the second is told what the first set, keeps what was typed, and may put either over", async () => {
    const { page, company } = desk
    const owner = await company.as()
    const orders = async () =>
      (await owner(readGoals, {})).goals.find((goal) => goal.measure === "orders")?.target
    const { month } = await owner(readGoals, {})
    const typed = page.getByRole("dialog").getByLabel("订单数")
    const again = async (mine: number, theirs: number) => {
      await desk.open("/data")
      await page.getByRole("button", { name: "设目标" }).click()
      await typed.fill(String(mine))
      await owner(setGoals, { body: { month, targets: { orders: theirs } } })
      await page.getByRole("button", { name: "保存目标" }).click()
      const told = page.getByRole("alert").filter({ hasText: "别人刚保存了新的目标" })
      await told.getByText(`订单数 ${theirs}`).waitFor()
      expect(await typed.inputValue()).toBe(String(mine))
      expect(await orders()).toBe(theirs)
      return told
    }
    const told = await again(50, 70)
    await expectAccessible(page)
    await told.getByRole("button", { name: "用我的覆盖" }).click()
    await expect.poll(orders).toBe(50)
    await (await again(60, 80)).getByRole("button", { name: "改用对方的" }).click()
    expect(await typed.inputValue()).toBe("80")
    await page.getByRole("button", { name: "保存目标" }).click()
    await page.getByText("目标已保存").last().waitFor()
    expect(await orders()).toBe(80)
    desk.complaints.length = 0
  })

  it("leads from a number to what it is made of, of the same days", async () => {
    const { page } = desk
    await desk.open("/data?days=7")
    await page.getByRole("button", { name: /^成交额/ }).click()
    await page.getByRole("link", { name: "看这些天的订单" }).click()
    await page.getByRole("heading", { level: 1, name: "订单" }).waitFor()
    const { searchParams } = new URL(page.url())
    const days =
      (Date.parse(searchParams.get("to") ?? "") - Date.parse(searchParams.get("from") ?? "")) / 86_400_000
    expect(days).toBe(6)
    await page.getByRole("table").waitFor()
  })

  it("tells of the day that a line is pointed at", async () => {
    const { page } = desk
    await desk.open("/data?days=7")
    const drawing = page.getByRole("img", { name: "走势" })
    await drawing.locator("canvas").waitFor()
    await drawing.hover()
    await drawing.getByText(/\d{2}-\d{2}/).waitFor()
    await drawing.getByText(/¥[\d,]+\.\d{2}/).waitFor()
  })

  it("leads from the contacts lost to those who left, and to nobody else", async () => {
    const { page, company } = desk
    await desk.open("/data?days=365")
    await page.getByRole("button", { name: /^流失好友/ }).click()
    await page.getByRole("link", { name: "看这些天流失的客户" }).click()
    await page.getByRole("heading", { level: 1, name: "客户" }).waitFor()
    const { searchParams } = new URL(page.url())
    const days = { left_from: searchParams.get("left_from")!, left_to: searchParams.get("left_to")! }
    const owner = await company.as()
    const { people } = await owner(countCustomers, { query: days })
    const { people: everybody } = await owner(countCustomers, {})
    expect(people).toBeLessThan(everybody)
    expect(await page.getByLabel("流失日期从").inputValue()).toBe(days.left_from)
    await page
      .getByText(people === 0 ? "没有符合条件的客户" : `共 ${people} 条`)
      .first()
      .waitFor()
  })

  it("says when groups speak, as a picture and as a table", async () => {
    const { page } = desk
    await desk.open("/data?days=365")
    const card = page.getByRole("region", { name: "社群活跃时段" })
    await expect.poll(() => card.textContent(), { timeout: 30_000 }).toMatch(/发言最多，共 [\d,]+ 条/)
    await card.getByRole("button", { name: "表格" }).click()
    await card
      .getByRole("row", { name: /周.*\d{2}:00/ })
      .first()
      .waitFor()
    expect(desk.complaints).toEqual([])
  })
})
