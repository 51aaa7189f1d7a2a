import { beforeAll, describe, expect, it } from "vitest"
import { type Desk, openDesk, signIn } from "./console.ts"

let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ size: 60 })
  await signIn(desk)
}, 120_000)

describe("a list as a file", () => {
  it("is named by the minute in Shanghai and says how many rows it holds", async () => {
    const { page } = desk
    await desk.open("/orders")
    const saved = page.waitForEvent("download")
    await page.getByRole("button", { name: "导出" }).click()
    expect((await saved).suggestedFilename()).toMatch(/^订单_20\d{6}_\d{4}\.csv$/)
    await page.getByText(/^已导出 [\d,]+ 笔$/).waitFor()
  })

  it("that goes on beyond what a browser's file holds says so", async () => {
    const { page } = desk
    let first: { rows: unknown[] } | undefined
    await page.route(/\/api\/orders\?.*limit=/, async (route) => {
      first ??= (await (await route.fetch()).json()) as { rows: unknown[] }
      const rows = Array.from({ length: 200 }, () => first?.rows[0])
      await route.fulfill({ json: { ...first, rows, next_cursor: "more" } })
    })
    const saved = page.waitForEvent("download")
    await page.getByRole("button", { name: "导出" }).click()
    await page.getByText("名单还没完：文件里只有前 50,000 行。").waitFor()
    await saved
    expect(desk.complaints).toEqual([])
  })
})
