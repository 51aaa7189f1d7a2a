import { readFileSync } from "node:fs"
import { beforeAll, describe, expect, it } from "vitest"
import { listCustomers } from "../../src/modules/customers/contract.ts"
import { expireImports } from "../../src/modules/imports/index.ts"
import { readSession } from "../../src/modules/staff/contract.ts"
import { run } from "../../src/platform/db.ts"
import { type Desk, expectAccessible, openDesk, settled, signIn } from "./console.ts"

const FILE = "客户,下单时间,金额\n甲,2026-01-05,12.50\n乙,2026-02-31,3.00\n丙,2026-03-02,7.5\n"
let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ size: 40 })
  await signIn(desk)
}, 120_000)

describe("the history of imports", () => {
  it("teaches where nothing was imported yet", async () => {
    await desk.open("/imports")
    await desk.page.getByText("还没有导入过文件").waitFor()
  })

  it("a broken line under a file is told in words, and the file can be chosen again", async () => {
    const { page } = desk
    await desk.open("/imports/new?kind=orders")
    await page.route("**/api/imports/files?*", (route) => route.abort())
    const file = { name: "断线.csv", mimeType: "text/csv", buffer: Buffer.from(FILE) }
    await page.getByLabel("选择表格文件").setInputFiles(file)
    await page.getByText("文件没有传上去").waitFor()
    await page.unroute("**/api/imports/files?*")
    // A browser says nothing where the same file is chosen again, unless the field was emptied.
    expect(await page.getByLabel("选择表格文件").inputValue()).toBe("")
    await page.getByLabel("选择表格文件").setInputFiles(file)
    await page.getByRole("button", { name: "预检" }).waitFor()
    desk.complaints.length = 0
  })

  it("keeps a file with who sent it and what became of it, and gives back the rows that went wrong with the reason", async () => {
    const { page } = desk
    await desk.open("/imports/new?kind=orders")
    await page.getByLabel("选择表格文件").setInputFiles({
      name: "一月.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(FILE),
    })
    await page.getByRole("button", { name: "预检" }).click()
    await page.getByRole("button", { name: "导入 2 行" }).click()
    await page.getByText("导入完成").waitFor()

    await page.getByRole("navigation", { name: "主导航" }).getByRole("link", { name: "导入记录" }).click()
    const row = page.getByRole("row").filter({ hasText: "一月.csv" })
    await row.getByText("部分失败").waitFor()
    expect(await row.textContent()).toContain("负责人")
    await row.getByRole("link", { name: "一月.csv" }).click()
    await page.getByRole("heading", { level: 1, name: "一月.csv" }).waitFor()
    await settled(page)
    const failures = page.getByRole("table", { name: "不能导入的行" })
    expect(await failures.textContent()).toContain("2026-02-31")
    await expectAccessible(page)
    const download = page.waitForEvent("download")
    await page.getByRole("link", { name: "下载失败行" }).click()
    const text = readFileSync(await (await download).path(), "utf8")
    expect(text).toContain("错误原因")
    expect(text).toContain("乙")
    expect(text).not.toContain("甲")
    expect(desk.complaints).toEqual([])
  })

  it("says of files whose time is over that they are deleted, where the download stood, and offers none", async () => {
    const { page, company } = desk
    await run(
      company.db,
      "update imports_imports set ended_at = ended_at - interval '40 days' where state = 'done'",
    )
    await expireImports(company.db, new Date((await (await company.as())(readSession, {})).shop_now))
    await desk.open("/imports")
    await page.getByRole("link", { name: "一月.csv" }).click()
    await page.getByText("过了保留期限，已经删除").waitFor()
    await page.getByText("文件删除时间").waitFor()
    // The rows that went wrong are still told; only their file is gone.
    expect(await page.getByRole("table", { name: "不能导入的行" }).textContent()).toContain("2026-02-31")
    expect(await page.getByRole("link", { name: "下载失败行" }).count()).toBe(0)
    await expectAccessible(page)
    const { pathname } = new URL(page.url())
    const answer = await page.request.get(
      `${company.origin}/api/imports/${pathname.split("/").at(-1)}/failed.csv`,
    )
    expect(answer.status()).toBe(410)
    expect(await answer.json()).toMatchObject({ code: "file_expired" })
    expect(desk.complaints).toEqual([])
  })

  it("brings customers from their own page; bad rows come back with reasons and, put right, come in too", async () => {
    const { page, company } = desk
    const file = (name: string, text: string) => ({
      name,
      mimeType: "text/csv",
      buffer: Buffer.from(text),
    })
    const rows = [
      "姓名,手机,备注,标签",
      '叶知秋,+86 138-0000-7001,门店老客,"宝妈、企业主"',
      `安之若,13800007003,${"长".repeat(200)},`,
      "路遥,13800007004,,没有的标签",
    ]
    await desk.open("/customers")
    await page
      .getByRole("link", { name: "导入" })
      .filter({ hasText: /^导入$/ })
      .click()
    await page.getByRole("heading", { level: 1, name: "导入客户" }).waitFor()
    await page.getByLabel("选择表格文件").setInputFiles(file("老客.csv", rows.join("\n")))
    await page.getByRole("button", { name: "预检" }).click()
    await page.getByRole("button", { name: "导入 1 行" }).waitFor()
    const failures = await page.getByRole("table", { name: "不能导入的行" }).textContent()
    expect(failures).toContain("备注过长，最多 20 个字")
    expect(failures).toContain("标签体系里没有这个标签")
    await page.getByRole("button", { name: "导入 1 行" }).click()
    await page.getByText("导入完成").waitFor()
    const download = page.waitForEvent("download")
    await page.getByRole("link", { name: "下载失败行" }).click()
    const failed = readFileSync(await (await download).path(), "utf8")
    const right = failed.replace("长".repeat(200), "写短一点").replace("没有的标签", "IP")
    await page.getByRole("button", { name: "再导入一个文件" }).click()
    await page.getByLabel("选择表格文件").setInputFiles(file("老客_改.csv", right))
    await page.getByText("列的对应沿用了上一次导入的设置，请核对。").waitFor()
    await page.getByRole("button", { name: "预检" }).click()
    await page.getByRole("button", { name: "导入 2 行" }).click()
    await page.getByText("导入完成").waitFor()
    const found = await (await company.as())(listCustomers, { query: { q: "7001" } })
    expect(found.rows).toMatchObject([{ name: "叶知秋", remark: "门店老客", phone_masked: "138****7001" }])
    expect(desk.complaints).toEqual([])
  })
})
