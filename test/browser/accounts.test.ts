import type { Locator, Page } from "playwright-core"
import { beforeAll, describe, expect, it } from "vitest"
import type { Call } from "../../src/kernel/client.ts"
import { listAccounts, readAccount } from "../../src/modules/accounts/contract.ts"
import { requestAccount } from "../../src/modules/accounts/life/contract.ts"
import { saveAccountsSettings } from "../../src/modules/accounts/settings/contract.ts"
import { saveStaff } from "../../src/modules/staff/contract.ts"
import { type Desk, expectAccessible, openDesk, settled, signIn } from "./console.ts"

const KEEPER = { login: "keeper", password: "keeper-own-password" }
const YING = { login: "ying", password: "ying-own-password" }
let desk: Desk
let owner: Call
/** Two people at two desks: who keeps the accounts, and who uses one. */
let keeper: Page
let ying: Page

async function member(name: string, role: "asset_keeper" | "operator", login: string) {
  const made = await owner(saveStaff, { body: { name, role, login } })
  await desk.company.as({ login, password: made.one_time_password ?? "" })
}

beforeAll(async () => {
  desk = await openDesk({ size: 40, paused: true })
  owner = await desk.company.as()
  await owner(saveAccountsSettings, { body: { ready_level: 0 } })
  await member("钱保管", "asset_keeper", KEEPER.login)
  await member("林小英", "operator", YING.login)
  keeper = desk.page
  await signIn(desk, KEEPER)
  const context = await desk.context.browser()!.newContext({ locale: "zh-CN", reducedMotion: "reduce" })
  ying = await context.newPage()
  await signIn({ ...desk, page: ying }, YING)
}, 120_000)

async function open(page: Page, path: string) {
  await page.goto(desk.company.origin + path)
  await page.getByRole("heading", { level: 1 }).first().waitFor()
  await settled(page)
}
/** Opens what a press leads to, and gives the dialog. */
async function press(page: Page, button: string): Promise<Locator> {
  await page.getByRole("main").getByRole("button", { name: button, exact: true }).first().click()
  const dialog = page.getByRole("dialog")
  await dialog.waitFor()
  return dialog
}
async function send(dialog: Locator, button: string) {
  await dialog.getByRole("button", { name: button, exact: true }).click()
  await dialog.waitFor({ state: "hidden" })
}
async function choose(dialog: Locator, label: string, option: string) {
  await dialog.getByRole("combobox", { name: label }).click()
  await dialog.page().locator(".ant-select-item-option", { hasText: option }).last().click()
}
const tickAll = async (dialog: Locator) => {
  for (const box of await dialog.getByRole("checkbox").all()) await box.check()
}
const state = async (id: string) => (await owner(readAccount, { params: { id } })).state

describe("an account", () => {
  it("gets its agreement and its state by the keeper's hand, and cannot go on without the one", async () => {
    const { id } = await owner(requestAccount, {
      body: { name: "成交 88", function: "sales", reason: "新开的成交组" },
    })
    await open(keeper, "/accounts?state=requested")
    await keeper.getByRole("link", { name: "成交 88" }).click()
    await send(await press(keeper, "开始起号"), "开始起号")
    const refused = await press(keeper, "开始养号")
    await refused.getByRole("button", { name: "开始养号", exact: true }).click()
    await refused.getByText(/缺少账号归属协议/).waitFor()
    await refused.getByRole("button", { name: "取消", exact: true }).click()
    await refused.waitFor({ state: "hidden" })
    await keeper.getByRole("tab", { name: "协议和文件" }).click()
    const upload = await press(keeper, "上传文件")
    await upload.getByLabel("签署日期").fill("2026-11-01")
    await upload.getByLabel("签署日期").press("Enter")
    await upload.locator("input[type=file]").setInputFiles({
      name: "归属协议.pdf",
      mimeType: "application/pdf",
      buffer: Buffer.from("%PDF-1.7\n归属协议"),
    })
    await send(upload, "上传文件")
    await keeper.getByText("2026-11-01 签署").waitFor()
    await expectAccessible(keeper)
    await send(await press(keeper, "开始养号"), "开始养号")
    await send(await press(keeper, "转为待用"), "转为待用")
    expect(await state(id)).toBe("ready")
  })

  it("is asked for, approved, handed over with its list, signed for, given back and taken back", async () => {
    await open(ying, "/accounts/requests")
    const ask = await press(ying, "申请用号")
    await choose(ask, "功能", "成交号")
    await ask.getByLabel("原因").fill("双十二加人")
    await send(ask, "提交申请")
    await open(keeper, "/accounts/requests")
    await keeper.getByRole("button", { name: "批准" }).click()
    const approve = keeper.getByRole("dialog")
    await choose(approve, "给哪个号", "成交 88")
    await send(approve, "批准")
    await keeper.getByText("已批准，待交接").waitFor()
    await keeper.getByRole("link", { name: "成交 88" }).click()
    const hand = await press(keeper, "交接")
    await choose(hand, "交给谁", "林小英")
    await hand.getByRole("button", { name: "交接", exact: true }).click()
    await hand.getByText(/清单还没有逐项确认完/).waitFor()
    await tickAll(hand)
    await send(hand, "交接")
    const id = (await owner(listAccounts, { query: { q: "成交 88" } })).rows[0]!.id
    await open(ying, `/accounts/${id}`)
    await send(await press(ying, "签收"), "签收")
    expect(await state(id)).toBe("in_use")
    const give = await press(ying, "发起归还")
    await give.getByLabel("原因").fill("换岗")
    await send(give, "发起归还")
    await open(keeper, `/accounts/${id}`)
    const back = await press(keeper, "验收归还")
    await tickAll(back)
    await send(back, "验收归还")
    expect(await state(id)).toBe("ready")
    await open(keeper, `/accounts/${id}`)
    const custody = keeper.getByRole("table", { name: "保管记录" })
    expect(await custody.innerText()).toMatch(/林小英[\s\S]*钱保管/)
    await expectAccessible(keeper)
  })
})

describe("a stocktake", () => {
  it("counts what others hold, refuses one's own, and what nobody counted becomes somebody's finding", async () => {
    const { rows } = await owner(listAccounts, {})
    await open(keeper, "/accounts/stocktakes")
    const begin = await press(keeper, "开始盘点")
    await begin.getByLabel("盘点", { exact: true }).fill("十二月盘点")
    await begin.getByLabel("截止").fill("2027-01-31")
    await begin.getByLabel("截止").press("Enter")
    await send(begin, "冻结清单并开始")
    await keeper.getByRole("heading", { name: "十二月盘点" }).waitFor()
    await settled(keeper)
    await keeper.getByRole("button", { name: "登记 成交 88" }).click()
    await send(keeper.getByRole("dialog"), "登记")
    await keeper.getByText("一致", { exact: true }).waitFor()
    await expectAccessible(keeper)
    await send(await press(keeper, "结束盘点"), "结束盘点")
    await keeper.getByText("已结束").waitFor()
    await keeper.getByRole("link", { name: "账号问题" }).last().click()
    await settled(keeper)
    const missing = keeper.getByRole("table").getByText("盘点没找到")
    await expect.poll(() => missing.count()).toBe(rows.length - 1)
    expect(await keeper.getByRole("main").innerText()).not.toMatch(/undefined|NaN|finding_|stocktake/)
  })
})
