import ExcelJS from "exceljs"
import yauzl from "yauzl"
import { type Refusal, refuse } from "../../kernel/result.ts"
import {
  COLUMNS_MAX,
  XLSX_ENTRIES_MAX,
  XLSX_INFLATED_MAX_BYTES,
  XLSX_RATIO_MAX,
  XLSX_SHARED_MAX_BYTES,
} from "./limits.ts"

/** Why a cell cannot be taken at its word. */
export type CellMark = "formula_cell" | "number_lost_digits" | "error_cell"
export type SheetRow = { line: number; cells: string[]; marks?: Record<number, CellMark>; whole: true }

/** Excel keeps 15 digits of a number; a longer one was changed when it was typed. */
const EXACT_DIGITS = 15
/** Of the part that lists the sheets, so much is looked at. */
const BOOK_MAX_BYTES = 1024 * 1024
const RATIO_FROM_BYTES = 4 * 1024 * 1024
const SLICE_ROWS = 500

/**
 * Unpacks every part of a workbook once, counting real bytes and keeping none, before a reader that holds things in memory sees
 * it: directories lie about sizes. Gives the names of its sheets where all is well.
 */
export async function scanWorkbook(path: string): Promise<string[] | Refusal> {
  return new Promise((resolve) => {
    yauzl.open(path, { lazyEntries: true, autoClose: true }, (failure, zip) => {
      if (failure) return resolve(refuse("damaged_file", { detail: { reason: failure.message } }))
      let total = 0
      let entries = 0
      let book: string | null = null
      const stop = (refusal: Refusal) => {
        zip.close()
        resolve(refusal)
      }
      zip.on("error", (error: Error) => stop(refuse("damaged_file", { detail: { reason: error.message } })))
      zip.on("end", () =>
        resolve(
          book === null
            ? refuse("damaged_file", { detail: { reason: "no workbook inside" } })
            : sheetNames(book),
        ),
      )
      zip.on("entry", (entry: yauzl.Entry) => {
        if (++entries > XLSX_ENTRIES_MAX) return stop(refuse("unpacks_too_large"))
        const of_book = entry.fileName === "xl/workbook.xml"
        if (of_book) book = ""
        if (entry.fileName.endsWith("/")) return zip.readEntry()
        if (entry.isEncrypted()) return stop(refuse("encrypted_file"))
        zip.openReadStream(entry, (error, stream) => {
          if (error) return stop(refuse("damaged_file", { detail: { reason: error.message } }))
          let bytes = 0
          stream.on("data", (chunk: Buffer) => {
            bytes += chunk.length
            total += chunk.length
            if (of_book && bytes <= BOOK_MAX_BYTES) book += chunk.toString("latin1")
            const shared = entry.fileName === "xl/sharedStrings.xml" && bytes > XLSX_SHARED_MAX_BYTES
            const ratio = bytes > RATIO_FROM_BYTES && bytes > entry.compressedSize * XLSX_RATIO_MAX
            if (total <= XLSX_INFLATED_MAX_BYTES && !shared && !ratio) return
            stream.destroy()
            stop(refuse("unpacks_too_large"))
          })
          stream.on("error", (e: Error) => stop(refuse("damaged_file", { detail: { reason: e.message } })))
          stream.on("end", () => zip.readEntry())
        })
      })
      zip.readEntry()
    })
  })
}

/** Names of the sheets that a workbook lists, as the text of its part, byte for byte, says them. */
function sheetNames(book: string): string[] {
  const text = Buffer.from(book, "latin1").toString("utf8")
  return [...text.matchAll(/<(?:\w+:)?sheet\s[^>]*?\bname="([^"]*)"/g)].map(([, name = ""]) =>
    unescaped(name),
  )
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }
const unescaped = (text: string) =>
  text.replace(/&(?:(\w+)|#(\d{1,7})|#x([\da-f]{1,6}));/gi, (whole, name, decimal, hex) => {
    if (name) return ENTITIES[name] ?? whole
    const code = Number.parseInt(decimal ?? hex, decimal ? 10 : 16)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })

/** Rows of one sheet (the first, or the one named), each cell as text; the rows of others are passed over. */
export async function* sheetRows(path: string, sheet?: string): AsyncGenerator<SheetRow[]> {
  const workbook = new ExcelJS.stream.xlsx.WorkbookReader(path, {
    worksheets: "emit",
    sharedStrings: "cache",
    hyperlinks: "ignore",
    styles: "cache",
    entries: "emit",
  })
  let taken = false
  for await (const worksheet of workbook) {
    const name = (worksheet as unknown as { name: string }).name
    const wanted: boolean = !taken && (sheet === undefined || name === sheet)
    taken ||= wanted
    let slice: SheetRow[] = []
    for await (const row of worksheet) {
      if (!wanted) continue
      slice.push(readRow(row))
      if (slice.length === SLICE_ROWS) {
        yield slice
        slice = []
      }
    }
    if (slice.length > 0) yield slice
  }
}

function readRow(row: ExcelJS.Row): SheetRow {
  const values = row.values as ExcelJS.CellValue[]
  const cells: string[] = []
  let marks: Record<number, CellMark> | undefined
  for (let i = 1; i < values.length && i <= COLUMNS_MAX; i++) {
    const { text, mark } = cellText(values[i])
    cells.push(text)
    if (mark) marks = { ...marks, [i - 1]: mark }
  }
  return { line: row.number, cells, whole: true, ...(marks ? { marks } : {}) }
}

/** A formula is kept as its own text and never as the number it once gave; what is calculated is not what was recorded. */
export function cellText(value: ExcelJS.CellValue): { text: string; mark?: CellMark } {
  if (value === null || value === undefined) return { text: "" }
  if (typeof value === "string") return { text: value }
  if (typeof value === "boolean") return { text: value ? "TRUE" : "FALSE" }
  if (typeof value === "number") return numberText(value)
  if (value instanceof Date)
    return Number.isNaN(value.getTime())
      ? { text: "", mark: "error_cell" }
      : { text: value.toISOString().slice(0, 23).replace("T", " ") }
  if ("formula" in value || "sharedFormula" in value) {
    const formula = "formula" in value ? value.formula : value.sharedFormula
    return { text: `=${formula ?? ""}`, mark: "formula_cell" }
  }
  if ("richText" in value) return { text: value.richText.map((part) => part.text).join("") }
  if ("text" in value) return { text: String(value.text) }
  if ("error" in value) return { text: String(value.error), mark: "error_cell" }
  return { text: "" }
}

function numberText(value: number): { text: string; mark?: CellMark } {
  const exact = Number(value.toPrecision(EXACT_DIGITS))
  if (Math.abs(exact) >= 10 ** EXACT_DIGITS)
    return { text: exact.toLocaleString("fullwide", { useGrouping: false }), mark: "number_lost_digits" }
  const text = String(exact)
  return { text: text.includes("e") ? exact.toFixed(20).replace(/\.?0+$/, "") : text }
}
