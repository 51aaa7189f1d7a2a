import { beforeAll, describe, expect, it } from "vitest"
import { listCustomers } from "../../src/modules/customers/contract.ts"
import { saveStaff } from "../../src/modules/staff/contract.ts"
import { rows } from "../../src/platform/db.ts"
import { type Desk, expectAccessible, openDesk, settled, signIn } from "./console.ts"

let desk: Desk
/** Somebody whom three letters name alone. */
let wanted: { id: string; shown: string; initials: string }

beforeAll(async () => {
  desk = await openDesk({ size: 120 })
  const [alone] = await rows<{ name_initials: string }>(
    desk.company.db,
    `select name_initials from customers_customers c where length(name_initials) = 3
     and (select count(*) from customers_customers d where d.name_initials like c.name_initials || '%'
       or d.name_pinyin like c.name_initials || '%') = 1
     and not exists (select 1 from customers_contacts k where k.remark_initials like c.name_initials || '%'
       or k.remark_pinyin like c.name_initials || '%')
     order by number limit 1`,
  )
  const initials = alone?.name_initials ?? ""
  const owner = await desk.company.as()
  const found = (await owner(listCustomers, { query: { q: initials } })).rows[0]!
  wanted = { id: found.id, shown: found.remark || found.name, initials }
  await signIn(desk)
}, 120_000)

const dialog = () => desk.page.getByRole("dialog", { name: "搜索客户、页面和操作" })
const field = () => dialog().getByRole("combobox")
const options = () => dialog().getByRole("option")

describe("searching from anywhere", () => {
  it("a customer is found by initials and their profile opened with the keyboard alone", async () => {
    const { page, company } = desk
    await desk.open("/tags")
    await page.keyboard.press("Control+K")
    await field().waitFor()
    await page.keyboard.type(wanted.initials)
    const row = dialog().getByRole("option", { name: wanted.shown })
    await row.waitFor()
    await expectAccessible(page)
    while ((await row.getAttribute("aria-selected")) !== "true") await page.keyboard.press("ArrowDown")
    expect(await field().getAttribute("aria-activedescendant")).toBe(await row.getAttribute("id"))
    await page.keyboard.press("Enter")
    await page.waitForURL(`${company.origin}/customers/${wanted.id}`)
    await page.getByRole("tab", { name: "轨迹" }).waitFor()
    expect(await dialog().count()).toBe(0)
  })

  it("what was chosen last stands there when nothing is typed, and holds no name in the browser", async () => {
    const { page } = desk
    await desk.open("/tags")
    await page.keyboard.press("Control+K")
    await dialog().getByRole("group", { name: "最近选过" }).getByText(wanted.shown).waitFor()
    const kept = await page.evaluate(() => JSON.stringify(localStorage))
    expect(kept).toContain(wanted.id)
    expect(kept).not.toContain(wanted.shown)
    await expectAccessible(page)
    await page.keyboard.press("Escape")
  })

  it("Escape gives the focus back to where it was", async () => {
    const { page } = desk
    const button = page.getByRole("button", { name: "搜索" })
    await button.focus()
    await page.keyboard.press("Enter")
    await field().waitFor()
    expect(await field().evaluate((one) => one === document.activeElement)).toBe(true)
    await page.keyboard.press("Escape")
    await dialog().waitFor({ state: "detached" })
    expect(await button.evaluate((one) => one === document.activeElement)).toBe(true)
  })

  it("pages and actions are found by name, initials and English, and an action is done", async () => {
    const { page } = desk
    await page.keyboard.press("Control+K")
    await field().fill("qf")
    await dialog().getByRole("group", { name: "页面" }).getByRole("option", { name: "群发" }).waitFor()
    await field().fill("Mass sends")
    await expect.poll(() => options().first().textContent()).toBe("群发")
    await field().fill("xjqf")
    await expect.poll(() => options().first().textContent()).toBe("新建群发")
    await page.keyboard.press("Enter")
    await page.getByRole("heading", { level: 1, name: "新建群发" }).waitFor()
    await page.keyboard.press("Control+K")
    await field().fill("深色")
    await expect.poll(() => options().count()).toBe(1)
    await page.keyboard.press("Enter")
    await expect.poll(() => page.locator("html").getAttribute("data-mode")).toBe("dark")
    await page.keyboard.press("Control+K")
    await field().fill("gensuixitong")
    await expect.poll(() => options().first().textContent()).toBe("配色跟随系统")
    await page.keyboard.press("Enter")
    await dialog().waitFor({ state: "detached" })
  })

  it("an answer that comes late never stands under a newer text", async () => {
    const { page } = desk
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const slow = `**/api/customers?*q=${wanted.initials}&*`
    await page.route(slow, async (route) => {
      await held
      await route.continue().catch(() => undefined)
    })
    await desk.open("/tags")
    await page.keyboard.press("Control+K")
    const asked = page.waitForRequest((request) => request.url().includes(`q=${wanted.initials}`))
    await field().fill(wanted.initials)
    await asked
    await field().fill("zzzzzz")
    release()
    await dialog().getByText("没有找到").waitFor()
    expect(await options().count()).toBe(0)
    await page.unroute(slow)
  })

  it("a server that refuses is said so in its own sentence, and can be asked again", async () => {
    const { page } = desk
    await page.route("**/api/customers?*", (route) =>
      route.fulfill({
        status: 503,
        contentType: "application/problem+json",
        body: JSON.stringify({
          code: "busy",
          message: "数据库暂时连不上。",
          message_en: "The database is away.",
        }),
      }),
    )
    await field().fill(wanted.initials.slice(0, 2))
    await dialog().getByText("数据库暂时连不上。").waitFor()
    await page.unroute("**/api/customers?*")
    await dialog().getByRole("button", { name: "重试" }).click()
    await dialog().getByRole("group", { name: "客户" }).waitFor()
    await page.keyboard.press("Escape")
  })

  it("on a phone it fills the screen and nothing runs over its edge", async () => {
    const { page } = desk
    await page.setViewportSize({ width: 390, height: 844 })
    await page.getByRole("button", { name: "搜索" }).click()
    await field().fill(wanted.initials)
    await dialog().getByRole("option", { name: wanted.shown }).waitFor()
    const box = await dialog().boundingBox()
    expect([box?.x, box?.width]).toEqual([0, 390])
    const over = await dialog().evaluate((one) => one.scrollWidth - one.clientWidth)
    expect(over).toBeLessThanOrEqual(0)
    await expectAccessible(page)
    await dialog().getByRole("button", { name: "关闭" }).click()
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  it("a role that may not read customers is shown none, and the server is not even asked", async () => {
    const { page, company, context } = desk
    const owner = await company.as()
    const who = { login: "keeper", password: "" }
    const made = await owner(saveStaff, {
      body: { name: "号管同事", role: "asset_keeper", login: who.login },
    })
    await company.as({ login: who.login, password: made.one_time_password ?? "" })
    await context.clearCookies()
    await signIn(desk, { login: who.login, password: `${who.login}-own-password` })
    await settled(page)
    const asked: string[] = []
    page.on("request", (request) => asked.push(request.url()))
    await page.keyboard.press("Control+K")
    await field().fill("zh")
    await dialog().getByRole("option", { name: "功能账号" }).waitFor()
    await field().fill(wanted.initials)
    await dialog().getByText("没有找到").waitFor()
    await field().fill("群发")
    await dialog().getByText("没有找到").waitFor()
    expect(asked.filter((url) => url.includes("/api/customers"))).toEqual([])
    await page.keyboard.press("Escape")
    expect(desk.complaints.filter((one) => !one.includes("503"))).toEqual([])
  })
})
