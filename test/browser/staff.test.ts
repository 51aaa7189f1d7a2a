import { beforeAll, describe, expect, it } from "vitest"
import { listStaff, saveStaff } from "../../src/modules/staff/contract.ts"
import { type Desk, expectAccessible, openDesk, settled, signIn } from "./console.ts"

const LEAD = { login: "lead", password: "lead-own-password" }
let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ size: 40 })
  const owner = await desk.company.as()
  const made = await owner(saveStaff, { body: { name: "周组长", role: "lead", login: LEAD.login } })
  await desk.company.as({ login: LEAD.login, password: made.one_time_password ?? "" })
  await signIn(desk)
}, 120_000)

const lead = async () => {
  const owner = await desk.company.as()
  return (await owner(listStaff, {})).rows.find((one) => one.login === LEAD.login)!
}
async function choose(action: string) {
  const { page } = desk
  await page.getByRole("button", { name: "周组长 的更多操作" }).click()
  await page.getByRole("menuitem", { name: action }).click()
  return page.getByRole("dialog")
}

describe("roles", () => {
  it("stand with what each may do in the field's words, whose customers it sees, and who has it", async () => {
    const { page } = desk
    await desk.open("/roles")
    const card = page.getByRole("region", { name: "主管", exact: true })
    await card.getByText("周组长").waitFor()
    const text = (await card.textContent()) ?? ""
    expect(text).toContain("批准")
    expect(text).not.toMatch(/[a-z]+\.[a-z]+|write|approve/)
    await expectAccessible(page)
  })

  it("another one is given with what is lost named, and the person is disabled, enabled and gets a new password", async () => {
    const { page } = desk
    await desk.open("/staff")
    let dialog = await choose("换角色")
    await dialog.getByRole("combobox", { name: "换成" }).click()
    await page.locator(".ant-select-item-option", { hasText: "质检" }).click()
    await dialog.getByText(/不再能：.*群发 批准/).waitFor()
    await expectAccessible(page)
    await dialog.getByRole("button", { name: "换成「质检」" }).click()
    await expect.poll(async () => (await lead()).role).toBe("inspector")
    await dialog.waitFor({ state: "hidden" })

    dialog = await choose("停用")
    await dialog.getByText(/立刻不能登录/).waitFor()
    await dialog.getByRole("button", { name: "停用" }).click()
    await expect.poll(async () => (await lead()).status).toBe("disabled")
    await dialog.waitFor({ state: "hidden" })
    dialog = await choose("启用")
    await dialog.getByRole("button", { name: "启用" }).click()
    await expect.poll(async () => (await lead()).status).toBe("active")
    await dialog.waitFor({ state: "hidden" })
    dialog = await choose("新的一次性密码")
    await dialog.getByRole("button", { name: "新的一次性密码" }).click()
    await page.getByText("一次性密码，只显示这一次").waitFor()
    // A dialog that is still fading away is not what anybody reads.
    await dialog.waitFor({ state: "hidden" })
    await expectAccessible(page)
  })
})

describe("a role that loses a right while its page is open", () => {
  it("is told so at the next action, loses nothing typed, and navigation follows", async () => {
    const { page, company, context } = desk
    const owner = await company.as()
    const { id } = await lead()
    const made = await owner(saveStaff, { body: { id, role: "lead", reset_password: true } })
    await company.as({ login: LEAD.login, password: made.one_time_password ?? "" })
    await context.clearCookies()
    await signIn(desk, LEAD)
    await desk.open("/plays/new")
    const nav = page.getByRole("navigation", { name: "主导航" })
    await page.getByLabel("剧本名称").fill("写了一半的剧本")
    await page.getByRole("combobox", { name: "怎么进来" }).click()
    await page.locator(".ant-select-item-option", { hasText: "由同事手工加入" }).click()
    await page.getByRole("button", { name: "加一步" }).click()
    await page.getByRole("menuitem", { name: "结束", exact: true }).click()

    await owner(saveStaff, { body: { id, role: "inspector" } })
    // Whatever is asked first finds it out, the press or something behind it: the press must not wait for a free sight.
    await page.getByRole("button", { name: "存为草稿" }).dispatchEvent("click")
    await page.getByRole("heading", { name: "登录已过期" }).waitFor()
    await page.getByLabel("密码", { exact: true }).fill(LEAD.password)
    await page.getByRole("button", { name: "登录", exact: true }).click()
    await page.getByText("你的角色刚换成了「质检」").waitFor()
    await nav.getByRole("link", { name: "订单" }).waitFor({ state: "detached" })
    await settled(page)
    await page.getByRole("button", { name: "存为草稿" }).click()
    await page.getByText("没有这项权限").waitFor()
    expect(await page.getByLabel("剧本名称").inputValue()).toBe("写了一半的剧本")
    await expectAccessible(page)
    expect(desk.complaints).toEqual([])
  })
})
