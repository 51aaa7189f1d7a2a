import { invariant } from "../../kernel/invariant.ts"
import { type Queryable, rows, run, type Tx } from "../../platform/db.ts"
import { type Column, columnOf, columns } from "./columns.ts"

/** One customer's known values; sets of words as lists of words. */
export type Values = Record<string, string | number | boolean | string[] | null>

/** A customer's traits with since-when and why, by trait. */
export type Known = { value: Values[string]; since: Date | null; why: Record<string, unknown> | null }

/**
 * What is known about these customers, for these traits (all where none are named), with reasons. Customers without a row are
 * missing from the answer.
 */
export async function readTraits(
  q: Queryable,
  ids: readonly string[],
  names?: readonly string[],
): Promise<Map<string, Record<string, Known>>> {
  const all = await columns(q)
  const wanted = names
    ? names.map((name) => {
        const column = all.find((c) => c.trait === name)
        invariant(column, `trait ${name} is offered by nobody`)
        return column
      })
    : all
  // One statement: with words and reasons asked apart, a page of a list was three more round trips.
  const found = await rows<Row>(
    q,
    `select w.customer_id${wanted.map((c) => `, ${readable(c)}`).join("")},
       (select jsonb_object_agg(r.trait, jsonb_build_object('since', r.since, 'why', r.why)) from traits_reasons r
        where r.customer_id = w.customer_id and r.trait = any($2)) as reasons
     from traits_customers w where w.customer_id = any($1::uuid[])`,
    [ids, wanted.map((c) => c.trait)],
  )
  return new Map(
    found.map((row) => [
      row.customer_id,
      Object.fromEntries(wanted.map(({ trait }) => [trait, knownOf(row, trait)])),
    ]),
  )
}

type Row = {
  customer_id: string
  reasons: Record<string, { since: string; why: Known["why"] }> | null
} & Record<string, unknown>

/** A set of words is kept as the sorted numbers of its words. */
function readable({ trait, kind }: Column): string {
  const column = columnOf(trait)
  return kind === "tags"
    ? `array(select word from traits_words where id = any(w.${column}) order by id) as ${column}`
    : `w.${column}`
}

function knownOf(row: Row, trait: string): Known {
  const value = (row[trait] ?? null) as Known["value"]
  const reason = value === null ? undefined : row.reasons?.[trait]
  return reason
    ? { value, since: new Date(reason.since), why: reason.why }
    : { value, since: null, why: null }
}

/** Which of these customers may be seen by one whose scope this is: null sees everybody. */
export async function inScope(
  q: Queryable,
  ids: readonly string[],
  scope: readonly string[] | null,
): Promise<Set<string>> {
  const found = await rows<{ customer_id: string }>(
    q,
    `select customer_id from traits_customers
     where customer_id = any($1::uuid[]) and ($2::uuid[] is null or scope_id = any($2))`,
    [ids, scope],
  )
  return new Set(found.map((r) => r.customer_id))
}

/**
 * Throws away changes recorded before `before` (machine time) and remembers up to where: a reader that stands lower looks at everything
 * again. Only whole transactions go.
 */
export async function pruneChanges(t: Tx, before: Date): Promise<number> {
  const [edge] = await rows<{ tx: string | null }>(
    t,
    "select max(tx::text::bigint)::text as tx from traits_changes where recorded_at < $1",
    [before],
  )
  if (!edge?.tx) return 0
  await run(t, "update traits_floor set tx = greatest(tx::text::bigint, $1::bigint + 1)::text::xid8", [
    edge.tx,
  ])
  return run(t, "delete from traits_changes where tx <= $1::xid8", [edge.tx])
}
