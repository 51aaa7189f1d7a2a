import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import ExcelJS from "exceljs"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { isRefused } from "../../../kernel/result.ts"
import { type Db, oneRow, rows } from "../../../platform/db.ts"
import { type ZipPart, zipOf } from "../../../platform/tables/zip-of.test-kit.ts"
import { testDb } from "../../../platform/testkit/index.ts"
import { type FailedRow, failuresFile, type ImportOptions, importFile } from "../../imports/index.ts"
import { ORDER_FAILURES } from "./failures.ts"
import { ordersKind } from "./kind.ts"

const now = new Date("2026-11-23T04:00:00Z")
const MAP = { customer: "客户", at: "日期", amount: "金额" }
let db: Db
let folder: string
beforeAll(async () => {
  db = await testDb()
  folder = await mkdtemp(join(tmpdir(), "siyu-import-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Each test has a company without customers: a name means the same person in every file. */
beforeEach(() =>
  db.query(
    "truncate orders_orders, orders_lines, orders_refunds, orders_by_customer, customers_customers, customers_identities, traits_customers",
  ),
)

let serial = 0
type Over = Partial<ImportOptions> & { name?: string; customer_is?: "phone" }

async function bring(content: string | Buffer, over: Over = {}) {
  const path = join(folder, over.name ?? `file${++serial}`)
  await writeFile(path, content)
  const failures: FailedRow[] = []
  const { name: _, customer_is, ...options } = over
  const result = await importFile(db, ordersKind(customer_is), path, {
    mapping: MAP,
    header: true,
    source: over.source ?? `source${serial}`,
    now,
    onFailure: (f) => void failures.push(f),
    ...options,
  })
  if (isRefused(result)) return { refused: result.refused, counts: null, failures }
  const { read, imported, skipped, failed } = result
  return { refused: null, counts: [read, imported, skipped, failed], failures }
}

async function customers(source: string) {
  const found = await rows<{ name: string; n: number; gmv: number; refund: number }>(
    db,
    `select distinct k.name_in_source as name, k.order_count as n, k.gmv_fen as gmv, k.refund_fen as refund
     from orders_by_customer k
     where customer_id in (
       select customer_id from orders_orders join orders_sources using (source_id) where name = $1
       union select customer_id from orders_refunds join orders_sources using (source_id) where name = $1)
     order by 1`,
    [source],
  )
  return found.map((c) => [c.name, c.n, c.gmv, c.refund])
}

const table = (...lines: string[]) => ["客户,日期,金额", ...lines, ""].join("\n")
const codes = (failures: FailedRow[]) => failures.map((f) => [f.line, f.code])

describe("rows without an order number", () => {
  it("are told apart by file and line: two equal rows are two orders, and the same file twice adds nothing", async () => {
    const file = table("甲,2024-01-05,10.00", "甲,2024-01-05,10.00", "乙,2024-01-06,0")
    expect((await bring(file, { source: "twice" })).counts).toEqual([3, 3, 0, 0])
    expect((await bring(file, { source: "twice" })).counts).toEqual([3, 0, 3, 0])
    expect(await customers("twice")).toEqual([
      ["乙", 1, 0, 0],
      ["甲", 2, 2_000, 0],
    ])
  })

  it("that say something else on the same line fail and show both", async () => {
    await bring(table("甲,2024-01-05,10.00", "乙,2024-01-06,20"), { source: "changed" })
    const again = await bring(table("甲,2024-01-05,10.00", "乙,2024-01-06,21"), { source: "changed" })
    expect(again.counts).toEqual([2, 0, 1, 1])
    const [failure] = again.failures
    expect(failure!.reason).toBe(
      "同一来源的这一行已导入过，但内容不同：原为「乙 2024-01-06 00:00:00 20.00」，现为「乙 2024-01-06 00:00:00 21.00」",
    )
  })

  it("of the next month's file are further orders of the same customers, known by the same number", async () => {
    await bring(table("甲,2024-01-05,10.00", "乙,2024-01-06,5.00"), {
      name: "january.csv",
      source: "january.csv",
    })
    await bring(table("甲,2024-02-05,20.00"), { name: "february.csv", source: "february.csv" })
    expect(await customers("january.csv")).toEqual([
      ["乙", 1, 500, 0],
      ["甲", 2, 3_000, 0],
    ])
  })

  it("belong to one customer where the column holds phone numbers that are known", async () => {
    await bring(table("13900001111,2024-01-05,10.00"), { source: "p1", customer_is: "phone" })
    await bring(table("13900001111,2024-01-06,20.00"), { source: "p2", customer_is: "phone" })
    expect(await customers("p2")).toEqual([["13900001111", 2, 3_000, 0]])
  })

  it("of a file of 1,000 with 10 bad: 990 go in and 10 come back with reasons; again: none is new", async () => {
    const lines = Array.from({ length: 1_000 }, (_, i) =>
      i % 100 === 50 ? `客${i},2024-02-31,1.00` : `客${i},2024-02-28,1.00`,
    )
    const first = await bring(table(...lines), { source: "ten bad" })
    expect(first.counts).toEqual([1_000, 990, 0, 10])
    expect(new Set(first.failures.map((f) => f.code))).toEqual(new Set(["bad_date"]))
    expect((await bring(table(...lines), { source: "ten bad" })).counts).toEqual([1_000, 0, 990, 10])
  })

  it("fail one by one with what is wrong with each", async () => {
    const long = "长".repeat(301)
    const { counts, failures } = await bring(
      table(
        "甲,31/02/2024,1",
        "甲,2024-01-05,-5",
        "甲,2024-01-05,十元",
        "甲,2024-01-05,=1+1",
        ",2024-01-05,1",
        "甲,2024-01-05",
        `${long},2024-01-05,1`,
        "甲,2024-01-05,99999999999",
        "甲\0乙,2024-01-05,1",
        "=1+1,2024-01-05,1",
      ),
    )
    expect(codes(failures)).toEqual([
      [2, "bad_date"],
      [3, "negative_without_order"],
      [4, "bad_amount"],
      [5, "bad_amount"],
      [6, "missing_customer"],
      [7, "too_few_columns"],
      [8, "text_too_long"],
      [9, "amount_too_large"],
      [10, "bad_character"],
    ])
    expect(counts).toEqual([10, 1, 0, 9])
  })
})

describe("rows with an order number", () => {
  const ORDER = { mapping: { ...MAP, order: "单号", product: "商品" } }
  const orders = (...lines: string[]) => ["单号,客户,日期,金额,商品", ...lines, ""].join("\n")

  it("are lines of one order, its money their sum; negative ones lower the money and are no order", async () => {
    const file = orders(
      "A1,甲,2024-01-05 10:00,10.00,书",
      "A1,甲,2024-01-05 10:00,10.00,书",
      "A1,甲,2024-01-05 10:00,0.005,笔",
      "C1,甲,2024-01-07,-4,书",
      "A2,乙,2024/1/6,0,赠品",
      "C2,丙,2024-01-08,-9.995,",
    )
    expect((await bring(file, { ...ORDER, source: "lines" })).counts).toEqual([6, 6, 0, 0])
    expect((await bring(file, { ...ORDER, source: "lines" })).counts).toEqual([6, 0, 6, 0])
    expect(await customers("lines")).toEqual([
      ["丙", 0, 0, 1_000],
      ["乙", 1, 0, 0],
      ["甲", 1, 2_001, 400],
    ])
    const told = await rows<{ type: string; n: number }>(
      db,
      "select type, count(*)::int as n from facts where payload->>'source' = 'lines' group by type order by type",
    )
    expect(told).toEqual([
      { type: "order.paid", n: 2 },
      { type: "order.refunded", n: 2 },
    ])
  })

  it("are known again when another file overlaps, and a refund that comes later finds its order", async () => {
    const jan = orders("B1,甲,2024-01-05,10,书", "B2,甲,2024-01-20,20,笔")
    const feb = orders("B2,甲,2024-01-20,20,笔", "B3,甲,2024-02-01,30,本", "B1,甲,2024-02-02,-3,书")
    await bring(jan, { ...ORDER, source: "monthly" })
    expect((await bring(feb, { ...ORDER, source: "monthly" })).counts).toEqual([3, 2, 1, 0])
    expect(await customers("monthly")).toEqual([["甲", 3, 6_000, 300]])
    const first = await oneRow<{ refunded_fen: number }>(
      db,
      "select refunded_fen from orders_orders where order_no = 'B1'",
    )
    expect(first.refunded_fen).toBe(300)
  })

  it("that were changed fail and show both, and so does a number that another customer holds", async () => {
    await bring(orders("D1,甲,2024-01-05,10,书"), { ...ORDER, source: "altered" })
    const again = await bring(orders("D1,甲,2024-01-05,12,书", "D1,乙,2024-01-05,1,笔"), {
      ...ORDER,
      source: "altered",
    })
    expect(codes(again.failures)).toEqual([
      [2, "changed_order"],
      [3, "order_of_another"],
    ])
    expect(again.failures[0]!.detail).toBe(
      "原为「甲 2024-01-05 00:00:00 10.00 书」，现为「甲 2024-01-05 00:00:00 12.00 书」",
    )
    expect(await customers("altered")).toEqual([["甲", 1, 1_000, 0]])
  })

  it("stay one order when their rows stand thousands of rows apart", async () => {
    const filler = Array.from({ length: 6_000 }, (_, i) => `F${i},乙,2024-01-05,1,填`)
    const file = orders("E1,甲,2024-01-05,10,书", ...filler, "E1,甲,2024-01-05,5,笔", "E1,甲,2024-01-05,5,笔")
    expect((await bring(file, { ...ORDER, source: "apart" })).counts).toEqual([6_003, 6_003, 0, 0])
    expect((await bring(file, { ...ORDER, source: "apart" })).counts).toEqual([6_003, 0, 6_003, 0])
    expect((await customers("apart"))[1]).toEqual(["甲", 1, 2_000, 0])
    expect(await rows(db, "select 1 from orders_import_seen")).toEqual([])
  })
})

describe("a run that is cut short", () => {
  const lines = Array.from(
    { length: 12_000 },
    (_, i) => `客${i % 3_000},2024-03-${String(1 + (i % 28)).padStart(2, "0")},${i}.50`,
  )

  it("keeps what was committed, and the next run adds the rest and nothing twice", async () => {
    const stop = new AbortController()
    const first = await bring(table(...lines), {
      source: "cut",
      signal: stop.signal,
      onProgress: () => stop.abort(),
    })
    expect(first.counts![0]).toBeGreaterThanOrEqual(5_000)
    expect(first.counts![0]).toBeLessThan(12_000)
    const done = first.counts![1]!
    expect((await bring(table(...lines), { source: "cut" })).counts).toEqual([12_000, 12_000 - done, done, 0])
    const sum = await oneRow<{ n: number; fen: number }>(
      db,
      `select sum(order_count)::bigint as n, sum(gmv_fen)::bigint as fen from orders_by_customer
       where customer_id in (select customer_id from orders_orders join orders_sources using (source_id) where name = 'cut')`,
    )
    expect(sum).toEqual({ n: 12_000, fen: (12_000 * 11_999 * 100) / 2 + 12_000 * 50 })
  })

  it("by a file cut inside a row: that row fails, and the whole file later adds what was missing", async () => {
    const whole = Buffer.from(table("甲,2024-01-05,10.00", "乙,2024-01-06,20.00", "丙,2024-01-07,30.00"))
    const cut = whole.subarray(0, whole.length - 12)
    const first = await bring(cut, { source: "half" })
    expect([first.counts, codes(first.failures)]).toEqual([[3, 2, 0, 1], [[4, "too_few_columns"]]])
    expect((await bring(whole, { source: "half" })).counts).toEqual([3, 1, 2, 0])
  })

  it("by two runs of one file at the same moment leaves every order once", async () => {
    const file = table(...lines.slice(0, 6_000))
    const [a, b] = await Promise.all([bring(file, { source: "both" }), bring(file, { source: "both" })])
    expect(a.counts![1]! + b.counts![1]!).toBe(6_000)
  })
})

describe("a dry run", () => {
  it("tells every row's fate and changes nothing", async () => {
    const file = table("甲,2024-01-05,10.00", "甲,2024-02-31,10.00")
    expect((await bring(file, { source: "dry", dry_run: true })).counts).toEqual([2, 1, 0, 1])
    expect(await customers("dry")).toEqual([])
    expect((await bring(file, { source: "dry" })).counts).toEqual([2, 1, 0, 1])
  })
})

describe("files as people have them", () => {
  const gbk = Buffer.concat([
    // 客户,日期,金额 and 王小明 in GB18030
    Buffer.from("bfcdbba72cc8d5c6da2cbdf0b6ee0d0a", "hex"),
    Buffer.from("cdf5d0a1c3f72c323032342f312f352c392e390d0a", "hex"),
  ])
  const utf16 = Buffer.concat([
    Buffer.from([0xff, 0xfe]),
    Buffer.from(table("王小明\t2024/1/5\t9.9").replaceAll(",", "\t"), "utf16le"),
  ])

  it.each([
    ["GB18030", gbk],
    ["UTF-8 with its mark", Buffer.from(`\ufeff${table("王小明,2024/1/5,9.9")}`)],
    ["UTF-16 with tabs, as Excel saves Unicode text", utf16],
    ["semicolons and quotes", Buffer.from('客户;日期;金额\r\n"王小明";"2024/1/5";"9.9"\r\n')],
    ["no line end at the end", Buffer.from("客户,日期,金额\n王小明,2024年1月5日,￥9.90")],
    ["old Mac line ends", Buffer.from("客户,日期,金额\r王小明,20240105,9.9\r")],
    [
      "empty rows and columns without a heading",
      Buffer.from("\n客户,日期,金额,,\n\n王小明,2024-01-05,9.9,,\n,,,,\n"),
    ],
  ])("%s is read", async (_what, content) => {
    const source = `encoding ${++serial}`
    expect((await bring(content, { source })).counts).toEqual([1, 1, 0, 0])
    expect(await customers(source)).toEqual([["王小明", 1, 990, 0]])
  })

  it("columns told apart by blanks are read, by heading or by number", async () => {
    const lines = " 00001 19970101  1   11.77\r\n 00002 19970112  1   12.00\r\n"
    const options = {
      delimiter: "whitespace",
      mapping: { customer: "id", at: "date", amount: "value" },
    } as const
    expect((await bring(` id  date n value\r\n${lines}`, { ...options, source: "blanks" })).counts).toEqual([
      2, 2, 0, 0,
    ])
    const numbers = { ...options, header: false, mapping: { customer: "1", at: "2", amount: "4" } }
    expect((await bring(lines, { ...numbers, source: "numbers" })).counts).toEqual([2, 2, 0, 0])
    expect(await customers("numbers")).toEqual([
      ["00001", 2, 2_354, 0],
      ["00002", 2, 2_400, 0],
    ])
  })

  it("cells with commas, quotes and line ends are one cell; a quote that is never closed is told and not guessed at", async () => {
    const file = table(
      '"张,三",2024-01-05,1',
      '"李""四""\n五",2024-01-05,1',
      '"赵六,2024-01-05,1',
      "钱七,2024-01-05,1",
    )
    const { counts, failures } = await bring(file, { source: "quotes" })
    expect([counts, codes(failures)]).toEqual([[3, 2, 0, 1], [[4, "unclosed_quote"]]])
    expect((await customers("quotes")).map((c) => c[0])).toEqual(["张,三", '李"四"\n五'])
  })

  it("ids of 18 digits stay what they are", async () => {
    await bring(table("110101199003078813,2024-01-05,1"), { source: "ids" })
    expect(await customers("ids")).toEqual([["110101199003078813", 1, 100, 0]])
  })

  it.each([
    [
      "without the column",
      { mapping: { ...MAP, amount: "实付" } },
      table("甲,2024-01-05,1"),
      "missing_column",
    ],
    ["with two columns of one name", {}, "客户,日期,金额,金额\n甲,2024-01-05,1,2\n", "ambiguous_column"],
    ["that are empty", {}, "", "empty_file"],
    ["in the old Excel format", {}, Buffer.from("d0cf11e0a1b11ae1", "hex"), "old_excel_format"],
    ["that are a broken workbook", {}, Buffer.from("PK\u0003\u0004 no more"), "damaged_file"],
    ["that are no text", {}, Buffer.from([0x00, 0x81, 0xff, 0x00, 0x80]), "unknown_encoding"],
  ])("files %s are refused as a whole", async (_what, over, content, code) => {
    expect((await bring(content, over)).refused).toBe(code)
  })

  it("a file that is not there is refused", async () => {
    const options = { mapping: MAP, header: true, source: "x", now }
    expect(await importFile(db, ordersKind(), join(folder, "nowhere"), options)).toMatchObject({
      refused: "file_not_found",
    })
  })
})

describe("workbooks", () => {
  async function workbook(
    fill: (sheet: ExcelJS.Worksheet) => void,
    options: { date1904?: boolean } = {},
  ): Promise<Buffer> {
    const book = new ExcelJS.Workbook()
    if (options.date1904) book.properties.date1904 = true
    const sheet = book.addWorksheet("订单")
    fill(sheet)
    return Buffer.from(await book.xlsx.writeBuffer())
  }

  it("are read with dates, numbers and texts as they are, formulas and lost digits told", async () => {
    const file = await workbook((sheet) => {
      sheet.addRow(["客户", "日期", "金额"])
      sheet.addRow(["110101199003078813", new Date("2024-01-05T10:30:00Z"), 10.005])
      sheet.addRow([20240105, "2024/1/6", "¥1,234.50"])
      sheet.addRow([Number("110101199003078813"), "2024/1/6", 1])
      sheet.addRow(["甲", "2024/1/6", { formula: "1+1", result: 2 }])
      sheet.addRow(["乙", "2024/1/6"])
      sheet.addRow([{ richText: [{ text: "王" }, { text: "五" }] }, "2024/1/6", 0.1 + 0.2])
    })
    const { counts, failures } = await bring(file, { source: "book" })
    expect(codes(failures)).toEqual([
      [4, "number_lost_digits"],
      [5, "formula_cell"],
      [6, "bad_amount"],
    ])
    expect(counts).toEqual([6, 3, 0, 3])
    expect(await customers("book")).toEqual([
      ["110101199003078813", 1, 1_001, 0],
      ["20240105", 1, 123_450, 0],
      ["王五", 1, 30, 0],
    ])
    const { at } = await oneRow<{ at: Date }>(
      db,
      "select paid_at as at from orders_orders where paid_fen = 1001",
    )
    expect(at.toISOString()).toBe("2024-01-05T02:30:00.000Z")
  })

  it("counting days from 1904 mean the same day", async () => {
    const fill = (sheet: ExcelJS.Worksheet) => {
      sheet.addRow(["客户", "日期", "金额"])
      sheet.addRow(["甲", new Date("2024-01-05T00:00:00Z"), 7.77])
    }
    const brought = await bring(await workbook(fill, { date1904: true }), { source: "1904" })
    expect(brought).toMatchObject({ refused: null, failures: [] })
    const { day } = await oneRow<{ day: number }>(db, "select day from orders_orders where paid_fen = 777")
    expect(day).toBe(Date.UTC(2024, 0, 5) / 86_400_000)
  })

  it("that are cut in the middle are refused as a whole", async () => {
    const file = await workbook((sheet) =>
      sheet.addRows([
        ["客户", "日期", "金额"],
        ["甲", "2024-01-05", 1],
      ]),
    )
    expect((await bring(file.subarray(0, file.length / 2))).refused).toBe("damaged_file")
  })

  it.each([
    ["a sheet of 60 MB in 60 KB", { "xl/worksheets/sheet1.xml": { bytes: 60_000_000 } }, "unpacks_too_large"],
    [
      "a directory that lies about it",
      { "xl/worksheets/sheet1.xml": { bytes: 60_000_000, claims: 100 } },
      "damaged_file",
    ],
    ["shared texts of 100 MB", { "xl/sharedStrings.xml": { bytes: 100_000_000 } }, "unpacks_too_large"],
    [
      "ten thousand parts",
      Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`xl/${i}.xml`, { bytes: 1 }])),
      "unpacks_too_large",
    ],
  ])("with %s are not unpacked", async (_what, parts, code) => {
    const file = zipOf({ "xl/workbook.xml": { bytes: 10 }, ...(parts as Record<string, ZipPart>) })
    const before = process.memoryUsage().rss
    expect((await bring(file)).refused).toBe(code)
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024)
  })
})

describe("the file of failed rows", () => {
  it("gives the rows back as they came, with the reason, and nothing that a spreadsheet would calculate", async () => {
    const out = join(folder, "errors.csv")
    const errors = await failuresFile(out)
    const { failures } = await bring(table("=cmd|' /C calc'!A0,2024-02-31,1", "甲,2024-01-05,-5"), {
      source: "back",
    })
    for (const failure of failures) await errors.write(failure)
    await errors.close(["客户", "日期", "金额"])
    expect((await readFile(out, "utf8")).split("\r\n")).toEqual([
      "\ufeff客户,日期,金额,行号,错误原因",
      `'=cmd|' /C calc'!A0,2024-02-31,1,2,${ORDER_FAILURES.bad_date.zh}`,
      `甲,2024-01-05,-5,3,${ORDER_FAILURES.negative_without_order.zh}`,
      "",
    ])
  })
})
