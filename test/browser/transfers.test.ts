import { beforeAll, describe, expect, it } from "vitest"
import { listAccounts } from "../../src/modules/accounts/contract.ts"
import { listStaff } from "../../src/modules/staff/contract.ts"
import { listTransfers } from "../../src/modules/transfers/contract.ts"
import { type Desk, expectAccessible, openDesk, signIn } from "./console.ts"

let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ size: 60 })
  await signIn(desk)
}, 120_000)

describe("customers pass to a colleague", () => {
  it("chosen in their list: the trial says what becomes of them, one press passes them on, a second press does nothing more", async () => {
    const { page, company } = desk
    const owner = await company.as()
    const { rows } = await owner(listAccounts, {})
    const sales = rows.find((a) => a.channel_ref === "hm_sales_01")!
    await desk.open(`/customers?account_id=${rows.find((a) => a.channel_ref === "hm_ip_01")!.id}`)
    for (const row of [1, 2]) await page.getByRole("table").getByRole("checkbox").nth(row).click()
    await page.getByRole("region", { name: /^已选/ }).getByRole("button", { name: "交接" }).click()
    const form = page.getByRole("dialog", { name: "交接 2 位客户" })
    await form.getByRole("button", { name: "交接", exact: true }).click()
    await form.getByText("必填").first().waitFor()
    await form.getByLabel("交接给哪个账号").click()
    await page.keyboard.type(sales.name)
    await page.keyboard.press("Enter")
    await form.getByRole("list", { name: "预检结果" }).getByText(/位/).first().waitFor()
    await expectAccessible(page)
    await form.getByRole("button", { name: "交接", exact: true }).dblclick()
    await page.getByText(/已开始交接 \d 位客户/).waitFor()
    expect((await owner(listTransfers, {})).rows).toHaveLength(1)
    await desk.open("/transfers")
    await page.getByRole("link", { name: sales.name }).click()
    await page.getByRole("heading", { name: `交接给「${sales.name}」` }).waitFor()
    await page.getByRole("region", { name: "交接的客户" }).getByRole("link").first().waitFor()
    await expectAccessible(page)
  })
})

describe("somebody leaves", () => {
  it("is begun with its consequence, shows what they hold, passes the customers on, and cannot be closed before", async () => {
    const { page, company } = desk
    const owner = await company.as()
    const { rows } = await owner(listStaff, {})
    const goes = rows.find((s) => s.channel_ref === "lin_xiao")!
    await desk.open(`/staff/${goes.id}/leaving`)
    await page.getByRole("button", { name: "开始离职交接" }).click()
    await page.getByRole("dialog").getByRole("button", { name: "开始离职交接" }).click()
    await page.getByText(`${goes.name} 的离职交接已开始`).waitFor()
    expect(await page.getByRole("button", { name: "办结离职" }).isDisabled()).toBe(true)
    await expectAccessible(page)
    await page.getByRole("button", { name: "交接客户" }).click()
    const form = page.getByRole("dialog", { name: "交接客户" })
    await form.getByLabel("交接给哪个账号").click()
    await page.keyboard.type("禾苗小禾")
    await page.keyboard.press("Enter")
    await form.getByRole("button", { name: "交接客户" }).click()
    await page.getByText(/已开始交接 \d+ 位客户/).waitFor()
    await page.getByRole("button", { name: "撤销离职" }).click()
    await page.getByRole("dialog").getByRole("button", { name: "撤销离职" }).click()
    await page.getByText(`${goes.name} 已恢复在职`).waitFor()
  })
})
