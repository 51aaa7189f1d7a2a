import type { Words } from "../../kernel/contract.ts"
import type { Db, Queryable, Tx } from "../../platform/db.ts"
import type { TableRow } from "../../platform/tables/table.ts"

/** What a kind of import can take from a column. */
export type ImportField = {
  name: string
  /** How people call it; in Chinese it is also the heading of the template. */
  words: Words
  /** What may stand there, for the template's instructions. */
  hint?: Words
  /** Other headings that mean it, besides its own words; the first heading that fits is guessed. */
  aliases?: RegExp
  /** Needed to take it, beside what its kind needs. */
  permission?: string
  /** Of the template's sample row. */
  sample?: string
  /** What the template offers to choose from. */
  choices?: readonly string[]
}

/** What becomes of a row. `changed` is known and became something else; `detail` says what the reason is about. */
export type Outcome = "imported" | "changed" | "skipped" | Failure
export type Failure<Code extends string = string> = { failed: Code; detail?: string }

/** Places of the mapped columns, from 0; -1 where a field is not mapped. */
export type Columns = Record<string, number>

/** What one run is for. */
export type Job = {
  db: Db
  run_id: string
  /** Which rows these are, by the name that the person gave the file. */
  source: string
  now: Date
  dry_run: boolean
  /** Who asked for it, and of whose customers they may see: null for all. */
  by: string | null
  scope: readonly string[] | null
}

export type Taken = {
  outcomes: Outcome[]
  /** What a dry run has to remember of its rows too: called in the transaction, or after it was rolled back. */
  remember?(q: Queryable): Promise<void>
}

/** Takes the rows of one run, set by set, in the caller's transaction. */
export type Taker<Row> = {
  take(t: Tx, rows: readonly Row[]): Promise<Taken>
  /** Rows that an earlier run has taken are gone over; for kinds that count places. */
  passOver?(q: Queryable, rows: readonly Row[]): Promise<void>
  end?(): Promise<void>
}

/**
 * A kind of thing that files bring: what it takes from columns, how one row is read, and how a set of rows is taken. Everything
 * else, from the reading of files to pause and expiry, is the same for all.
 */
export type ImportKind<Row = unknown> = {
  name: string
  words: Words
  /** Needed beside `imports.write`. */
  permission: string
  fields: readonly ImportField[]
  /** Of each of these sets one field at least must be mapped. */
  needs: readonly (readonly string[])[]
  /** Whether rows are told apart by the source that the person names. */
  by_source: boolean
  /** Rows of one file; a file of more is refused before any of them is taken. */
  rows_max?: number
  /** Why a row of this kind does not go in, beside what may be wrong with any row. */
  failures: Record<string, Words>
  /** The first thing that is wrong with a row is its failure. */
  read(row: TableRow, columns: Columns): Row | Failure
  /** Whether two rows that follow each other have to be written together. */
  together?(last: Row, next: Row): boolean
  begin(job: Job): Taker<Row>
}

export const isFailure = (read: unknown): read is Failure =>
  typeof read === "object" && read !== null && "failed" in read

/** The kinds that this place knows, by name. */
export type ImportKinds = ReadonlyMap<string, ImportKind>
export const importKinds = (kinds: readonly ImportKind[]): ImportKinds =>
  new Map(kinds.map((kind) => [kind.name, kind]))
