import { to as copyTo } from "pg-copy-streams"
import { type Queryable, rows, type Tx } from "../../../platform/db.ts"
import { TRAITS_TABLE } from "../../traits/index.ts"
import { addTo, type Bits } from "./bitset.ts"
import type { LoadedColumn } from "./loaded.ts"
import { NumberColumn } from "./number-column.ts"
import type { WordsColumn } from "./words-column.ts"

const [TAB, NEWLINE, BACKSLASH, CAPITAL_N, MINUS, ZERO, CLOSING] = [9, 10, 92, 78, 45, 48, 125]
const READ_AHEAD = 1 << 20

/**
 * Fills whole columns, and the set of all customers, from one COPY of the projection: a million rows of three traits are read
 * byte by byte in a fraction of the time that rows as objects would take.
 */
export async function loadColumns(t: Tx, columns: readonly LoadedColumn[], everybody: Bits): Promise<void> {
  const list = ["number", ...columns.map((c) => c.sql)].join(", ")
  const stream = t.query(
    copyTo(`copy (select ${list} from ${TRAITS_TABLE}) to stdout`, { highWaterMark: READ_AHEAD }),
  )
  const fields = columns.map((c) => (c.column instanceof NumberColumn ? numbersInto(c.column) : wordsInto(c)))
  let rest: Buffer | null = null
  for await (const part of stream as AsyncIterable<Buffer>) {
    const chunk: Buffer = rest ? Buffer.concat([rest, part]) : part
    const end = chunk.lastIndexOf(NEWLINE) + 1
    readLines(chunk, end, fields, everybody)
    rest = end < chunk.length ? chunk.subarray(end) : null
  }
  for (const field of fields) field.done()
}

/** Takes one field of one customer, beginning at `at`; gives where its end is. */
type Field = { take(n: number, chunk: Buffer, at: number): number; done(): void }

function readLines(chunk: Buffer, end: number, fields: readonly Field[], everybody: Bits): void {
  let at = 0
  while (at < end) {
    let number = 0
    for (let byte = chunk[at]!; byte >= ZERO; byte = chunk[++at]!) number = number * 10 + byte - ZERO
    addTo(everybody, number)
    for (let i = 0; i < fields.length; i++) at = fields[i]!.take(number, chunk, at + 1)
    at++
  }
}

function numbersInto(column: NumberColumn): Field {
  const { values } = column
  return {
    take(n, chunk, at) {
      if (chunk[at] === BACKSLASH) return at + 2
      const negative = chunk[at] === MINUS
      if (negative) at++
      let value = 0
      for (let byte = chunk[at]!; byte >= ZERO; byte = chunk[++at]!) value = value * 10 + byte - ZERO
      values[n] = negative ? -value : value
      return at
    },
    done: () => column.build(),
  }
}

/** Gathers lists of codes and fills the column at the end, when the size of every set is known. */
function wordsInto(loaded: LoadedColumn): Field {
  const numbers = new Growing(Uint32Array)
  const ends = new Growing(Uint32Array)
  const codes = new Growing(Int32Array)
  const codeOf = codesOfBytes(loaded)
  return {
    take(n, chunk, at) {
      const from = at
      if (chunk[at] === BACKSLASH && chunk[at + 1] === CAPITAL_N) return at + 2
      if (loaded.kind === "tags") {
        if (chunk[at + 1] === CLOSING) return at + 2
        for (at++; chunk[at - 1] !== CLOSING; at++) {
          let code = 0
          for (let byte = chunk[at]!; byte >= ZERO && byte !== CLOSING; byte = chunk[++at]!)
            code = code * 10 + byte - ZERO
          codes.push(code)
        }
      } else {
        while (chunk[at] !== TAB && chunk[at] !== NEWLINE) at++
        codes.push(codeOf(chunk, from, at))
      }
      numbers.push(n)
      ends.push(codes.length)
      return at
    },
    done: () => (loaded.column as WordsColumn).fill(numbers.list(), ends.list(), codes.list()),
  }
}

/** Codes of texts by their bytes: a text that was met before is not made again. */
function codesOfBytes(loaded: LoadedColumn) {
  const met = new Map<number, { bytes: Buffer; code: number }>()
  return (chunk: Buffer, from: number, to: number): number => {
    let hash = to - from
    for (let i = from; i < to; i++) hash = (Math.imul(hash, 31) + chunk[i]!) | 0
    const known = met.get(hash)
    if (known && sameBytes(known.bytes, chunk, from, to)) return known.code
    const text = chunk.toString("utf8", from, to)
    const code = loaded.codeOf(
      text.includes("\\") ? text.replace(/\\(.)/g, (_, c: string) => ESCAPES[c] ?? c) : text,
    )
    if (!known) met.set(hash, { bytes: Buffer.from(chunk.subarray(from, to)), code })
    return code
  }
}

function sameBytes(bytes: Buffer, chunk: Buffer, from: number, to: number): boolean {
  if (bytes.length !== to - from) return false
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== chunk[from + i]) return false
  return true
}

/** A typed array that grows. */
class Growing<A extends Uint32Array | Int32Array> {
  length = 0
  private array: A
  constructor(private readonly make: new (length: number) => A) {
    this.array = new make(1 << 16)
  }
  push(value: number): void {
    if (this.length === this.array.length) {
      const larger = new this.make(this.length * 2)
      larger.set(this.array)
      this.array = larger
    }
    this.array[this.length++] = value
  }
  list(): A {
    return this.array.subarray(0, this.length) as A
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
