import { beforeAll, describe, expect, it } from "vitest"
import { saveStaff } from "../../src/modules/staff/contract.ts"
import { type Desk, expectAccessible, openDesk, settled, signIn } from "./console.ts"

const LEAD = { login: "second", password: "second-person-1" }
let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ size: 120 })
  await signIn(desk)
}, 120_000)

describe("the main job, by clicking only", () => {
  it("circles a segment with a live count, reads it as a sentence, and saves it", async () => {
    const { page } = desk
    await desk.open("/segments/new")
    await page.getByRole("combobox", { name: "添加条件" }).click()
    await page.keyboard.type("已付费")
    await page.keyboard.press("Enter")
    const rail = page.getByRole("complementary", { name: "人数" })
    await expect.poll(() => rail.textContent(), { timeout: 15_000 }).toContain("已付费")
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

  it("the day page shows what runs by itself", async () => {
    await desk.open("/today")
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
