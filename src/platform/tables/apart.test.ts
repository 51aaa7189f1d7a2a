import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createDeflateRaw } from "node:zlib"
import ExcelJS from "exceljs"
import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { isRefused } from "../../kernel/result.ts"
import { openApart, TableLost } from "./apart.ts"
import { TABLE_REFUSALS } from "./refusals.ts"
import type { TableRow } from "./table.ts"
import { type ZipPart, zipOf } from "./zip-of.test-kit.ts"

/** Spoiled files that are tried, and the seed they are made of. */
const RUNS = Number(process.env.SIYU_FUZZ_FILES ?? 60)
const SEED = Number(process.env.SIYU_FUZZ_SEED ?? Date.now() % 0x7fff_ffff)
const OURS_MAY_GROW = 150 * 1024 ** 2
const GOOD = "客户,日期,金额\n甲,2024-01-05,1.00\n乙,2024-01-06,2.00\n"

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "siyu-apart-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

let serial = 0
/** What becomes of a file: why it was refused, or its rows. */
async function taken(content: string | Buffer): Promise<string | TableRow[]> {
  const path = join(folder, `file${++serial}`)
  await writeFile(path, content)
  const table = await openApart(path, { header: true })
  if (isRefused(table)) return table.refused
  const rows: TableRow[] = []
  try {
    for await (const slice of table.rows()) rows.push(...slice)
    return rows
  } catch (error) {
    if (error instanceof TableLost) return error.refusal.refused
    throw error
  } finally {
    table.close()
    await rm(path)
  }
}
const cells = (answer: string | TableRow[]) =>
  typeof answer === "string" ? answer : answer.map((row) => row.cells)

/** Some megabytes of one letter, packed without ever being held. */
async function packedBlanks(megabytes: number): Promise<Buffer> {
  const deflate = createDeflateRaw({ level: 9 })
  const out: Buffer[] = []
  deflate.on("data", (chunk: Buffer) => out.push(chunk))
  const ended = new Promise((resolve) => deflate.on("end", resolve))
  const block = Buffer.alloc(1_000_000, 32)
  for (let n = 0; n < megabytes; n++)
    if (!deflate.write(block)) await new Promise((resolve) => deflate.once("drain", resolve))
  deflate.end()
  await ended
  return Buffer.concat(out)
}

const part = (text: string): ZipPart => {
  const content = Buffer.from(text)
  return { bytes: content.length, content }
}
const NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
const BOOK = part(
  `<workbook ${NS} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>`,
)
const SHEET = part(
  `<worksheet ${NS}><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>`,
)

async function workbook(fill: (sheet: ExcelJS.Worksheet) => void): Promise<Buffer> {
  const book = new ExcelJS.Workbook()
  fill(book.addWorksheet("订单"))
  return Buffer.from(await book.xlsx.writeBuffer())
}

describe("a file that is made to exhaust its reader", { timeout: 200_000 }, () => {
  const hostile: [string, () => Promise<Buffer>][] = [
    [
      "of 500 MB in half a megabyte",
      async () =>
        zipOf({
          "xl/workbook.xml": BOOK,
          "xl/worksheets/sheet1.xml": { bytes: 500_000_000, packed: await packedBlanks(500) },
        }),
    ],
    [
      "with millions of shared texts, each of them small and all of them below the limits",
      async () => {
        let texts = `<sst ${NS}>`
        for (let n = 0; texts.length < 60_000_000; n++) texts += `<si><r><t>${n % 9973}</t></r></si>`
        return zipOf({
          "xl/workbook.xml": BOOK,
          "xl/sharedStrings.xml": part(`${texts}</sst>`),
          "xl/worksheets/sheet1.xml": SHEET,
        })
      },
    ],
  ]
  it.each(hostile)("%s is refused, and the next file is read as if nothing had been", async (_what, make) => {
    const file = await make()
    const before = process.memoryUsage().rss
    expect(await taken(file)).toBe("unpacks_too_large")
    expect(process.memoryUsage().rss - before).toBeLessThan(OURS_MAY_GROW)
    expect(cells(await taken(GOOD))).toEqual([
      ["甲", "2024-01-05", "1.00"],
      ["乙", "2024-01-06", "2.00"],
    ])
  })

  it("by one cell of many megabytes loses that row alone", async () => {
    const answer = await taken(
      await workbook((sheet) => {
        sheet.addRow(["客户", "日期"])
        sheet.addRow(["x".repeat(3_000_000), "2024-01-05"])
        sheet.addRow(["甲", "2024-01-05"])
      }),
    )
    expect(answer).toMatchObject([{ line: 2, broken: "line_too_long" }, { line: 3 }])
  })
})

describe("a workbook that points elsewhere", () => {
  it("is read without asking anybody", async () => {
    let asked = 0
    const elsewhere = createServer((socket) => {
      asked++
      socket.destroy()
    })
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve))
    const { port } = elsewhere.address() as { port: number }
    const answer = await taken(
      await workbook((sheet) => {
        sheet.addRow(["客户", "链接", "公式"])
        sheet.addRow([
          "甲",
          { text: "看", hyperlink: `http://127.0.0.1:${port}/a` },
          { formula: `'[http://127.0.0.1:${port}/b.xlsx]S'!A1`, result: 1 },
        ])
      }),
    )
    expect(cells(answer)).toEqual([["甲", "看", expect.stringContaining("=")]])
    elsewhere.close()
    expect(asked).toBe(0)
  })
})

describe("files spoiled at random", { timeout: 300_000 }, () => {
  console.info(`spoiled files: SIYU_FUZZ_SEED=${SEED} SIYU_FUZZ_FILES=${RUNS}`)

  it("are read as far as they go or refused by a code that has words, and the reader's place lives on", async () => {
    const good = [
      Buffer.from(GOOD),
      Buffer.from(`\ufeff${GOOD.replaceAll(",", "\t")}`, "utf16le"),
      Buffer.concat([Buffer.from([0xbf, 0xcd, 0xbb, 0xa7]), Buffer.from(',b,"c\nd"\n1,2,3\n')]),
      await workbook((sheet) => {
        for (let n = 0; n < 40; n++)
          sheet.addRow([`客户${n}`, new Date(n * 1e9), n / 7, { formula: "1+1", result: 2 }])
      }),
    ]
    const change = fc.record({
      how: fc.constantFrom("flip", "cut", "drop", "repeat", "write"),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.integer({ min: 1, max: 400 }),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.nat(good.length - 1),
        fc.array(change, { minLength: 1, maxLength: 6 }),
        async (which, changes) => {
          const answer = await taken(changes.reduce(spoiled, good[which]!))
          if (typeof answer === "string") expect(TABLE_REFUSALS).toHaveProperty(answer)
        },
      ),
      { numRuns: RUNS, seed: SEED },
    )
    expect(cells(await taken(GOOD))).toHaveLength(2)
  })
})

type Change = { how: string; at: number; length: number; bytes: Uint8Array }
function spoiled(file: Buffer, { how, at, length, bytes }: Change): Buffer {
  const place = Math.floor(at * file.length)
  const [before, after] = [file.subarray(0, place), file.subarray(place)]
  switch (how) {
    case "cut":
      return Buffer.from(before)
    case "drop":
      return Buffer.concat([before, after.subarray(length)])
    case "repeat":
      return Buffer.concat([before, after.subarray(0, length), after])
    case "write":
      return Buffer.concat([before, bytes, after.subarray(bytes.length)])
    default: {
      const copy = Buffer.from(file)
      if (copy.length > 0) copy[place % copy.length]! ^= 1 << (length % 8)
      return copy
    }
  }
}
