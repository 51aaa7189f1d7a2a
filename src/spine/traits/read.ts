import { invariant } from "../../kernel/invariant.ts"
import { type Queryable, rows, run, type Tx } from "../../platform/db.ts"
import type { TraitKind } from "../offers/index.ts"
import { columnOf, columns } from "./columns.ts"
import { wordsOf } from "./words.ts"

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
  const found = await rows<Record<string, unknown> & { customer_id: string }>(
    q,
    `select customer_id${wanted.map((c) => `, ${columnOf(c.trait)}`).join("")} from traits_customers
     where customer_id = any($1::uuid[])`,
    [ids],
  )
  const reasons = await rows<{
    customer_id: string
    trait: string
    since: Date
    why: Record<string, unknown>
  }>(
    q,
    "select customer_id, trait, since, why from traits_reasons where customer_id = any($1::uuid[]) and trait = any($2)",
    [ids, wanted.map((c) => c.trait)],
  )
  const words = await wordsOf(
    q,
    found.flatMap((row) =>
      wanted.filter((c) => c.kind === "tags").flatMap((c) => (row[c.trait] as number[]) ?? []),
    ),
  )
  const byCustomer = new Map(
    found.map((row) => [
      row.customer_id,
      Object.fromEntries(
        wanted.map((c): [string, Known] => [
          c.trait,
          { value: readable(row[c.trait], c.kind, words), since: null, why: null },
        ]),
      ),
    ]),
  )
  for (const { customer_id, trait, since, why } of reasons) {
    const known = byCustomer.get(customer_id)?.[trait]
    if (known && known.value !== null) Object.assign(known, { since, why })
  }
  return byCustomer
}

function readable(value: unknown, kind: TraitKind, words: Map<number, string>): Values[string] {
  if (kind === "tags") return ((value ?? []) as number[]).map((id) => words.get(id) ?? "")
  return (value ?? null) as Values[string]
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
