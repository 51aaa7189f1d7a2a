import { type Column, columnOf } from "./columns.ts"
import { CHANGES_PER_ROW } from "./limits.ts"

/** A source of values: `sql` gives customer_id, v1, v2 … and, where `reasons[i]`, s1 (since) and w1 (why). */
export type Given = { cols: readonly Column[]; sql: string; params: unknown[]; reasons: readonly boolean[] }

/**
 * One statement that locks the rows whose values differ, writes them, logs what they were, keeps reasons and gives the changes
 * of the classes that are to be told.
 */
export function publishStatement(given: Given, told: readonly Column[]): string {
  const each = given.cols.map((column, i) => ({ column, n: i + 1, sql: columnOf(column.trait) }))
  const differs = (e: { n: number }) => `v${e.n} is distinct from o${e.n}`
  const kept = each.flatMap((e, i) => [
    `g.v${e.n}`,
    `c.${e.sql} as o${e.n}`,
    ...(given.reasons[i] ? [`g.s${e.n}`, `g.w${e.n}`] : []),
  ])
  const logs = each.map(
    (
      e,
    ) => `select '${e.column.trait}', array_agg(number order by number), jsonb_agg(to_jsonb(o${e.n}) order by number)
      from changed where ${differs(e)} group by number / ${CHANGES_PER_ROW}`,
  )
  const reasons = each
    .filter((_, i) => given.reasons[i])
    .map(
      (e) =>
        `select customer_id, '${e.column.trait}', s${e.n}, w${e.n} from changed where ${differs(e)} and w${e.n} is not null`,
    )
  const tellings = each
    .filter((e) => told.includes(e.column))
    .map(
      (e) => `select customer_id as c, '${e.column.trait}' as t, o${e.n} as f, v${e.n} as v from changed
        where ${differs(e)}`,
    )
  const text = `with given as materialized (${given.sql}),
    changed as materialized (
      select c.customer_id, c.number, ${kept.join(", ")} from given g join traits_customers c on c.customer_id = g.customer_id
      where ${each.map((e) => `c.${e.sql} is distinct from g.v${e.n}`).join(" or ")}
      order by c.customer_id for no key update of c),
    written as (
      update traits_customers c set ${each.map((e) => `${e.sql} = x.v${e.n}`).join(", ")}
      from changed x where c.customer_id = x.customer_id),
    ${
      reasons.length > 0
        ? `reasoned as (
      insert into traits_reasons (customer_id, trait, since, why) ${reasons.join(" union all ")}
      on conflict (customer_id, trait) do update set since = excluded.since, why = excluded.why),`
        : ""
    }
    logged as (insert into traits_changes (trait, numbers, old) ${logs.join(" union all ")})
    select (select count(*) from changed)::int as changed,
      ${tellings.length > 0 ? `(select jsonb_agg(told) from (${tellings.join(" union all ")}) told)` : "null"} as told`
  return text
}

/**
 * One statement that puts a number ($2) into the sorted sets of customers ($1), or takes it out, and logs what they were. The set is
 * shifted where it stands, so no row is locked before it is written; of what was not there, or there already, nothing is written.
 */
export function wordStatement(column: Column, put: boolean): string {
  const set = `c.${columnOf(column.trait)}`
  return `with shifted as (
      update traits_customers c set ${columnOf(column.trait)} = ${put ? withWord(set) : withoutWord(set)}
      where c.customer_id = any($1::uuid[]) and ($2::int = any(${set})) is ${put ? "not true" : "true"}
      returning c.number, ${put ? withoutWord(set) : withWord(set)} as old),
    logged as (
      insert into traits_changes (trait, numbers, old)
      select '${column.trait}', array_agg(number order by number), jsonb_agg(to_jsonb(old) order by number)
      from shifted group by number / ${CHANGES_PER_ROW})
    select count(*)::int as n from shifted`
}

/** An empty set is unknown. */
const withoutWord = (set: string) => `nullif(array_remove(${set}, $2::int), '{}')`
/** Most new numbers are the highest. */
const withWord = (set: string) => `case when ${set} is null then array[$2::int]
  when ${set}[cardinality(${set})] < $2::int then ${set} || $2::int
  else array(select n from unnest(${set} || $2::int) as n order by n) end`
