import { readFileSync } from "node:fs"
import ExcelJS from "exceljs"
import { beforeAll, describe, expect, it } from "vitest"
import { listCustomers } from "../../src/modules/customers/contract.ts"
import { type Desk, expectAccessible, openDesk, signIn } from "./console.ts"

const FILE = [
  "姓名,手机,备注,标签,生日",
  '叶知秋,+86 138-0000-7001,门店老客,"宝妈、企业主",05-20',
  "池非鱼,1380000,,,",
  `安之若,13800007003,${"长".repeat(200)},,`,
  "路遥,13800007004,,没有的标签,",
].join("\n")
let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ size: 20 })
  await signIn(desk)
}, 120_000)

const csv = (name: string, text: string | Buffer) => ({
  name,
  mimeType: "text/csv",
  buffer: Buffer.from(text),
})

describe("customers from a file", () => {
  it("come in from their own page; bad rows come back with reasons and, put right, come in too", async () => {
    const { page, company } = desk
    await desk.open("/customers")
    await page.getByRole("button", { name: "导入" }).click()
    await page.getByRole("heading", { level: 1, name: "导入客户" }).waitFor()
    await page.getByLabel("选择表格文件").setInputFiles(csv("老客.csv", FILE))
    await page.getByRole("table", { name: "文件的前几行" }).waitFor()
    expect(await page.getByRole("table", { name: "文件的前几行" }).textContent()).toContain("叶知秋")
    await expectAccessible(page)
    await page.getByRole("button", { name: "预检" }).click()
    await page.getByRole("button", { name: "导入 1 行" }).waitFor()
    const failures = await page.getByRole("table", { name: "不能导入的行" }).textContent()
    for (const reason of ["手机号不正确", "备注过长，最多 20 个字", "标签体系里没有这个标签"])
      expect(failures).toContain(reason)
    await page.getByRole("button", { name: "导入 1 行" }).click()
    await page.getByText("导入完成").waitFor()
    const saved = page.waitForEvent("download")
    await page.getByRole("link", { name: "下载失败行" }).click()
    const failed = readFileSync(await (await saved).path(), "utf8")
    const right = failed
      .replace("1380000,", "13800007002,")
      .replace("长".repeat(200), "写短一点")
      .replace("没有的标签", "IP")
    await page.getByRole("button", { name: "再导入一个文件" }).click()
    await page.getByLabel("选择表格文件").setInputFiles(csv("老客_改.csv", right))
    await page.getByText("列的对应沿用了上一次导入的设置，请核对。").waitFor()
    await page.getByRole("button", { name: "预检" }).click()
    await page.getByRole("button", { name: "导入 3 行" }).click()
    await page.getByText("导入完成").waitFor()
    const owner = await company.as()
    const { rows } = await owner(listCustomers, { query: { q: "7001" } })
    expect(rows).toMatchObject([{ name: "叶知秋", remark: "门店老客", phone_masked: "138****7001" }])
    await page.getByRole("link", { name: "导入记录" }).first().click()
    const row = page.getByRole("row").filter({ hasText: "老客_改.csv" })
    await row.getByText("已完成").waitFor()
    expect(await row.textContent()).toContain("客户")
    expect(desk.complaints).toEqual([])
  })

  it("are filled into a template that keeps phones as texts and says how", async () => {
    const { page } = desk
    await desk.open("/imports/new?kind=customers")
    const saved = page.waitForEvent("download")
    await page.getByRole("link", { name: "下载模板" }).click()
    const book = new ExcelJS.Workbook()
    await book.xlsx.readFile(await (await saved).path())
    expect(book.worksheets.map((sheet) => sheet.name)).toEqual(["客户", "填写说明"])
    const sheet = book.worksheets[0]!
    const headings = (sheet.getRow(1).values as string[]).slice(1)
    expect(headings).toEqual(expect.arrayContaining(["手机号", "姓名", "备注", "标签", "负责人"]))
    const phone = sheet.getCell(2, headings.indexOf("手机号") + 1)
    expect([phone.value, phone.numFmt]).toEqual(["13800001234", "@"])
    expect(sheet.getCell(2, headings.indexOf("性别") + 1).dataValidation.formulae).toEqual(['"男,女,未知"'])
  })

  it("garbled in one encoding are read in another, and the columns are guessed again", async () => {
    const { page } = desk
    await desk.open("/imports/new?kind=tags")
    // "手机号,标签" in GBK, and a row that is plain ASCII.
    const gbk = Buffer.concat([
      Buffer.from("cad6bbfabac52cb1eac7a9", "hex"),
      Buffer.from("\n13800007001,IP\n"),
    ])
    await page.getByLabel("选择表格文件").setInputFiles(csv("标签.csv", gbk))
    await page.getByRole("table", { name: "文件的前几行" }).getByText("手机号").waitFor()
    await page.getByRole("combobox", { name: "文字编码（下面的内容是乱码时换一种）" }).click()
    await page.getByTitle("UTF-16LE").click()
    await page.getByRole("combobox", { name: "文字编码（下面的内容是乱码时换一种）" }).click()
    await page.getByTitle("GB18030").last().click()
    await page.getByRole("table", { name: "文件的前几行" }).getByText("手机号").waitFor()
    await page.getByRole("button", { name: "预检" }).click()
    await page.getByRole("button", { name: "导入 1 行" }).click()
    await page.getByText("导入完成").waitFor()
    expect(desk.complaints).toEqual([])
  })
})
