import { beforeAll, describe, expect, it } from "vitest"
import { type Desk, expectAccessible, openDesk, signIn } from "./console.ts"

let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ size: 40 })
  await signIn(desk)
}, 120_000)

const drawer = () => desk.page.getByRole("dialog", { name: "新建令牌" })
async function openDrawer() {
  await desk.page.getByRole("button", { name: "新建令牌" }).first().click()
  await drawer().getByLabel("用途").waitFor()
}

describe("a form in a drawer", () => {
  it("cannot be closed over what is being sent, and shows nothing of the last try when it is opened again", async () => {
    const { page } = desk
    let answer = () => {}
    const held = new Promise<void>((resolve) => {
      answer = resolve
    })
    await page.route("**/api/tokens", async (route) => {
      if (route.request().method() !== "POST") return route.fallback()
      await held
      await route.fulfill({
        status: 409,
        contentType: "application/problem+json",
        body: JSON.stringify({ code: "busy", message: "现在不能新建。", message_en: "Not now." }),
      })
    })
    await desk.open("/tokens")
    await openDrawer()
    await drawer().getByLabel("用途").fill("报表")
    await drawer().getByRole("button", { name: "创建令牌" }).click()
    await drawer().locator("button[disabled]", { hasText: "取" }).waitFor()
    await page.keyboard.press("Escape")
    expect(await drawer().isVisible()).toBe(true)
    answer()
    await drawer().getByText("现在不能新建。").waitFor()
    expect(await drawer().getByLabel("用途").inputValue()).toBe("报表")
    await drawer().getByRole("button", { name: "取消" }).click()
    await drawer().getByRole("button", { name: "离开" }).click()
    await drawer().waitFor({ state: "hidden" })
    await openDrawer()
    expect(await drawer().getByText("现在不能新建。").count()).toBe(0)
    await page.unroute("**/api/tokens")
    desk.complaints.length = 0
  })

  it("comes without motion where somebody asked their machine for less of it", async () => {
    const { page } = desk
    await desk.open("/tokens")
    await page.evaluate(() => {
      const seen: string[] = []
      Object.assign(window, { seen })
      for (const type of ["animationstart", "transitionrun"])
        document.addEventListener(
          type,
          (event) => {
            const { className } = event.target as HTMLElement
            if (String(className).includes("ant-drawer")) seen.push(`${type} ${className}`)
          },
          true,
        )
    })
    await openDrawer()
    await drawer().getByRole("button", { name: "取消" }).click()
    await drawer().waitFor({ state: "hidden" })
    expect(await page.evaluate(() => (window as unknown as { seen: string[] }).seen)).toEqual([])
  })

  it("asks before the way back takes what was typed", async () => {
    const { page } = desk
    await desk.open("/roles")
    await page.getByRole("navigation", { name: "主导航" }).getByRole("link", { name: "API 令牌" }).click()
    await page.getByRole("heading", { level: 1, name: "API 令牌" }).waitFor()
    await openDrawer()
    await drawer().getByLabel("用途").fill("报表")
    // What asks comes with the drawer.
    await page.waitForLoadState("networkidle")
    await page.goBack()
    const ask = page.getByRole("dialog", { name: "有未保存的修改" })
    await ask.getByRole("button", { name: "继续编辑" }).click()
    await ask.waitFor({ state: "hidden" })
    expect(await drawer().getByLabel("用途").inputValue()).toBe("报表")
    await expectAccessible(page)
    await page.goBack()
    await ask.getByRole("button", { name: "离开" }).click()
    await page.waitForURL("**/roles*")
    expect(desk.complaints).toEqual([])
  })
})
