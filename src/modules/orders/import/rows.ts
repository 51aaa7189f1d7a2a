import { parseFen } from "../../../kernel/money.ts"
import { FEN_MAX, TEXT_MAX_LENGTH } from "../limits.ts"
import type { RowFailure } from "./failures.ts"
import type { Columns } from "./mapping.ts"
import { parseMoment } from "./moments.ts"
import type { TableRow } from "./table.ts"

/** One row as the mapping reads it. `product` is null where no column is mapped. */
export type ImportRow = {
  line: number
  customer: string
  at: Date
  fen: number
  product: string | null
  order_no: string | null
}

const UNKEEPABLE = /[\0\ud800-\udfff]/u

/** Reads one row; the first thing that is wrong with it is its failure. */
export function readRow(row: TableRow, columns: Columns): ImportRow | { failed: RowFailure } {
  if (row.broken) return { failed: row.broken }
  const places = Object.values(columns)
  const last = Math.max(columns.customer, columns.at, columns.amount, columns.order)
  if (row.cells.length <= last && !row.whole) return { failed: "too_few_columns" }
  for (const place of places) {
    const mark = row.marks?.[place]
    if (mark === "number_lost_digits" || mark === "error_cell") return { failed: mark }
    if (mark === "formula_cell" && (place === columns.amount || place === columns.at)) return { failed: mark }
    const text = place < 0 ? "" : (row.cells[place] ?? "")
    if (text.length > TEXT_MAX_LENGTH) return { failed: "text_too_long" }
    if (UNKEEPABLE.test(text)) return { failed: "bad_character" }
  }
  const cell = (place: number) => row.cells[place] ?? ""
  const customer = cell(columns.customer).trim()
  if (customer === "") return { failed: "missing_customer" }
  const at = parseMoment(cell(columns.at))
  if (!at) return { failed: "bad_date" }
  const fen = parseFen(cell(columns.amount))
  if (fen === null) return { failed: "bad_amount" }
  if (Math.abs(fen) > FEN_MAX) return { failed: "amount_too_large" }
  const order_no = cell(columns.order).trim() || null
  if (fen < 0 && order_no === null) return { failed: "negative_without_order" }
  const product = columns.product < 0 ? null : cell(columns.product).trim()
  return { line: row.line, customer, at, fen, product, order_no }
}
