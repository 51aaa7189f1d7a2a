import type { CallAnswer, CallInput } from "../../../kernel/client.ts"
import { type Endpoint, PAGE_MAX } from "../../../kernel/contract.ts"
import { call } from "./client.ts"

/** Rows that a browser gathers into one file; larger exports are the command line's. */
export const EXPORT_ROWS_MAX = 50_000

/** A cell as a spreadsheet must read it: quoted, and never as a formula. */
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

type PageOfRows = { rows: unknown[]; next_cursor: string | null }
type RowOf<E> = CallAnswer<E> extends { rows: (infer R)[] } ? R : never

/** Reads a list page by page and hands it to the browser as a CSV that spreadsheets open as UTF-8; tells how many rows. */
export async function exportCsv<E extends Endpoint>(options: {
  name: string
  endpoint: E
  query: object
  columns: [head: string, cell: (row: RowOf<E>) => string][]
  keep?: (row: RowOf<E>) => boolean
  /** Ends when so many rows are kept. */
  until?: number | null
}): Promise<number> {
  const lines = [options.columns.map(([head]) => csvCell(head)).join(",")]
  let cursor: string | null = null
  const bound = Math.min(options.until ?? EXPORT_ROWS_MAX, EXPORT_ROWS_MAX)
  do {
    const input = { query: { ...options.query, limit: PAGE_MAX, ...(cursor ? { cursor } : {}) } }
    const page = (await call(options.endpoint, input as unknown as CallInput<E>)) as PageOfRows
    for (const row of page.rows as RowOf<E>[]) {
      if (lines.length > bound) break
      if (options.keep?.(row) ?? true)
        lines.push(options.columns.map(([, cell]) => csvCell(cell(row))).join(","))
    }
    cursor = page.next_cursor
  } while (cursor !== null && lines.length <= bound)
  saveFile(`${options.name}_${stamp()}.csv`, `\ufeff${lines.join("\r\n")}\r\n`)
  return lines.length - 1
}

const stamp = () =>
  new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 16).replace(/[-:]/g, "").replace("T", "_")

export function saveFile(name: string, content: string, type = "text/csv;charset=utf-8"): void {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(new Blob([content], { type }))
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
