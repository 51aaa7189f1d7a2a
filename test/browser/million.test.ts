import { beforeAll, describe, expect, it } from "vitest"
import { listTags } from "../../src/modules/tags/contract.ts"
import { oneRow, rows } from "../../src/platform/db.ts"
import { fillCustomers } from "../customers.ts"
import { type Desk, expectAccessible, openDesk, settled, signIn } from "./console.ts"

const ASKED = process.env.SIYU_MILLION ?? ""
if (!ASKED) console.warn("SIYU_MILLION is not set: the console was NOT looked at with a million customers")
/** To make so many takes its time: only where somebody asks for it. That it was not done is said above. */
const asked = describe.runIf(ASKED !== "")

const MADE = 1_000_000
/** What lists, rules and the page of numbers ask of everybody. */
const TRAITS = [
  "customers.stage",
  "customers.standing",
  "customers.activity",
  "customers.region",
  "customers.accounts",
  "orders.count",
  "orders.goods_count",
  "orders.gmv_fen",
  "orders.last_day",
  "orders.rfm_r",
  "orders.rfm_f",
  "points.balance",
  "tags.all",
]
const PAGE_ROWS = 50
/** A million are asked, on a machine that has other things to do. */
const PATIENCE = { timeout: 60_000 }
const SIDEWAYS = () => document.documentElement.scrollWidth - document.documentElement.clientWidth
const said = (n: number) => n.toLocaleString("en")

let desk: Desk
let everybody: number

const people = () => desk.page.getByRole("table").locator("tbody a.name")
const bar = () => desk.page.getByRole("region", { name: /^已选/ })
const pager = () => desk.page.locator(".pager")

async function list(): Promise<(string | null)[]> {
  await desk.page.locator(".table-body:not(.is-refreshing)").waitFor(PATIENCE)
  await settled(desk.page)
  return people().evaluateAll((links) => links.map((link) => link.getAttribute("href")))
}

const count = async (sql: string, params: unknown[] = []) =>
  (await oneRow<{ n: number }>(desk.company.db, `select count(*) as n from ${sql}`, params)).n

async function fitsEveryWidth(where: string): Promise<void> {
  const { page } = desk
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 900 })
    // A chart draws itself anew a moment after the window has changed.
    await expect
      .poll(() => page.evaluate(SIDEWAYS), { message: `${where} at ${width}` })
      .toBeLessThanOrEqual(0)
  }
}

