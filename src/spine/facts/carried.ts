import { type Queryable, rows, run, type Tx } from "../../platform/db.ts"
import type { Kept, Merged } from "./merged.ts"

/** A kept table with what the database says of it. */
export type Place = Kept & { place: string; column: string; by: string[]; columns: string[] }

const quoted = (name: string) => `"${name}"`
export const rowKey = (of: string, place: Place) => place.by.map((c) => `${of}.${quoted(c)}`).join(", ")

/** The tables as the database has them: what is kept of a customer in each, and by which columns its rows are told apart. */
export async function placesOf(q: Queryable, tables: readonly (string | Kept)[]): Promise<Place[]> {
  const kept = tables.map((one) => (typeof one === "string" ? { table: one } : one))
  const found = await rows<{ table: string; column: string; key: boolean }>(
    q,
    `select c.relname as table, a.attname as column, coalesce(a.attnum = any(i.indkey), false) as key
     from pg_class c join pg_attribute a on a.attrelid = c.oid left join pg_index i on i.indrelid = c.oid and i.indisprimary
     where c.relnamespace = 'public'::regnamespace and c.relname = any($1) and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     order by a.attnum`,
    [kept.map((k) => k.table)],
  )
  return kept.map((k) => {
    const column = k.column ?? "customer_id"
    const own = found.filter((f) => f.table === k.table)
    return {
      ...k,
      column,
      place: column === "customer_id" ? k.table : `${k.table}.${column}`,
      columns: own.map((f) => f.column),
      by: [...(k.by ?? own.filter((f) => f.key && f.column !== column).map((f) => f.column))],
    }
  })
}

/** SQL: every row of $1 (`goes`) and $2 in these places, as it is now. */
const images = (places: readonly Place[]) =>
  places
    .map(
      (p) => `select '${p.place}' as place, x.${quoted(p.column)} = $1::uuid as goes,
        jsonb_build_array(${rowKey("x", p)})::text as key, to_jsonb(x) as image
      from ${p.table} x where x.${quoted(p.column)} in ($1::uuid, $2::uuid)`,
    )
    .join(" union all ")

const found = (places: readonly Place[]) =>
  `select *, count(*) over (partition by place, key) = 2 as had from (${images(places)}) i`

/** Keeps what both have before anything is carried. */
export async function keepBefore(t: Tx, pair: Merged, places: readonly Place[], now: Date): Promise<void> {
  await run(
    t,
    `insert into facts_carried (from_id, place, side, key, before, had, at)
     select $1, place, case when goes then 'goes' else 'stays' end, key, image, had, $3 from (${found(places)}) f`,
    [pair.from, pair.into, now],
  )
}

/** Keeps what became of it; what the one who stays has as before is of no interest. */
export async function keepAfter(t: Tx, pair: Merged, places: readonly Place[]): Promise<void> {
  await run(
    t,
    `update facts_carried k set after = n.image from (${images(places)}) n
     where k.from_id = $1 and not n.goes and k.place = n.place and k.key = n.key`,
    [pair.from, pair.into],
  )
  await run(t, "delete from facts_carried where from_id = $1 and side = 'stays' and before = after", [
    pair.from,
  ])
}

/**
 * Keeps what came in under the old name since, before it is carried. Gives whether there was anything: then `keepLateAfter` is due.
 * What was kept before stands, unless it was not carried then; what is only told was told at the merge.
 */
export async function keepLate(t: Tx, pair: Merged, places: readonly Place[], now: Date): Promise<boolean> {
  const late = await run(
    t,
    `insert into facts_carried as k (from_id, place, side, key, before, had, at)
     select $1, place, 'goes', key, image, had, $3 from (${found(places.filter((p) => !p.told))}) f where goes
     on conflict (from_id, place, side, key) do update set before = excluded.before, had = excluded.had, at = excluded.at
     where k.after is null`,
    [pair.from, pair.into, now],
  )
  return late > 0
}

/** Of customers who were merged away those under whose name something stands again, whatever place it is in: one look for all of them. */
export async function cameLate(
  q: Queryable,
  froms: readonly string[],
  places: readonly Place[],
): Promise<Set<string>> {
  if (froms.length === 0) return new Set()
  const each = places.map(
    ({ table, column, rests }) =>
      `select x.${quoted(column)} as id from ${table} x where x.${quoted(column)} = any($1::uuid[])${rests ? ` and not (${rests})` : ""}`,
  )
  const found = await rows<{ id: string }>(q, each.join(" union "), [froms])
  return new Set(found.map(({ id }) => id))
}

export async function keepLateAfter(t: Tx, pair: Merged, places: readonly Place[], now: Date): Promise<void> {
  await run(
    t,
    `update facts_carried k set after = n.image from (${images(places)}) n
     where k.from_id = $1 and k.at = $3 and k.side = 'goes' and k.after is null and not n.goes and k.place = n.place and k.key = n.key`,
    [pair.from, pair.into, now],
  )
}

/** One row that a merge carried, dropped or changed. */
export type Carried = {
  from_id: string
  side: "goes" | "stays"
  before: Record<string, unknown>
  after: Record<string, unknown> | null
}

/** What these merges did in one place. */
export function carriedOf(q: Queryable, from_ids: readonly string[], place: string): Promise<Carried[]> {
  return rows(
    q,
    "select from_id, side, before, after from facts_carried where from_id = any($1::uuid[]) and place = $2",
    [from_ids, place],
  )
}

/** Forgets what a merge did, when it is undone. */
export async function forgetCarriedOf(t: Tx, from_id: string): Promise<void> {
  await run(t, "delete from facts_carried where from_id = $1", [from_id])
}

/** Forgets merges of before, at most `limit` rows of them; gives how many. */
export function forgetCarried(q: Queryable, before: Date, limit: number): Promise<number> {
  return run(
    q,
    "delete from facts_carried where ctid = any(array(select ctid from facts_carried where at < $1 limit $2))",
    [before, limit],
  )
}
