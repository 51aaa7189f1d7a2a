import { to as copyTo } from "pg-copy-streams"
import { type Queryable, rows, type Tx } from "../../../platform/db.ts"
import { TRAITS_TABLE } from "../../traits/index.ts"
import { addTo, type Bits } from "./bitset.ts"
import type { LoadedColumn } from "./loaded.ts"
import { NumberColumn } from "./number-column.ts"

const [TAB, NEWLINE, BACKSLASH, MINUS, ZERO] = [9, 10, 92, 45, 48]
const NULL = "\\N"

/**
 * Fills whole columns, and the set of all customers, from one COPY of the projection: a million rows of three traits are read
 * byte by byte in a fraction of the time that rows as objects would take.
 */
export async function loadColumns(t: Tx, columns: readonly LoadedColumn[], everybody: Bits): Promise<void> {
  const list = ["number", ...columns.map((c) => c.sql)].join(", ")
  const stream = t.query(copyTo(`copy (select ${list} from ${TRAITS_TABLE}) to stdout`))
  const take = rowReader(columns, everybody)
  let rest: Buffer | null = null
  for await (const part of stream as AsyncIterable<Buffer>) {
    const chunk: Buffer = rest ? Buffer.concat([rest, part]) : part
    const end = chunk.lastIndexOf(NEWLINE) + 1
    take(chunk, end)
    rest = end < chunk.length ? chunk.subarray(end) : null
  }
  for (const { column } of columns) if (column instanceof NumberColumn) column.build()
}

/** Reads whole lines of `chunk` up to `end`. */
function rowReader(columns: readonly LoadedColumn[], everybody: Bits) {
  const numeric = columns.map(({ column }) => (column instanceof NumberColumn ? column.values : null))
  const unescaped = (chunk: Buffer, from: number, to: number): string => {
    const text = chunk.toString("utf8", from, to)
    return text.includes("\\") ? text.replace(/\\(.)/g, (_, c: string) => ESCAPES[c] ?? c) : text
  }
  return (chunk: Buffer, end: number) => {
    let at = 0
    while (at < end) {
      let number = 0
      for (let byte = chunk[at]!; byte !== TAB && byte !== NEWLINE; byte = chunk[++at]!)
        number = number * 10 + byte - ZERO
      at++
      addTo(everybody, number)
      for (let i = 0; i < columns.length; i++) {
        const values = numeric[i]
        if (values) {
          const negative = chunk[at] === MINUS
          if (negative) at++
          let value = chunk[at] === BACKSLASH ? Number.NaN : 0
          for (let byte = chunk[at]!; byte !== TAB && byte !== NEWLINE; byte = chunk[++at]!)
            value = value * 10 + byte - ZERO
          values[number] = negative ? -value : value
        } else {
          const from = at
          while (chunk[at] !== TAB && chunk[at] !== NEWLINE) at++
          if (chunk[from] !== BACKSLASH || chunk[from + 1] !== 78 || at !== from + NULL.length)
            columns[i]!.put(number, unescaped(chunk, from, at))
        }
        at++
      }
    }
  }
}

const ESCAPES: Record<string, string> = { t: "\t", n: "\n", r: "\r", b: "\b", f: "\f", v: "\v" }

/** Reads these customers again; gives those that are no more. */
export async function reloadNumbers(
  q: Queryable,
  columns: readonly LoadedColumn[],
  numbers: readonly number[],
  everybody: Bits,
): Promise<number[]> {
  const list = ["number", ...columns.map((c) => `${c.sql}::text`)].join(", ")
  const found = (
    await q.query({
      text: `select ${list} from ${TRAITS_TABLE} where number = any($1)`,
      values: [numbers],
      rowMode: "array",
    })
  ).rows as [number, ...(string | null)[]][]
  const gone = new Set(numbers)
  for (const row of found) {
    const n = row[0]
    gone.delete(n)
    addTo(everybody, n)
    columns.forEach((column, i) => {
      column.put(n, booleanText(column, row[i + 1] as string | null))
    })
  }
  return [...gone]
}

/** COPY writes booleans as t and f, a cast to text as true and false. */
function booleanText(column: LoadedColumn, text: string | null): string | null {
  return column.kind === "boolean" && text !== null ? text[0]! : text
}

/** What lies outside one transaction's sight and inside another's: the customers that changed, by trait. */
export async function changedNumbers(
  q: Queryable,
  since: string,
  traits: readonly string[],
): Promise<Map<string, Set<number>>> {
  const found = await rows<{ trait: string; numbers: number[] }>(
    q,
    `select trait, numbers from traits_changes
     where tx >= pg_snapshot_xmin($1::pg_snapshot) and not pg_visible_in_snapshot(tx, $1::pg_snapshot) and trait = any($2)`,
    [since, traits],
  )
  const changed = new Map<string, Set<number>>()
  for (const { trait, numbers } of found) {
    const set = changed.get(trait) ?? new Set()
    for (const n of numbers) set.add(n)
    changed.set(trait, set)
  }
  return changed
}
