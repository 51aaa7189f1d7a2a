import { saidInCell } from "../../kernel/csv.ts"
import type { TableRow } from "../../platform/tables/table.ts"
import type { RowFailure } from "./failures.ts"
import type { Columns, Failure } from "./kinds.ts"
import { CELL_MAX_LENGTH } from "./limits.ts"

/** The mapped cells of a row, trimmed; empty where a field is not mapped. */
export type Cells = (field: string) => string

const UNKEEPABLE = /[\0\ud800-\udfff]/u

/**
 * The cells of a row, or the first thing that makes it no row at all. `whole`: fields that a row which was not cut off has;
 * `exact`: fields for which a formula does not do, not even as a text.
 */
export function cellsOf(
  row: TableRow,
  columns: Columns,
  { whole, exact }: { whole: readonly string[]; exact: readonly string[] },
): Cells | Failure<RowFailure> {
  if (row.broken) return { failed: row.broken }
  const last = Math.max(...whole.map((field) => columns[field] ?? -1))
  if (row.cells.length <= last && !row.whole) return { failed: "too_few_columns" }
  // Only workbooks have marks; a row of text pays nothing for them.
  const of_exact = row.marks ? new Set(exact.map((field) => columns[field])) : null
  for (const field in columns) {
    const place = columns[field]!
    if (place < 0) continue
    const mark = row.marks?.[place]
    if (mark === "number_lost_digits" || mark === "error_cell") return { failed: mark }
    if (mark === "formula_cell" && of_exact?.has(place)) return { failed: mark }
    const text = row.cells[place] ?? ""
    if (text.length > CELL_MAX_LENGTH) return { failed: "text_too_long" }
    if (UNKEEPABLE.test(text)) return { failed: "bad_character" }
  }
  return (field) => saidInCell(row.cells[columns[field] ?? -1] ?? "").trim()
}
