import type { CallAnswer, CallInput } from "../../../kernel/client.ts"
import { type Endpoint, PAGE_MAX } from "../../../kernel/contract.ts"
import { csvLine, UTF8_MARK } from "../../../kernel/csv.ts"
import { formatExact } from "../../../ui/format.ts"
import { call } from "./client.ts"

/** Rows that a browser gathers into one file; larger exports are the command line's. */
export const EXPORT_ROWS_MAX = 50_000

type PageOfRows = { rows: unknown[]; next_cursor: string | null }
type RowOf<E> = CallAnswer<E> extends { rows: (infer R)[] } ? R : never

export type Exported = {
  rows: number
  /** The list went on, and a browser's file does not. */
  cut: boolean
}

export type ExportOptions<E extends Endpoint> = {
  name: string
  /** Tells the server before anything is gathered: it refuses whoever may not, and keeps who took what. */
  record: () => Promise<unknown>
  endpoint: E
  query: object
  columns: [head: string, cell: (row: RowOf<E>) => string][]
  keep?: (row: RowOf<E>) => boolean
  /** Ends when so many rows are kept. */
  until?: number | null
}

/** Reads a list page by page and hands it to the browser as a CSV that spreadsheets open as UTF-8. */
export async function exportCsv<E extends Endpoint>(options: ExportOptions<E>): Promise<Exported> {
  await options.record()
  const lines = [csvLine(options.columns.map(([head]) => head))]
  let cursor: string | null = null
  const wanted = options.until ?? Number.POSITIVE_INFINITY
  let cut = false
  do {
    const input = { query: { ...options.query, limit: PAGE_MAX, ...(cursor ? { cursor } : {}) } }
    const page = (await call(options.endpoint, input as unknown as CallInput<E>)) as PageOfRows
    for (const row of page.rows as RowOf<E>[]) {
      if (!(options.keep?.(row) ?? true)) continue
      cut = lines.length > EXPORT_ROWS_MAX
      if (cut) break
      lines.push(csvLine(options.columns.map(([, cell]) => cell(row))))
    }
    cursor = page.next_cursor
  } while (cursor !== null && !cut && lines.length <= wanted)
  saveFile(`${options.name}_${stamp(Date.now())}.csv`, UTF8_MARK + lines.join(""))
  return { rows: lines.length - 1, cut }
}

/** `20261129_0912`: the minute in Shanghai, as a file's name can hold it. */
const stamp = (now_ms: number) => formatExact(now_ms).slice(0, 16).replace(/[-:]/g, "").replace(" ", "_")

/** Lets the browser get a file from the server by itself: straight onto its disk, however large. */
export function fetchFile(path: string): void {
  const link = document.createElement("a")
  link.href = path
  link.download = ""
  link.click()
}

export function saveFile(name: string, content: string, type = "text/csv;charset=utf-8"): void {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(new Blob([content], { type }))
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
