import { beforeAll, describe, expect, it } from "vitest"
import { listCustomers } from "../../src/modules/customers/contract.ts"
import { listAudit } from "../../src/modules/staff/contract.ts"
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

  it("stands in the audit with who took it and by which filter, without the words that were searched for", async () => {
    const { page, company } = desk
    const owner = await company.as()
    const name = (await owner(listCustomers, {})).rows.find((row) => row.name.length > 1)?.name ?? ""
    await desk.open(`/customers?q=${encodeURIComponent(name)}`)
    await page.getByRole("checkbox", { name: "选择本页" }).check()
    const saved = page.waitForEvent("download")
    await page.getByRole("button", { name: /^导出这/ }).click()
    const asked = page.getByRole("dialog", { name: "导出客户" })
    await asked.getByRole("button", { name: "导出" }).click()
    await asked.getByText("请写明用途，至少 4 个字").waitFor()
    await asked.getByLabel("用途").fill("给门店核对名单")
    await asked.getByRole("button", { name: "导出" }).click()
    await saved
    const { rows } = await owner(listAudit, { query: { limit: 20 } })
    const taken = rows.find((row) => row.action === "customers.export")
    expect(taken?.after).toMatchObject({ filter: { searched: true }, reason: "给门店核对名单" })
    expect(JSON.stringify(taken)).not.toContain(name)
    expect(rows.map((row) => row.action)).toContain("orders.export")
  })

  it("is refused before anything is gathered where the right to it has ended", async () => {
    const { page } = desk
    await desk.open("/orders")
    await page.route("**/api/orders/export", (route) =>
      route.fulfill({
        status: 403,
        contentType: "application/problem+json",
        json: {
          type: "about:blank",
          title: "forbidden",
          status: 403,
          code: "forbidden",
          message: "没有权限。",
          message_en: "No.",
        },
      }),
    )
    const asked: string[] = []
    page.on("request", (request) => asked.push(request.url()))
    await page.getByRole("button", { name: "导出" }).click()
    await page.getByText("没有权限。").waitFor()
    expect(asked.filter((url) => url.includes("limit=200"))).toEqual([])
    await page.unroute("**/api/orders/export")
  })

  it("that goes on beyond what a browser's file holds says so", async () => {
    const { page } = desk
    let first: { rows: unknown[] } | undefined
    await page.route(/\/api\/orders\?.*limit=/, async (route) => {
      first ??= (await (await route.fetch()).json()) as { rows: unknown[] }
      // Some large pages: 250 of the usual size took half a minute on a busy machine, as long as a download is waited for.
      const rows = Array.from({ length: 10_000 }, () => first?.rows[0])
      await route.fulfill({ json: { ...first, rows, next_cursor: "more" } })
    })
    const saved = page.waitForEvent("download")
    await page.getByRole("button", { name: "导出" }).click()
    await page.getByText("名单还没完：文件里只有前 50,000 行。").waitFor()
    await saved
    expect(desk.complaints).toEqual([])
  })
})
