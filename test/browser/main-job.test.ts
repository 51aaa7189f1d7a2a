import { beforeAll, describe, expect, it } from "vitest"
import { listCustomers } from "../../src/modules/customers/contract.ts"
import { saveStaff } from "../../src/modules/staff/contract.ts"
import { type Desk, expectAccessible, openDesk, settled, signIn } from "./console.ts"

const LEAD = { login: "second", password: "second-person-1" }
let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ size: 600 })
  await signIn(desk)
  await desk.page.getByRole("heading", { level: 1 }).waitFor()
}, 180_000)

/** Through the navigation, as somebody goes who knows no address. */
async function go(group: string, leaf?: string): Promise<void> {
  const navigation = desk.page.getByRole("navigation", { name: "主导航" })
  await navigation.getByText(group, { exact: true }).first().click()
  if (leaf) await navigation.getByRole("link", { name: leaf, exact: true }).click()
  await settled(desk.page)
}

async function choose(label: string, typed: string): Promise<void> {
  const { page } = desk
  await page.getByRole("combobox", { name: label, exact: true }).last().click()
  await page.keyboard.type(typed)
  await page.locator(".ant-select-item-option-active").filter({ hasText: typed }).waitFor()
  await page.keyboard.press("Enter")
}

/** docs/first-hour.md tells the same clicks in the same order. */
describe("the main job, by clicking only", () => {
  it("makes a code that welcomes, tags and names the source", async () => {
    const { page } = desk
    await go("触达", "渠道码")
    await page.getByRole("button", { name: "新建渠道码" }).first().click()
    const form = page.getByRole("dialog", { name: "新建渠道码" })
    await form.getByLabel("名称").fill("门店海报")
    await form.getByLabel("来源").fill("门店 01")
    await choose("接待账号", "禾苗")
    await page.keyboard.press("Escape")
    await choose("自动打标签", "宝妈")
    await page.keyboard.press("Escape")
    await form.getByLabel("欢迎语").fill("您好，我是小禾，门店的事都可以问我。")
    await form.getByRole("button", { name: "创建渠道码" }).click()
    const row = page.getByRole("row", { name: /门店海报/ })
    await row.getByText("使用中").waitFor()
    await row.getByText("宝妈").waitFor()
  })

  it("people scan it and buy; the customer stands there with source, tag, welcome, stage and points", async () => {
    const { page } = desk
    await go("设置", "沙盒")
    await choose("扫哪个码", "门店海报")
    await page.getByLabel("人数").fill("3")
    await page.getByRole("button", { name: "让 3 人扫码" }).click()
    await page.getByText("3 人扫了码").first().waitFor()
    // Whoever buys before their profile is known stands twice until a merge is decided: people take longer than that.
    const owner = await desk.company.as()
    await expect
      .poll(async () => {
        const { rows } = await owner(listCustomers, { query: { limit: 3 } })
        return rows.filter((one) => one.source_code !== null && one.name !== "").length
      })
      .toBe(3)
    await page.getByRole("button", { name: "让刚扫码的 3 人下单" }).click()
    await page.getByText("下了 3 单").first().waitFor()
    await go("客户", "客户列表")
    const newest = page.getByRole("table").getByRole("link").first()
    await expect
      .poll(
        async () => {
          await page.reload()
          await settled(page)
          return page.getByRole("row").nth(1).textContent()
        },
        { timeout: 30_000 },
      )
      .toMatch(/宝妈.*¥/)
    await newest.click()
    await page.getByRole("tab", { name: "轨迹" }).waitFor()
    const card = page.getByRole("complementary", { name: "客户概况" })
    await expect
      .poll(() => card.textContent(), { timeout: 15_000 })
      .toMatch(/阶段客户.*宝妈.*门店 01 · 门店海报/)
    await page.getByText("下单付款").first().waitFor()
    await page.getByRole("tab", { name: "触达" }).click()
    await page
      .getByText(/门店的事都可以问我/)
      .first()
      .waitFor()
    await page.getByRole("tab", { name: "积分" }).click()
    await page.getByText(/下单/).first().waitFor()
  })

  it("circles a segment with a live count, reads it as a sentence, and saves it", async () => {
    const { page } = desk
    await go("客户", "人群")
    await page.getByRole("button", { name: "新建人群" }).first().click()
    await choose("添加条件", "已付费")
    await choose("添加条件", "有标签")
    await choose("标签", "宝妈")
    await page.keyboard.press("Escape")
    const rail = page.getByRole("complementary", { name: "人数" })
    await expect.poll(() => rail.textContent(), { timeout: 15_000 }).toContain("已付费，且有标签")
    expect(await rail.textContent()).toMatch(/[1-9]/)
    await page.getByLabel("人群名称").fill("付过费的客户")
    await page.getByRole("button", { name: "保存人群" }).click()
    await page.getByRole("heading", { level: 1, name: "修改人群" }).waitFor()
    await settled(page)
    await expectAccessible(page)
  })

  it("writes to them, sees in the dry run who is left out, and submits", async () => {
    const { page } = desk
    await page.getByRole("button", { name: "给这群人群发" }).click()
    await page.getByRole("heading", { level: 1, name: "新建群发" }).waitFor()
    await page.getByText("付过费的客户").first().waitFor()
    await page.getByRole("button", { name: "下一步" }).click()
    await page.getByLabel("名称").fill("回访付费客户")
    await page.getByLabel("内容", { exact: true }).fill("{{name}}，新品到了，来看看。")
    await page.getByRole("button", { name: "下一步" }).click()
    await page.getByRole("button", { name: "试算" }).click()
    await page.getByText(/能触达 [\d,]+ 人/).waitFor()
    await page.getByText(/将发送给 [\d,]+ 人，分 [\d,]+ 份，预计 \d+ 天/).waitFor()
    await expectAccessible(page)
    await page.getByRole("button", { name: "提交审批" }).click()
    await page.getByRole("heading", { level: 1, name: "回访付费客户" }).waitFor()
    await page.getByText("待审批", { exact: true }).waitFor()
    await page.getByText("自己提交的群发要由另一位同事审批。").waitFor()
  })

  it("a second person changes a one-time password, approves by typing the word, and sees it under way", async () => {
    const { page, company, context } = desk
    const address = new URL(page.url()).pathname
    const owner = await company.as()
    const made = await owner(saveStaff, { body: { name: "审批人", role: "lead", login: LEAD.login } })
    await context.clearCookies()
    await signIn2(desk, made.one_time_password ?? "")
    await desk.open(address)
    await page.getByRole("button", { name: "批准发送" }).click()
    const dialog = page.getByRole("dialog")
    expect(await dialog.getByRole("button", { name: "批准发送" }).isDisabled()).toBe(true)
    await dialog.getByLabel(/请输入/).fill("发送")
    await dialog.getByRole("button", { name: "批准发送" }).click()
    await page
      .getByText(/安排中|执行中|已完成/)
      .first()
      .waitFor({ timeout: 15_000 })
    await expectAccessible(page)
    await page.getByRole("region", { name: "员工执行情况" }).waitFor()
    await page.getByRole("region", { name: "客户触达情况" }).waitFor()
  })

  it("the evening comes, staff press send, and the send tells what became of everybody", async () => {
    const { page } = desk
    const address = new URL(page.url()).pathname
    await go("设置", "沙盒")
    await page.getByRole("button", { name: "快进到 20:00" }).click()
    await page.getByText("已快进").first().waitFor()
    await expect
      .poll(
        async () => {
          await page.getByRole("button", { name: "让员工点发送" }).click()
          return page.getByText(/员工点了 [1-9]\d* 次发送/).count()
        },
        { timeout: 30_000 },
      )
      .toBeGreaterThan(0)
    await desk.open(address)
    const customers = page.getByRole("region", { name: "客户触达情况" })
    await expect.poll(() => customers.textContent(), { timeout: 30_000 }).toMatch(/送达[^\d]*[1-9]/)
  })

  it("the numbers of the business, and the day page with what runs by itself", async () => {
    await go("数据")
    await desk.page.getByRole("region", { name: "入口路径" }).waitFor()
    await go("工作台")
    await desk.page.getByRole("region", { name: "今天自动进行" }).waitFor()
    await expectAccessible(desk.page)
    expect(desk.complaints).toEqual([])
  })
})

/** First start of a new colleague: the one-time password lets nobody in before a new one is chosen. */
async function signIn2(d: Desk, oneTime: string): Promise<void> {
  const { page, company } = d
  await page.goto(company.origin)
  await page.getByLabel("账号").fill(LEAD.login)
  await page.getByLabel("密码").fill(oneTime)
  await page.getByRole("button", { name: "登录" }).click()
  await page.getByRole("heading", { name: "先设一个自己的密码" }).waitFor()
  await page.getByLabel("当前密码").fill(oneTime)
  await page.getByLabel("新密码", { exact: true }).fill(LEAD.password)
  await page.getByLabel("再输一次新密码").fill(LEAD.password)
  await page.getByRole("button", { name: "保存新密码" }).click()
  await page.getByRole("navigation", { name: "主导航" }).waitFor()
}
