import { beforeAll, describe, expect, it } from "vitest"
import { dayNumber, dayString } from "../../src/kernel/day.ts"
import { readSession } from "../../src/modules/staff/contract.ts"
import { type Desk, openDesk, signIn } from "./console.ts"

const PERSONAL = [
  "/today",
  "/customers",
  "/orders",
  "/orders/import",
  "/segments/new",
  "/sends/new",
  "/audit",
]
const DETAILS = ["/customers", "/groups"]
const OPEN = ["/tags", "/segments", "/codes", "/data", "/accounts", "/limits"]

let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ size: 60 })
  await signIn(desk)
}, 120_000)

const mark = () => desk.page.locator(".watermark")

describe("pages with data of customers", () => {
  it("carry who looks and the shop's day, on every one of them and on no other", async () => {
    const { page, company } = desk
    const { user, shop_now } = await (await company.as())(readSession, {})
    const said = async () =>
      decodeURIComponent(await mark().evaluate((one) => getComputedStyle(one).backgroundImage))
    for (const path of PERSONAL) {
      await desk.walk(path)
      expect(await mark().count(), path).toBe(1)
      expect(await said(), path).toContain(user.name)
      expect(await said(), path).toContain(user.login)
      expect(await said(), path).toContain(dayString(dayNumber(new Date(shop_now).getTime())))
    }
    for (const path of DETAILS) {
      await desk.walk(path)
      await page.getByRole("table").getByRole("link").first().click()
      await page.waitForURL(/\/[0-9a-f-]{36}/)
      await expect.poll(() => mark().count(), { message: `${path}/…` }).toBe(1)
    }
    for (const path of OPEN) {
      await desk.walk(path)
      expect(await mark().count(), path).toBe(0)
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
    expect(desk.complaints).toEqual([])
  })
})
