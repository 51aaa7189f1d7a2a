import { beforeAll, describe, expect, it } from "vitest"
import type { Call } from "../../src/kernel/client.ts"
import { IMPORT_BATCH_ROWS } from "../../src/modules/imports/limits.ts"
import { lockSource } from "../../src/modules/orders/store.ts"
import { endPlayEndpoint, listPlays, onePlay, switchPlay } from "../../src/modules/plans/plays/contract.ts"
import {
  approveSendEndpoint,
  createSendEndpoint,
  sendBody,
  submitSend,
} from "../../src/modules/sends/contract.ts"
import { readSession, saveStaff } from "../../src/modules/staff/contract.ts"
import { run, tx } from "../../src/platform/db.ts"
import { type Desk, expectAccessible, openDesk, settled, signIn } from "./console.ts"

const HOUR_MS = 3_600_000
let desk: Desk
let owner: Call
let lead: Call

beforeAll(async () => {
  desk = await openDesk({ size: 120 })
  owner = await desk.company.as()
  const made = await owner(saveStaff, { body: { name: "审批人", role: "lead", login: "second" } })
  lead = await desk.company.as({ login: "second", password: made.one_time_password ?? "" })
  await signIn(desk)
}, 120_000)

const bell = () => desk.page.getByRole("button", { name: /任务与通知/ })
const panel = () => desk.page.getByRole("dialog", { name: "任务与通知" })
const going = () => panel().getByRole("region", { name: "在进行的" })
const ended = () => panel().getByRole("region", { name: "最近三天结束的" })
const FILE = "客户,下单时间,金额\n甲,2026-01-05,12.50\n乙,2026-02-31,3.00\n丙,2026-03-02,7.5\n"

async function openBell() {
  await bell().click()
  await panel().waitFor()
}
async function closeBell() {
  await panel().getByRole("button", { name: "关闭" }).first().click()
  await panel().waitFor({ state: "hidden" })
}

/** A real send to everybody who has paid, in an hour: it stays under way. */
async function sendInAnHour(name: string): Promise<string> {
  const rule = { offer: "customers.has_paid", version: 1, args: {} }
  const send_at = new Date(
    new Date((await owner(readSession, {})).shop_now).getTime() + HOUR_MS,
  ).toISOString()
  const { id } = await owner(createSendEndpoint, {
    body: sendBody.parse({ name, text: "今晚八点", rule, send_at, nature: "service" }),
  })
  await owner(submitSend, { params: { id } })
  return id
}

