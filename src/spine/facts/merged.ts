import type { Refusal } from "../../kernel/result.ts"
import { type Queryable, rows, run, type Tx } from "../../platform/db.ts"
import { BUCKETS, bucketOf } from "./fact.ts"
import { LANES } from "./limits.ts"

export type Merged = { from: string; into: string }

/** A table with customers in it, where more is to be said of it than its name. Names are ours, never input. */
export type Kept = {
  table: string
  /** The column with the customer; `customer_id` where none is named. */
  column?: string
  /** What tells a customer's rows apart, where the rest of the primary key does not: a number that merging changes. */
  by?: readonly string[]
  /** Columns that merging adds up: when it is undone, what it added is taken off. */
  sums?: readonly string[]
  /** Columns that say today what they shall say when a merge is undone. */
  stands?: readonly string[]
  /** In SQL of its columns: rows that stay under the old name, with nothing in them to be carried. */
  rests?: string
  /** Its owner brings it back: rows are kept to be read only. */
  told?: true
  /** Rows that hang on those of another table (`key` there, `by` here) go back with them, whenever they came. */
  follows?: { table: string; key: string; by: string }
}

/** Two who are two again. `names`: what the one who comes back is known by at channels (`external_userid`). */
export type Parted = Merged & { names: readonly string[] }

/**
 * What a part of the system does when one customer becomes part of another: whatever it keeps under `from` it keeps under `into`
 * from then on. Done again it finds what came in late, and nothing else. The rows themselves come back by what was kept of them
 * (`giveBackRows`); `giveBack` then does what follows from them: figures, traits, the ledger.
 */
export type Carry = {
  name: string
  /** The tables with a customer in them that it carries. A table that nobody carries is found by a test. */
  tables: readonly (string | Kept)[]
  /** Locks what nobody else may change while two become one, or two again: asked before anything is read. */
  hold?(t: Tx, pair: Merged, now: Date): Promise<void>
  carry(t: Tx, pair: Merged, now: Date): Promise<void>
  giveBack?(t: Tx, pair: Parted, now: Date): Promise<Refusal<"points_spent"> | undefined>
}

export const tableOf = (kept: string | Kept): string => (typeof kept === "string" ? kept : kept.table)
export const ofCustomers = (kept: string | Kept): boolean =>
  typeof kept === "string" || kept.column === undefined

/** Who became part of one who becomes part of another themselves: kept flat. */
export const MERGED_KEPT: Kept = { table: "facts_merged", column: "into_id" }

/** Locks the lanes of both, so that no handler is in the middle of either; to be asked before anything else is locked. */
export async function lockSubjects(t: Tx, { from, into }: Merged): Promise<void> {
  await run(t, "select 1 from facts_cursors where lane = any($1::int[]) order by handler, lane for update", [
    [laneOf(from), laneOf(into)],
  ])
}

/**
 * From here on facts of `from` are facts of `into`: past ones wherever somebody's facts are read, unread ones for every handler.
 */
export async function mergeSubjects(t: Tx, { from, into }: Merged, now: Date): Promise<void> {
  await run(t, "update facts_merged set into_id = $2 where into_id = $1", [from, into])
  await run(t, "insert into facts_merged (from_id, into_id, merged_at) values ($1, $2, $3)", [
    from,
    into,
    now,
  ])
  await run(t, "update facts_parked set subject = $2 where subject = $1", [from, into])
}

/** Facts told of `from` are theirs again; those that were told of the one who stayed remain there. */
export async function partSubjects(t: Tx, { from, into }: Merged): Promise<void> {
  await run(t, "delete from facts_merged where from_id = $1", [from])
  await run(
    t,
    `update facts_parked p set subject = $1 from facts f
     where p.subject = $2 and f.subject = $1 and (f.tx, f.id) = (p.tx, p.id)`,
    [from, into],
  )
}

const laneOf = (subject: string) => Math.floor(bucketOf(subject) / (BUCKETS / LANES))

/** Those of these who became part of somebody, with whom. */
export async function intoWhom(q: Queryable, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const found = await rows<{ from_id: string; into_id: string }>(
    q,
    "select from_id, into_id from facts_merged where from_id = any($1::uuid[])",
    [[...new Set(ids)]],
  )
  return new Map(found.map((r) => [r.from_id, r.into_id]))
}

/** SQL: the subject of a fact `f` as it is known today. */
export const KNOWN_AS =
  "coalesce((select m.into_id from facts_merged m where m.from_id = f.subject), f.subject)"

/** SQL: all names (`subject`) under which the customers of a relation `whom (customer_id, …)` were told of, its columns with them. */
export const toldOf = (whom: string) =>
  `(select w.customer_id as subject, w.* from ${whom} w
    union all select m.from_id, w.* from ${whom} w join facts_merged m on m.into_id = w.customer_id)`

/**
 * Carries the rows of a table from one customer to another. Of rows that would be the same by `key` the one already there stays.
 * Names are ours, never input.
 */
export async function carryRows(
  t: Tx,
  { from, into }: Merged,
  table: string,
  key: readonly string[] = [],
): Promise<void> {
  const same = key.map((column) => `o.${column} = x.${column}`).join(" and ")
  if (key.length > 0)
    await run(
      t,
      `delete from ${table} x where customer_id = $1 and exists (select from ${table} o where o.customer_id = $2 and ${same})`,
      [from, into],
    )
  await run(t, `update ${table} set customer_id = $2 where customer_id = $1`, [from, into])
}
