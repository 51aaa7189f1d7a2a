import type { Locator, Page } from "playwright-core"
import { beforeAll, describe, expect, it } from "vitest"
import { readSession, saveStaff } from "../../src/modules/staff/contract.ts"
import { tx } from "../../src/platform/db.ts"
import { openAssignments } from "../../src/spine/outbox/index.ts"
import { type Desk, openDesk, signIn } from "./console.ts"

const LEAD = { login: "second", password: "second-person-1" }
let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ size: 60 })
  await signIn(desk)
  // Whoever reaches for the mouse has not done it with the keyboard alone.
  await desk.page.addInitScript(() => {
    for (const type of ["pointerdown", "mousedown"])
      window.addEventListener(type, () => console.error("the mouse was used"), true)
  })
}, 120_000)

const TABS_MAX = 80

/** Walks on by Tab until the focus is there, as somebody without a mouse does. */
async function tabTo(page: Page, there: Locator): Promise<void> {
  await there.waitFor()
  for (let n = 0; n < TABS_MAX; n++) {
    if (await there.evaluate((one) => one === document.activeElement || one.contains(document.activeElement)))
      return
    await page.keyboard.press("Tab")
  }
  throw new Error(`not reached by ${TABS_MAX} presses of Tab: ${there}`)
}

async function press(page: Page, button: Locator): Promise<void> {
  await tabTo(page, button)
  await page.keyboard.press("Enter")
}

async function choose(page: Page, box: Locator, typed: string): Promise<void> {
  await tabTo(page, box)
  await page.keyboard.type(typed)
  // The library draws its own list beside the one that it keeps for screen readers.
  await page.locator(".ant-select-item-option-active").first().waitFor()
  await page.keyboard.press("Enter")
}

async function goBySearch(page: Page, typed: string, option: RegExp): Promise<void> {
  await page.keyboard.press("Control+k")
  await page.getByRole("dialog").getByRole("combobox").waitFor()
  await page.keyboard.type(typed)
  await page.getByRole("option", { name: option }).first().waitFor()
  await page.keyboard.press("Enter")
}

describe("the main job with the keyboard alone", () => {
  it("a segment is found, built, counted and saved", async () => {
    const { page } = desk
    await goBySearch(page, "xjrq", /新建人群/)
    await page.getByRole("heading", { level: 1, name: "新建人群" }).waitFor()
    await choose(page, page.getByRole("combobox", { name: "添加条件" }), "已付费")
    await expect
      .poll(() => page.getByRole("complementary", { name: "人数" }).textContent(), { timeout: 15_000 })
      .toContain("已付费")
    await tabTo(page, page.getByLabel("人群名称"))
    await page.keyboard.type("付过费的客户")
    await press(page, page.getByRole("button", { name: "保存人群" }))
    await page.getByRole("heading", { level: 1, name: "修改人群" }).waitFor()
  })

  it("a send is written to it, tried out and handed in", async () => {
    const { page } = desk
    await goBySearch(page, "新建群发", /新建群发/)
    await page.getByRole("heading", { level: 1, name: "新建群发" }).waitFor()
    await choose(page, page.getByLabel("发给哪个人群"), "付过费的客户")
    await press(page, page.getByRole("button", { name: "下一步" }))
    await tabTo(page, page.getByLabel("名称"))
    await page.keyboard.type("回访付费客户")
    await tabTo(page, page.getByLabel("内容", { exact: true }))
    await page.keyboard.type("您好，新品到了，来看看。")
    await press(page, page.getByRole("button", { name: "下一步" }))
    await press(page, page.getByRole("button", { name: "试算" }))
    await page.getByText(/将发送给 [\d,]+ 人/).waitFor()
    await press(page, page.getByRole("button", { name: "提交审批" }))
    await page.getByRole("heading", { level: 1, name: "回访付费客户" }).waitFor()
  })

  it("a second person approves it by typing the word", async () => {
    const { page, company, context } = desk
    const address = page.url()
    const owner = await company.as()
    const made = await owner(saveStaff, { body: { name: "审批人", role: "lead", login: LEAD.login } })
    await company.as({ login: LEAD.login, password: made.one_time_password ?? "" })
    await context.clearCookies()
    await signIn(desk, { login: LEAD.login, password: `${LEAD.login}-own-password` })
    await page.goto(address)
    await press(page, page.getByRole("button", { name: "批准发送" }))
    const dialog = page.getByRole("dialog")
    await tabTo(page, dialog.getByLabel(/请输入/))
    await page.keyboard.type("发送")
    await press(page, dialog.getByRole("button", { name: "批准发送" }))
    await page.getByRole("region", { name: "客户触达情况" }).waitFor()
  })

  it("the day's work is ticked off, and no page complained", async () => {
    const { page } = desk
    const owner = await desk.company.as()
    const now = new Date((await owner(readSession, {})).shop_now)
    await tx(desk.company.db, (t) =>
      openAssignments(
        t,
        [
          {
            cause_key: "story:call-back",
            kind: "follow_up",
            title: "回访一位老客户",
            script: "最近用得怎么样？",
            customer_id: null,
            account_id: null,
            assignee_staff_id: null,
            target: {},
            // Its time has passed: what is late is worked off like the rest.
            due_at: new Date(now.getTime() - 3_600_000),
            evidence: "text",
          },
        ],
        now,
      ),
    )
    await goBySearch(page, "gzt", /工作台/)
    await page.getByRole("heading", { level: 1, name: "工作台" }).waitFor()
    await page.getByText(/今天已完成 0 件/).waitFor()
    const late = page.getByRole("region", { name: "已经晚了" }).getByRole("button", { name: /^完成: / })
    await press(page, late.first())
    const dialog = page.getByRole("dialog")
    await tabTo(page, dialog.getByRole("textbox").first())
    await page.keyboard.type("已经说过了")
    await press(page, dialog.getByRole("button", { name: "完成" }))
    await page.getByText(/今天已完成 1 件/).waitFor()
    expect(desk.complaints).toEqual([])
  })
})
