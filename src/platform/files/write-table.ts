import { once } from "node:events"
import { createWriteStream } from "node:fs"
import { rename, rm } from "node:fs/promises"
import ExcelJS from "exceljs"
import { csvLine, UTF8_MARK } from "../../kernel/csv.ts"
import { writeWhole } from "./write-whole.ts"

export type TableCell = string | number | null

/**
 * Writes a table as CSV or XLSX by the name's ending, as a stream: a million rows in bounded memory. In CSV a text that a
 * spreadsheet would calculate is made inert; in XLSX every text is a text. Gives the number of rows below the heading.
 */
export async function writeTable(
  path: string,
  headings: readonly string[],
  pages: AsyncIterable<readonly TableCell[][]>,
): Promise<number> {
  let count = 0
  async function* counted() {
    for await (const page of pages) {
      count += page.length
      yield page
    }
  }
  if (/\.xlsx$/i.test(path)) await writeXlsx(path, headings, counted())
  else await writeWhole(path, csvPieces(headings, counted()))
  return count
}

async function* csvPieces(headings: readonly string[], pages: AsyncIterable<readonly TableCell[][]>) {
  yield Buffer.from(UTF8_MARK + csvLine(headings))
  for await (const page of pages)
    yield Buffer.from(
      page.map((row) => csvLine(row.map((cell) => (cell === null ? "" : String(cell))))).join(""),
    )
}

async function writeXlsx(
  path: string,
  headings: readonly string[],
  pages: AsyncIterable<readonly TableCell[][]>,
): Promise<void> {
  const part = `${path}.${process.pid}.part`
  try {
    const stream = createWriteStream(part)
    const book = new ExcelJS.stream.xlsx.WorkbookWriter({ stream, useStyles: true, useSharedStrings: false })
    const sheet = book.addWorksheet("Sheet1", { views: [{ state: "frozen", ySplit: 1 }] })
    sheet.addRow([...headings]).commit()
    for await (const page of pages) {
      for (const row of page) sheet.addRow([...row]).commit()
      if (stream.writableNeedDrain) await once(stream, "drain")
    }
    await book.commit()
    await rename(part, path)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}
