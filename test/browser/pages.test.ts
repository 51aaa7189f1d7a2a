import { beforeAll, describe, expect, it } from "vitest"
import { dayNumber, dayString } from "../../src/kernel/day.ts"
import { readSession } from "../../src/modules/staff/contract.ts"
import { type Desk, expectAccessible, openDesk, settled, signIn } from "./console.ts"
import { PAGES } from "./page-list.ts"

/** Pages with data of customers: who looks stands on every one of them, and on no other. */
const PERSONAL = [
  "/today",
  "/customers",
  "/customers/duplicates",
  "/segments/new",
  "/sends/new",
  "/tags/inspections",
  "/orders",
  "/imports/new",
  "/points",
  "/data/ladder",
  "/sandbox",
  "/sandbox/chat",
  "/audit",
]

let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ size: 120 })
}, 120_000)

describe("signing in", () => {
  it("a wrong password is told in a sentence, and the focus goes back to it", async () => {
    const { page, company } = desk
    await page.goto(company.origin)
    await page.getByLabel("账号").fill("owner")
    await page.getByLabel("密码").fill("not the password")
    await page.getByRole("button", { name: "登录" }).click()
    await page.getByText("账号或密码不对。").waitFor()
    expect(await page.getByLabel("密码").evaluate((field) => field === document.activeElement)).toBe(true)
    await expectAccessible(page)
  })

  it("works with the keyboard alone, and leads to a page with something on it", async () => {
    await signIn(desk)
    await desk.page.getByRole("heading", { level: 1 }).first().waitFor()
    expect(await desk.page.locator("html").getAttribute("lang")).toBe("zh-CN")
  })
})

const mark = () => desk.page.locator(".watermark")

describe("every page is drawn, named and usable without a mouse or eyes", () => {
  for (const [path, heading] of PAGES)
    it(`${path} ${heading}`, async () => {
      await desk.walk(path)
      const { page } = desk
      expect(await page.getByRole("heading", { level: 1 }).first().textContent()).toBe(heading)
      expect(
        await page
          .getByRole("alert")
          .filter({ hasText: /没能载入|出错/ })
          .count(),
      ).toBe(0)
      const sideways = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect(sideways).toBeLessThanOrEqual(0)
      expect(await mark().count()).toBe(PERSONAL.includes(path) ? 1 : 0)
      await expectAccessible(page)
    })

  it("no page complained to the developer's console", () => {
    expect(desk.complaints).toEqual([])
  })
})

describe("the customer list", () => {
  it("keeps its search in the address, and a profile opens with its timeline", async () => {
    const { page } = desk
    await desk.open("/customers")
    const first = page.getByRole("table").getByRole("link").first()
    const name = ((await first.textContent()) ?? "").trim()
    await page.getByLabel("姓名、拼音、手机尾号").fill(name)
    await page.waitForURL(/q=/)
    await settled(page)
    await page.getByRole("table").getByRole("link", { name }).first().click()
    await page.getByRole("tab", { name: "轨迹" }).waitFor()
    await settled(page)
    await expectAccessible(page)
    await page.goBack()
    expect(await page.getByLabel("姓名、拼音、手机尾号").inputValue()).toBe(name)
  })

  it("narrows orders to a source that is chosen by its word, and a source that nobody has finds none", async () => {
    const { page } = desk
    await desk.open("/orders")
    await page.getByRole("combobox", { name: "来源" }).click()
    await page.locator(".ant-select-item-option").filter({ hasText: "店铺" }).click()
    await page.waitForURL(/source=shop/)
    await settled(page)
    expect(await page.getByRole("table").getByRole("row").count()).toBeGreaterThan(1)
    await expectAccessible(page)
    await desk.open("/orders?source=nobody")
    await page.getByRole("button", { name: "清除筛选" }).last().click()
    await page.waitForURL((url) => !url.searchParams.has("source"))
  })

  it("pages by older and newer, back to where it began", async () => {
    const { page } = desk
    await desk.open("/customers")
    const firstOf = () => page.getByRole("table").getByRole("link").first().textContent()
    const first = await firstOf()
    await page.getByRole("button", { name: "更早" }).click()
    await page.waitForURL(/after=/)
    await expect.poll(firstOf).not.toBe(first)
    await page.getByRole("button", { name: "更新" }).click()
    await expect.poll(firstOf).toBe(first)
  })
})