describe("the bell", () => {
  it("with nothing going on it says what will stand there", async () => {
    await desk.open("/tags")
    await openBell()
    await panel().getByText("没有在进行的任务").waitFor()
    await expectAccessible(desk.page)
    await closeBell()
  })

  it("an import whose page was left is found again, started from there, and its bad rows are told", async () => {
    const { page } = desk
    await desk.open("/imports/new?kind=orders")
    await page.getByLabel("选择表格文件").setInputFiles({
      name: "一月.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(FILE),
    })
    await page.getByRole("button", { name: "预检" }).click()
    await page.getByRole("button", { name: "导入 2 行" }).waitFor()
    await desk.open("/tags")
    await expect.poll(() => bell().getAttribute("aria-label")).toMatch(/1 条新消息，1 项在进行/)
    await openBell()
    await going().getByText("预检完成").waitFor()
    await going().getByText("2 行可导入，1 行有问题").waitFor()
    await expectAccessible(page)
    await going().getByRole("link", { name: "一月.csv" }).click()
    await page.getByRole("button", { name: "导入 2 行" }).click()
    await page.getByText("导入完成").waitFor()
    await openBell()
    await ended().getByText("部分失败").waitFor()
    await ended()
      .getByText(/导入 2 行，1 行有问题/)
      .waitFor()
    expect(await ended().getByRole("link", { name: "下载失败行" }).getAttribute("href")).toMatch(
      /failed\.csv$/,
    )
    await ended().getByText("新", { exact: true }).waitFor()
    // What has ended asks nothing any more: its name opens the page that the history opens, not the steps.
    await ended().getByRole("link", { name: "一月.csv" }).click()
    await page.getByRole("heading", { level: 1, name: "一月.csv" }).waitFor()
    expect(new URL(page.url()).pathname).toMatch(/^\/imports\/[\w-]+$/)
    await panel().waitFor({ state: "hidden" })
  })

  it("an import is paused and goes on from the list and from its own page; stopped for good it says what stays", async () => {
    const { page } = desk
    const rows = Array.from({ length: 2 * IMPORT_BATCH_ROWS + 1 }, (_, n) => `甲${n % 9},2026-01-05,${n}.00`)
    const file = `客户,下单时间,金额\n${rows.join("\n")}\n`
    await desk.open("/imports/new?kind=orders")
    await page.getByLabel("选择表格文件").setInputFiles({
      name: "全年.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(file),
    })
    await page.getByRole("button", { name: "预检" }).click()
    const start = page.getByRole("button", { name: "导入 10,001 行" })
    await start.waitFor({ timeout: 60_000 })
    // Somebody else holds the books of this source: a batch is in hand and does not come to its end before they let go.
    const busy = async (press: () => Promise<void>) =>
      tx(desk.company.db, async (t) => {
        await lockSource(t, "全年")
        await press()
      })
    await busy(async () => {
      await start.click()
      await openBell()
      await going().getByText("执行中").waitFor()
      await going().getByRole("button", { name: "暂停 全年.csv" }).click()
      await going().getByText("已暂停").waitFor()
    })
    await going().getByText("已读 5,000 / 10,001 行").waitFor()
    await expectAccessible(page)
    await busy(async () => {
      await going().getByRole("button", { name: "继续 全年.csv" }).click()
      await going().getByText("执行中").waitFor()
      await going().getByRole("link", { name: "全年.csv" }).click()
      await page.getByRole("heading", { level: 1, name: "全年.csv" }).waitFor()
      await panel().waitFor({ state: "hidden" })
      await page.getByRole("button", { name: "暂停" }).click()
      await page.getByRole("button", { name: "继续" }).waitFor()
    })
    const sheet = page.getByRole("main")
    await sheet.getByText("已读 10,000 / 10,001 行").waitFor()
    await sheet.getByText("已暂停", { exact: true }).waitFor()
    await expectAccessible(page)
    await openBell()
    await going().getByRole("button", { name: "停止 全年.csv" }).click()
    const asked = page.getByRole("dialog", { name: /已导入的 10,000 行保留/ })
    await asked.getByRole("button", { name: "停止" }).click()
    await ended().getByText("已停止").waitFor()
    await closeBell()
    await run(desk.company.db, "delete from imports_imports where file_name = '全年.csv'")
  }, 180_000)

  it("a stopped import is called the same in the bell as in the history, in the same colour", async () => {
    const { page } = desk
    const row = page.getByRole("row").filter({ hasText: "一月.csv" })
    const look = async (state: string, failed: number, word: string) => {
      await run(
        desk.company.db,
        "update imports_imports set state = $1, counts = jsonb_set(counts, '{failed}', to_jsonb($2::int))",
        [state, failed],
      )
      await desk.open("/imports")
      const colour = await row.getByText(word, { exact: true }).getAttribute("class")
      await openBell()
      expect(await ended().getByText(word, { exact: true }).getAttribute("class")).toBe(colour)
      await closeBell()
    }
    await look("cancelled", 0, "已停止")
    await look("done", 1, "部分失败")
  })

  it("what was read stays read after a reload, and is still listed", async () => {
    await desk.open("/tags")
    await expect.poll(() => bell().getAttribute("aria-label")).toMatch(/0 条新消息，0 项在进行/)
    await openBell()
    await ended().getByText("部分失败").waitFor()
    expect(await ended().getByText("新", { exact: true }).count()).toBe(0)
    await desk.page.setViewportSize({ width: 390, height: 844 })
    await expect.poll(async () => (await ended().boundingBox())?.x).toBeGreaterThanOrEqual(0)
    await desk.page.setViewportSize({ width: 1440, height: 900 })
    await closeBell()
  })

  it("a send is seen waiting, told aloud when it runs, paused, resumed and cancelled from the list", async () => {
    const { page } = desk
    const id = await sendInAnHour("返场提醒")
    await openBell()
    await going().getByText("待审批").waitFor()
    await lead(approveSendEndpoint, { params: { id } })
    await going().getByText("执行中").waitFor()
    await going()
      .getByText(/已有结果 0 \/ [1-9]/)
      .waitFor()
    await page.getByRole("status").filter({ hasText: "返场提醒：" }).waitFor({ state: "attached" })
    await expectAccessible(page)
    await going().getByRole("button", { name: "暂停 返场提醒" }).click()
    await going().getByText("已暂停").waitFor()
    await going().getByRole("button", { name: "继续发送 返场提醒" }).click()
    await going().getByText("执行中").waitFor()
    await going().getByRole("button", { name: "取消群发 返场提醒" }).click()
    await page
      .getByRole("dialog", { name: /取消后/ })
      .getByRole("button", { name: "取消群发" })
      .click()
    await ended().getByText("已取消").waitFor()
    await ended().getByRole("link", { name: "返场提醒" }).click()
    await page.getByRole("heading", { level: 1, name: "返场提醒" }).waitFor()
    await panel().waitFor({ state: "hidden" })
  })

  it("a play that is ended for everybody shows how many are out, and its result stays", async () => {
    const { page, company } = desk
    const play = (await owner(listPlays, {})).rows.find((one) => one.running)!
    await owner(switchPlay, { params: { id: play.id }, body: { running: false } })
    await run(
      company.db,
      `insert into plays_enrolments (customer_id, play_id, entry, id, version, entered_by, anchor_at, entered_at, node, due_at, state)
       select c.id, v.play_id, 1, gen_random_uuid(), v.version, 'story', v.published_at, v.published_at, v.definition->>'first',
         v.published_at, 'active'
       from (select id from customers_customers order by id limit 3) c
       join plays_versions v on v.play_id = $1 and v.state = 'published' on conflict do nothing`,
      [play.id],
    )
    const { inside } = await owner(onePlay, { params: { id: play.id } })
    expect(inside).toBeGreaterThan(0)
    // Somebody else holds one of them: nobody is led out before they let go.
    await tx(company.db, async (t) => {
      await t.query("select 1 from plays_enrolments where play_id = $1 for update", [play.id])
      await owner(endPlayEndpoint, { params: { id: play.id }, body: { people: inside } })
      await openBell()
      await going().getByText(`已结束 0 / ${inside} 人`).waitFor()
      await going().getByText("执行中").waitFor()
      await expectAccessible(page)
    })
    await ended().getByText(`结束了 ${inside} 人`).waitFor()
    await ended().getByRole("link", { name: play.name }).click()
    await page.getByRole("heading", { level: 1, name: play.name }).waitFor()
    await panel().waitFor({ state: "hidden" })
  })

  it("asks nothing while the page is out of sight, and at once when it comes back", async () => {
    const { page } = desk
    const clocked = await desk.context.newPage()
    await clocked.clock.install()
    const asked: string[] = []
    clocked.on("request", (request) => {
      if (request.url().includes("/jobs")) asked.push(request.url())
    })
    await clocked.goto(`${desk.company.origin}/tags`)
    await clocked.getByRole("button", { name: /任务与通知/ }).waitFor()
    await expect.poll(() => asked.length).toBe(3)
    const see = (state: "hidden" | "visible") =>
      clocked.evaluate((value) => {
        Object.defineProperty(document, "visibilityState", { value, configurable: true })
        document.dispatchEvent(new Event("visibilitychange", { bubbles: true }))
      }, state)
    await see("hidden")
    await clocked.clock.runFor(120_000)
    expect(asked).toHaveLength(3)
    await see("visible")
    await clocked.clock.runFor(20_000)
    await expect.poll(() => asked.length).toBeGreaterThan(3)
    await clocked.close()
    await page.bringToFront()
  })

  it("who may see neither imports nor sends has no bell", async () => {
    const { page, company, context } = desk
    const made = await owner(saveStaff, { body: { name: "号管同事", role: "asset_keeper", login: "keeper" } })
    await company.as({ login: "keeper", password: made.one_time_password ?? "" })
    await context.clearCookies()
    await signIn(desk, { login: "keeper", password: "keeper-own-password" })
    await settled(page)
    await page.getByRole("button", { name: "搜索" }).waitFor()
    expect(await bell().count()).toBe(0)
    expect(desk.complaints).toEqual([])
  })
})