asked("a company of a million customers", () => {
  beforeAll(async () => {
    desk = await openDesk({ size: 60 })
    const { db } = desk.company
    const ids = async (sql: string) => (await rows<{ id: string }>(db, sql)).map((row) => row.id)
    const accounts = await ids("select id from accounts_accounts order by id")
    const tags = await ids("select id from tags_tags where retired_at is null order by id")
    await fillCustomers(db, MADE, { traits: TRAITS, accounts, tags })
    everybody = await count("customers_customers")
    await signIn(desk)
  }, 600_000)

  it("is paged through and sorted by money spent, and nobody stands twice or out of order", async () => {
    const { page, company } = desk
    await desk.open("/customers")
    await page.getByText("超过 10,000 条", { exact: true }).waitFor()
    const newest = await list()
    await pager().getByRole("button", { name: "更早" }).click()
    await pager().getByText("第 2 页").waitFor()
    await expect.poll(list).not.toEqual(newest)
    const second = await list()
    expect(new Set([...newest, ...second]).size).toBe(2 * PAGE_ROWS)
    await fitsEveryWidth("the list")

    await page.getByRole("columnheader", { name: "累计成交" }).getByRole("button").click()
    await page.waitForURL(/sort=-gmv/)
    // The address is there before the rows are.
    await page.locator("th[aria-sort=descending]", { hasText: "累计成交" }).waitFor()
    await expect.poll(list).not.toEqual(second)
    const pages = [await list()]
    await pager().getByRole("button", { name: "下一页" }).click()
    await pager().getByText("第 2 页").waitFor()
    await expect.poll(list).not.toEqual(pages[0])
    pages.push(await list())
    const richest = await rows<{ id: string }>(
      company.db,
      `select customer_id as id from traits_customers order by "orders.gmv_fen" desc nulls last, number desc limit $1`,
      [2 * PAGE_ROWS],
    )
    expect(pages.flat()).toEqual(richest.map(({ id }) => `/customers/${id}`))
    await fitsEveryWidth("the sorted list")
  })

  it("one person among them is found by pinyin, in the list and from anywhere; four digits show only those who have them", async () => {
    const { page, company } = desk
    const [one] = await rows<{ name: string; pinyin: string; last4: string }>(
      company.db,
      `select name, name_pinyin as pinyin, phone_last4 as last4 from customers_customers c
       where name not like '客户%' and phone_last4 is not null and length(name) > 1
         and not exists (select 1 from customers_customers o where o.id <> c.id and o.name_pinyin like c.name_pinyin || '%')
       order by number limit 1`,
    )
    expect(one).toBeDefined()
    const field = page.getByLabel("姓名、拼音、手机尾号")
    await desk.open("/customers")
    await field.fill(one!.pinyin)
    await page.waitForURL(/q=/)
    await page.getByText("共 1 条", { exact: true }).waitFor(PATIENCE)
    expect(await people().count()).toBe(1)
    expect(await page.getByRole("table").textContent()).toContain(one!.name)
    await field.fill(one!.last4)
    const sharing = await count("customers_customers where phone_last4 = $1", [one!.last4])
    await page.getByText(`共 ${said(sharing)} 条`, { exact: true }).waitFor(PATIENCE)
    await page.keyboard.press("Control+K")
    const dialog = page.getByRole("dialog", { name: "搜索客户、页面和操作" })
    await dialog.getByRole("combobox").fill(one!.pinyin)
    await dialog.getByRole("option", { name: one!.name }).first().waitFor(PATIENCE)
    await page.keyboard.press("Escape")
  })

  it("all of them are selected by the true number; what cannot be done to so many says so before it is tried", async () => {
    const { page } = desk
    await desk.open("/customers")
    await list()
    await page.getByRole("table").getByRole("checkbox").first().click()
    await bar().getByRole("button", { name: "选择符合条件的全部", exact: true }).click()
    await bar()
      .getByText(`已选符合条件的全部 ${said(everybody)} 条`)
      .waitFor(PATIENCE)
    await bar().getByText("一次最多处理 50,000 人，请先缩小筛选范围。").waitFor()
    for (const name of ["加标签", "去掉标签", "存为人群"])
      expect(await bar().getByRole("button", { name }).isDisabled(), name).toBe(true)
    await bar()
      .getByRole("button", { name: `导出这 ${said(everybody)} 人` })
      .waitFor()
    await fitsEveryWidth("the selection")
    await expectAccessible(page)
  })

  it("a filter leaves as many as can be tagged at once, and each of them gets the tag", async () => {
    const { page, company } = desk
    const { groups } = await (await company.as())(listTags, {})
    const group = groups.find((one) => !one.exclusive && one.tags.length > 0)!
    const tag = group.tags[0]!
    await desk.open("/customers?stage=partner")
    await list()
    const partners = await count(`traits_customers where "customers.stage" = 'partner'`)
    await page.getByRole("table").getByRole("checkbox").first().click()
    await bar()
      .getByRole("button", { name: /^选择符合条件的全部/ })
      .click()
    await bar()
      .getByText(`已选符合条件的全部 ${said(partners)} 条`)
      .waitFor(PATIENCE)
    await bar().getByRole("button", { name: "加标签" }).click()
    const form = page.getByRole("dialog", { name: `给 ${said(partners)} 人加标签` })
    await form.getByRole("combobox").click()
    await page.keyboard.type(tag.name)
    await page.keyboard.press("Enter")
    await form.getByRole("button", { name: `给 ${said(partners)} 人加标签` }).click()
    await page.getByText(`已给 ${said(partners)} 人加上标签`).waitFor(PATIENCE)
    expect(await count("tags_assignments where tag_id = $1", [tag.id])).toBe(partners)
  }, 120_000)

  it("a rule counts them while it is typed, and a send says how many it reaches, in how many days, and why not the rest", async () => {
    const { page } = desk
    const paid = await count(`traits_customers where "orders.goods_count" >= 1`)
    await desk.open("/segments/new")
    const rail = page.getByRole("complementary", { name: "人数" })
    await expect.poll(() => rail.innerText(), PATIENCE).toContain(said(everybody))
    await page.getByRole("combobox", { name: "添加条件" }).click()
    await page.keyboard.type("已付费")
    await page.keyboard.press("Enter")
    await expect.poll(() => rail.innerText(), PATIENCE).toContain(said(paid))
    await fitsEveryWidth("the builder")
    await page.getByLabel("人群名称").fill("付过费的人")
    await page.getByRole("button", { name: "保存人群" }).click()
    await page.getByRole("heading", { level: 1, name: "修改人群" }).waitFor()

    await page.getByRole("button", { name: "给这群人群发" }).click()
    await page.getByRole("button", { name: "下一步" }).click()
    await page.getByLabel("名称").fill("给所有人")
    await page.getByLabel("内容", { exact: true }).fill("您好，{{name}}")
    await page.getByRole("button", { name: "下一步" }).click()
    await page.getByRole("button", { name: "试算" }).click()
    await page.getByText(`人群共 ${said(paid)} 人`).waitFor(PATIENCE)
    const reached = await page.getByRole("heading", { name: /^能触达/ }).innerText()
    await page
      .getByText(new RegExp(`将发送给 ${reached.replace(/[^\d,]/g, "")} 人，分 [\\d,]+ 份，预计 \\d+ 天`))
      .waitFor()
    const why = page.getByRole("table", { name: "不会发给的人" })
    const left = (await why.locator("tbody td.num").allInnerTexts()).map((text) =>
      Number(text.replaceAll(",", "")),
    )
    expect(left.reduce((a, b) => a + b, 0) + Number(reached.replace(/\D/g, ""))).toBe(paid)
    await fitsEveryWidth("the dry run")
  }, 180_000)

  it("the page of numbers says how many stand on each step, and the list of accounts how many each is friends with", async () => {
    const { page } = desk
    const classed = await count(`traits_customers where "customers.stage" is not null`)
    await desk.open("/data")
    const ladder = page.getByRole("region", { name: "客户阶梯" })
    await ladder.getByText(`现有客户共 ${said(classed)} 人`).waitFor(PATIENCE)
    await ladder.getByRole("button", { name: "表格" }).click()
    const prospects = await count(`traits_customers where "customers.stage" = 'prospect'`)
    await ladder
      .getByRole("row", { name: /潜在客户/ })
      .getByText(said(prospects))
      .waitFor()
    await fitsEveryWidth("the page of numbers")
    await desk.open("/accounts")
    await settled(page)
    const friends = await count("customers_contacts where removed_at is null")
    await page.getByRole("table").getByRole("cell").first().waitFor(PATIENCE)
    const cells = await page.getByRole("table").getByRole("cell").allInnerTexts()
    const numbers = cells.filter((text) => /^\d{3},\d{3}$/.test(text))
    expect(numbers.length).toBeGreaterThan(1)
    expect(numbers.reduce((sum, text) => sum + Number(text.replace(",", "")), 0)).toBeLessThanOrEqual(friends)
    await fitsEveryWidth("the accounts")
    expect(desk.complaints).toEqual([])
  })
})