describe("pages with data of customers", () => {
  it("say who looks and on which day of the shop, also each page of one customer or group", async () => {
    const { page, company } = desk
    const { user, shop_now } = await (await company.as())(readSession, {})
    const day = dayString(dayNumber(new Date(shop_now).getTime()))
    for (const path of ["/customers", "/groups"]) {
      await desk.walk(path)
      await page.getByRole("table").getByRole("link").first().click()
      await page.waitForURL(/\/[0-9a-f-]{36}/)
      await expect.poll(() => mark().count(), { message: `${path}/…` }).toBe(1)
      const said = decodeURIComponent(await mark().evaluate((one) => getComputedStyle(one).backgroundImage))
      for (const word of [user.name, user.login, day]) expect(said, `${path}/…`).toContain(word)
    }
  })

  it("the mark is on screenshots and on paper, is not read aloud, and takes no click", async () => {
    const { page } = desk
    await desk.open("/customers")
    expect(await mark().getAttribute("aria-hidden")).toBe("true")
    const heading = { clip: { x: 240, y: 70, width: 900, height: 400 } } as const
    const marked = await page.screenshot(heading)
    await mark().evaluate((one) => one.style.setProperty("visibility", "hidden"))
    const bare = await page.screenshot(heading)
    expect(marked.equals(bare)).toBe(false)
    await mark().evaluate((one) => one.style.removeProperty("visibility"))
    await page.emulateMedia({ media: "print" })
    const printed = await mark().evaluate((one) => {
      const style = getComputedStyle(one)
      return [style.display, style.visibility, style.getPropertyValue("print-color-adjust")]
    })
    expect(printed).toEqual(["block", "visible", "exact"])
    await page.emulateMedia({ media: "screen" })
    const hit = await page.evaluate(() => document.elementFromPoint(700, 300)?.className ?? "")
    expect(hit).not.toContain("watermark")
    await page.getByRole("table").getByRole("link").first().click()
    await page.waitForURL(/\/customers\/[0-9a-f-]{36}/)
  })

  it("the search shows customers on any page, and carries the mark too", async () => {
    const { page } = desk
    await desk.open("/tags")
    await page.keyboard.press("Control+K")
    await page.getByRole("combobox").waitFor()
    expect(await page.locator("dialog .watermark").count()).toBe(1)
    await page.keyboard.press("Escape")
  })
})

describe("when something goes wrong", () => {
  it("a session that ends under an open form is asked for again on top, and nothing typed is lost", async () => {
    const { page, context } = desk
    await desk.open("/staff")
    await page.getByRole("button", { name: "新增员工" }).first().click()
    await page.getByLabel("姓名").fill("新来的同事")
    await context.clearCookies()
    await page.getByRole("dialog").getByRole("button", { name: "新增员工" }).click()
    await page.getByRole("heading", { name: "登录已过期" }).waitFor()
    await page.getByLabel("密码", { exact: true }).fill("owner-password-1")
    await page.getByRole("button", { name: "登录", exact: true }).click()
    await page.getByRole("heading", { name: "登录已过期" }).waitFor({ state: "detached" })
    expect(await page.getByLabel("姓名").inputValue()).toBe("新来的同事")
  })

  it("a server that does not answer is said so, and the page goes on by itself once it is back", async () => {
    const { page } = desk
    await desk.open("/groups")
    await page.route("**/api/**", (route) => route.abort("connectionrefused"))
    await page.getByRole("link", { name: "订单" }).click()
    await page.getByText("连不上服务器，正在重试").waitFor()
    await page.unroute("**/api/**")
    await page.getByText("连不上服务器，正在重试").waitFor({ state: "detached", timeout: 15_000 })
  })

  it("an address that is no page says so and leads back", async () => {
    await desk.page.goto(`${desk.company.origin}/no/such/page`)
    await desk.page.getByText("没有这个页面").waitFor()
  })
})
