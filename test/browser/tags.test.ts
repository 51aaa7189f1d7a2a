import { beforeAll, describe, expect, it } from "vitest"
import { type Desk, expectAccessible, openDesk, signIn } from "./console.ts"

let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ size: 30 })
  await signIn(desk)
}, 120_000)

describe("the taxonomy of tags", () => {
  it("changes by a proposal that is discussed and decided, and the version reads as a sentence", async () => {
    const { page } = desk
    await desk.open("/tags")
    await page.getByRole("button", { name: "提议修改" }).click()
    const form = page.getByRole("dialog", { name: "提议修改" })
    await form.getByLabel("标签组").click()
    await page.getByTitle("人群画像", { exact: true }).click()
    await form.getByLabel("名称").fill("健身达人")
    await form.getByLabel("说明").fill("每周锻炼三次以上")
    await form.getByRole("button", { name: "提交提议" }).click()
    await form.waitFor({ state: "hidden" })
    const waiting = page.getByRole("region", { name: "提议" })
    await waiting.getByRole("button", { name: "讨论" }).click()
    const talk = page.getByRole("dialog", { name: /讨论：/ })
    await talk.getByText("还没有人说话。").waitFor()
    await talk.getByText("会议记录", { exact: true }).click()
    await talk.getByLabel("内容").fill("周会同意，先试一个月")
    await talk.getByRole("button", { name: "发表" }).click()
    await talk.waitFor({ state: "hidden" })
    await waiting.getByRole("button", { name: "讨论（1）" }).waitFor()
    await expectAccessible(page)
    await waiting.getByRole("button", { name: "同意", exact: true }).click()
    await page.getByText("健身达人").first().waitFor()
    await page.getByRole("link", { name: "历次版本" }).click()
    await page.getByText("在「人群画像」里新增标签「健身达人」：每周锻炼三次以上").waitFor()
    // Of the pages of tags one is the page that is open.
    const here = page.getByRole("navigation", { name: "标签的各个页面" }).locator("[aria-current=page]")
    expect(await here.allTextContents()).toEqual(["历次版本"])
    await expectAccessible(page)
  })

  it("tags by rules are switched on, and the months that customers came in get tags of their own", async () => {
    const { page } = desk
    await desk.open("/tags/rules")
    await page.getByRole("switch", { name: "开关规则「加友月份」" }).click()
    const row = page.getByRole("row", { name: /加友月份/ })
    await row.getByText("已同步").waitFor({ timeout: 30_000 })
    await expectAccessible(page)
    await desk.open("/tags")
    const months = page.getByRole("region", { name: "加友月份" })
    expect(await months.getByText(/^\d{4}-\d{2}/).count()).toBeGreaterThan(0)
  })

  it("an account's new custodian sees its customers and the dictionary", async () => {
    const { page, company } = desk
    const { rows } = await company.db.query<{ id: string }>(
      "select account_id as id from customers_contacts where removed_at is null group by 1 order by count(*) desc limit 1",
    )
    await desk.open(`/accounts/${rows[0]!.id}/takeover`)
    await page.getByRole("region", { name: "标签词典" }).waitFor()
    await page.getByText("有 0–6 岁的孩子").waitFor()
    await expectAccessible(page)
  })
})
