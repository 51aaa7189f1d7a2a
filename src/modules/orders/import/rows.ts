import { parseMoment } from "../../../kernel/moments.ts"
import { parseFen } from "../../../kernel/money.ts"
import type { TableRow } from "../../../platform/tables/table.ts"
import { type Columns, cellsOf, type Failure, isFailure, type RowFailure } from "../../imports/index.ts"
import { FEN_MAX } from "../limits.ts"
import type { OrderFailure } from "./failures.ts"

/** One row as the mapping reads it. `product` is null where no column is mapped. */
export type ImportRow = {
  line: number
  customer: string
  at: Date
  fen: number
  product: string | null
  order_no: string | null
}

/** Reads one row; the first thing that is wrong with it is its failure. */
export function readRow(row: TableRow, columns: Columns): ImportRow | Failure<OrderFailure | RowFailure> {
  const cell = cellsOf(row, columns, {
    whole: ["customer", "at", "amount", "order"],
    exact: ["amount", "at"],
  })
  if (isFailure(cell)) return cell
  const customer = cell("customer")
  if (customer === "") return { failed: "missing_customer" }
  const at = parseMoment(cell("at"))
  if (!at) return { failed: "bad_date" }
  const fen = parseFen(cell("amount"))
  if (fen === null) return { failed: "bad_amount" }
  if (Math.abs(fen) > FEN_MAX) return { failed: "amount_too_large" }
  const order_no = cell("order") || null
  if (fen < 0 && order_no === null) return { failed: "negative_without_order" }
  const product = (columns.product ?? -1) < 0 ? null : cell("product")
  return { line: row.line, customer, at, fen, product, order_no }
}
