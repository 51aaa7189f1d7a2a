import { open, stat } from "node:fs/promises"
import { isRefused, type Refusal, refuse } from "../../kernel/result.ts"
import { LINE_MAX_LENGTH, TABLE_MAX_BYTES } from "./limits.ts"
import {
  blankRows,
  type Delimiter,
  delimitedRows,
  detectEncoding,
  type Encoding,
  guessDelimiter,
  readText,
} from "./text-file.ts"
import type { CellMark } from "./xlsx.ts"

export type TableRow = {
  /** From 1, as a spreadsheet counts; the heading is a row too. */
  line: number
  cells: string[]
  marks?: Record<number, CellMark>
  /** Cells missing at the end are empty ones: a sheet does not store them. */
  whole?: true
  broken?: "unclosed_quote" | "line_too_long"
}

export type TableOptions = { header: boolean; delimiter?: Delimiter; encoding?: Encoding; sheet?: string }

export type Table = {
  kind: "text" | "xlsx"
  encoding?: Encoding
  delimiter?: Delimiter
  /** Names of a workbook's sheets. */
  sheets?: string[]
  /** The heading's cells, trimmed; null where the file has none. */
  headings: string[] | null
  /** Data rows in slices; rows without any content are left out. */
  rows(): AsyncGenerator<TableRow[]>
}

const ZIP = Buffer.from("PK\u0003\u0004", "latin1")
const OLD_EXCEL = Buffer.from([0xd0, 0xcf, 0x11, 0xe0])

/** Opens a table of any kind that is read here, told by its first bytes and not by its name. */
export async function openTable(path: string, options: TableOptions): Promise<Table | Refusal> {
  let size: number
  try {
    const found = await stat(path)
    if (!found.isFile()) return refuse("file_not_found")
    size = found.size
  } catch {
    return refuse("file_not_found")
  }
  if (size === 0) return refuse("empty_file")
  if (size > TABLE_MAX_BYTES) return refuse("file_too_large")
  const file = await open(path)
  const start = Buffer.alloc(64 * 1024)
  const { bytesRead } = await file.read(start, 0, start.length, 0).finally(() => file.close())
  const head = start.subarray(0, bytesRead)
  if (head.subarray(0, 4).equals(OLD_EXCEL)) return refuse("old_excel_format")
  if (head.subarray(0, 4).equals(ZIP)) {
    // The library of workbooks is a third of the reader's memory: for text it is left where it lies.
    const { scanWorkbook, sheetRows } = await import("./xlsx.ts")
    const sheets = await scanWorkbook(path)
    if (isRefused(sheets)) return sheets
    return withHeadings({ kind: "xlsx", sheets }, options, () => sheetRows(path, options.sheet))
  }
  const encoding = options.encoding ?? (await detectEncoding(path))
  if (isRefused(encoding)) return encoding
  const firstLine = new TextDecoder(encoding).decode(head).split(/\r\n|\n|\r/, 1)[0] ?? ""
  if (firstLine.includes("\0")) return refuse("not_a_table")
  const delimiter = options.delimiter ?? guessDelimiter(firstLine)
  const read = () => {
    const text = readText(path, encoding)
    return delimiter === "whitespace"
      ? blankRows(text, LINE_MAX_LENGTH)
      : delimitedRows(text, delimiter, LINE_MAX_LENGTH)
  }
  return withHeadings({ kind: "text", encoding, delimiter }, options, read)
}

async function withHeadings(
  about: Pick<Table, "kind" | "encoding" | "delimiter" | "sheets">,
  options: TableOptions,
  read: () => AsyncGenerator<TableRow[]>,
): Promise<Table | Refusal> {
  const hasContent = (row: TableRow) => row.broken !== undefined || row.cells.some((c) => c.trim() !== "")
  let headings: string[] | null = null
  let headingLine = 0
  if (options.header) {
    try {
      for await (const slice of read()) {
        const first = slice.find(hasContent)
        if (!first) continue
        headings = first.cells.map((cell) => cell.replace(/^\ufeff/, "").trim())
        headingLine = first.line
        break
      }
    } catch (error) {
      if (about.kind === "xlsx")
        return refuse("damaged_file", { detail: { reason: (error as Error).message } })
      throw error
    }
    if (!headings) return refuse(options.sheet && about.kind === "xlsx" ? "missing_sheet" : "empty_file")
  }
  return {
    ...about,
    headings,
    async *rows() {
      for await (const slice of read()) {
        const data = slice.filter((row) => row.line > headingLine && hasContent(row))
        if (data.length > 0) yield data
      }
    },
  }
}
