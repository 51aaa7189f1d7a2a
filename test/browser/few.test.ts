import { beforeAll, describe, expect, it } from "vitest"
import { listCustomers } from "../../src/modules/customers/contract.ts"
import { type Desk, expectAccessible, openDesk, settled, signIn } from "./console.ts"
import { PAGES } from "./page-list.ts"

/** Lists that hold nothing on the first day: what each says it is waiting for, and what there is to do. */
const EMPTY: readonly (readonly [path: string, title: string, next: RegExp])[] = [
  ["/today", "现在没有等你做的事", /剧本、群发和引荐/],
  ["/customers", "还没有客户", /会自动出现在这里/],
  ["/customers/duplicates", "没有疑似重复的客户", /会出现在这里等人判断/],
  ["/segments", "还没有人群", /新建人群/],
  ["/sends", "还没有群发", /新建群发/],
  ["/groups", "还没有社群", /同步之后就会出现在这里/],
  ["/codes", "还没有渠道码", /新建渠道码/],
  ["/orders", "还没有订单", /从文件导入/],
  ["/imports", "还没有导入过文件", /导入/],
  ["/accounts", "还没有功能账号", /接好企业微信后/],
  ["/accounts/requests", "还没有用号申请", /申请用号/],
  ["/accounts/findings", "没有账号问题", /会出现在这里/],
  ["/accounts/stocktakes", "还没有盘点过", /开始盘点/],
  ["/tokens", "还没有令牌", /新建令牌/],
]
const ONE = "客户,下单时间,金额\n沈晚晴,2026-11-02,128.00\n"
const SIDEWAYS = () => document.documentElement.scrollWidth - document.documentElement.clientWidth

let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ empty: true })
  await signIn(desk)
}, 120_000)

describe("a company on its first day", () => {
  it("no page is broken or blank for having nothing to show", async () => {
    const { page } = desk
    for (const [path, heading] of PAGES) {
      await desk.walk(path)
      expect(await page.getByRole("heading", { level: 1 }).first().textContent(), path).toBe(heading)
      const main = await page.getByRole("main").innerText()
      expect(main, path).not.toMatch(/NaN|undefined|Infinity|\[object|没能载入/)
    }
  })

  it("a list without rows says what it waits for and what to do next", async () => {
    const { page } = desk
    for (const [path, title, next] of EMPTY) {
      await desk.walk(path)
      const said = page.getByRole("status").filter({ has: page.getByRole("heading", { name: title }) })
      await said.waitFor()
      expect(await said.innerText(), path).toMatch(next)
    }
  })

  it("a rule that finds nobody says so, and a chart without data stays readable", async () => {
    const { page } = desk
    await desk.walk("/segments/new")
    const rail = page.getByRole("complementary", { name: "人数" })
    await expect.poll(() => rail.innerText()).toMatch(/^人数\s+0\s/)
    await desk.walk("/data")
    expect(await page.getByRole("main").innerText()).toContain("—")
    await expectAccessible(page)
  })
})

describe("the first customer", () => {
  it("comes in with a file of one row, and stands in the list as one", async () => {
    const { page, company } = desk
    await desk.walk("/imports/new?kind=orders")
    await page.getByLabel("选择表格文件").setInputFiles({
      name: "第一单.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(ONE),
    })
    await page.getByRole("button", { name: "预检" }).click()
    await page.getByRole("button", { name: "导入 1 行" }).click()
    await page.getByText("导入完成").waitFor()
    const owner = await company.as()
    // What they bought is known to the lists a moment later.
    await expect
      .poll(async () => (await owner(listCustomers, { query: {} })).rows[0]?.traits["orders.count"])
      .toBe(1)
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 })
      await desk.open("/customers")
      await page.getByText("共 1 条", { exact: true }).waitFor()
      expect(await page.getByRole("table").locator("tbody a.name").allTextContents()).toEqual(["沈晚晴"])
      expect(await page.getByRole("button", { name: "更早" }).count()).toBe(0)
      expect(await page.evaluate(SIDEWAYS), `list at ${width}`).toBeLessThanOrEqual(0)
    }
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.getByRole("row").filter({ hasText: "沈晚晴" }).getByText("¥128.00").waitFor()
    await expectAccessible(page)
  })

  it("is the one that a rule finds, and the one that a page of numbers and of orders shows", async () => {
    const { page } = desk
    await desk.walk("/segments/new")
    const rail = page.getByRole("complementary", { name: "人数" })
    await expect.poll(() => rail.innerText()).toMatch(/^人数\s+1\s/)
    await page.getByRole("combobox", { name: "添加条件" }).click()
    await page.keyboard.type("已付费")
    await page.keyboard.press("Enter")
    await expect.poll(() => rail.innerText()).toMatch(/^人数\s+1\s[\s\S]*已付费[\s\S]*沈晚晴/)
    await desk.walk("/orders")
    await page.getByRole("cell", { name: "¥128.00" }).first().waitFor()
    expect(await page.getByRole("table").locator("tbody tr").count()).toBe(1)
    await desk.open("/data?days=365")
    const numbers = page.getByRole("region", { name: "关键数字" })
    await expect.poll(() => numbers.innerText()).toMatch(/成交额\s+¥128\.00[\s\S]*订单数\s+1\s/)
    const ladder = page.getByRole("region", { name: "客户阶梯" })
    await ladder.getByText("现有客户共 1 人").waitFor()
    await settled(page)
    await expectAccessible(page)
  })

  it("no page complained to the developer's console", () => {
    expect(desk.complaints).toEqual([])
  })
})
