import { maybeRow, type Queryable, rows, run, type Tx } from "../../../platform/db.ts"
import { columnOf, TRAITS_TABLE } from "../../../spine/traits/index.ts"
import type { CellRow } from "./board.ts"

const [R, F, SEGMENT, GMV, COUNT] = ["rfm_r", "rfm_f", "rfm_segment", "gmv_fen", "count"].map((name) =>
  columnOf(`orders.${name}`),
)
const SCORED = `${R} is not null and ${F} is not null and ${SEGMENT} is not null`
const SUMS = `count(*)::bigint as customers, coalesce(sum(${GMV}), 0)::bigint as gmv_fen`

/** Keeps how many stand where today, by whose customers they are, with the cut points of the night. */
export async function keepDay(t: Tx, day: number, rule: string, at: Date, kept_days: number): Promise<void> {
  await run(
    t,
    `insert into orders_rfm_days (day, taken_at, rule, recency, frequency, monetary, customers)
     select day, $3, rule, recency, frequency, monetary, customers from orders_rfm_cuts where rule = $2 and day = $1
     on conflict (day) do update set taken_at = excluded.taken_at, rule = excluded.rule, recency = excluded.recency,
       frequency = excluded.frequency, monetary = excluded.monetary, customers = excluded.customers`,
    [day, rule, at],
  )
  await run(t, "delete from orders_rfm_cells where day = $1 or day <= $1 - $2::int", [day, kept_days])
  await run(t, "delete from orders_rfm_days where day <= $1 - $2::int", [day, kept_days])
  await run(
    t,
    `insert into orders_rfm_cells (day, scope_id, r, f, segment, customers, gmv_fen)
     select $1::int, scope_id, ${R}, ${F}, ${SEGMENT}, ${SUMS} from ${TRAITS_TABLE} where ${SCORED} group by 2, 3, 4, 5`,
    [day],
  )
}

/** The last day of which everybody's scores were published and kept. */
export async function lastKeptDay(q: Queryable): Promise<number | null> {
  return (
    (await maybeRow<{ day: number | null }>(q, "select max(day) as day from orders_rfm_days"))?.day ?? null
  )
}

/** Who stands where at this moment, of those whose customers may be seen. */
export function cellsNow(q: Queryable, scope: readonly string[] | null): Promise<CellRow[]> {
  return rows(
    q,
    `select ${R} as r, ${F} as f, ${SEGMENT} as segment, ${SUMS} from ${TRAITS_TABLE}
     where ${SCORED} and ($1::uuid[] is null or scope_id = any($1)) group by 1, 2, 3`,
    [scope],
  )
}

export function cellsOf(q: Queryable, day: number, scope: readonly string[] | null): Promise<CellRow[]> {
  return rows(
    q,
    `select r, f, segment, sum(customers)::bigint as customers, sum(gmv_fen)::bigint as gmv_fen from orders_rfm_cells
     where day = $1 and ($2::uuid[] is null or scope_id = any($2)) group by 1, 2, 3`,
    [day, scope],
  )
}

export type KeptCuts = {
  day: number
  rule: string
  at: Date | null
  recency: number[]
  frequency: number[]
  monetary: number[]
  customers: number
}

/** The cut points of a kept day; without a day, those that score now. */
export function cutsOf(q: Queryable, rule: string, day: number | null): Promise<KeptCuts | undefined> {
  return day === null
    ? maybeRow(
        q,
        `select c.day, c.rule, d.taken_at as at, c.recency, c.frequency, c.monetary, c.customers
         from orders_rfm_cuts c left join orders_rfm_days d on d.day = c.day where c.rule = $1`,
        [rule],
      )
    : maybeRow(
        q,
        `select day, rule, taken_at as at, recency, frequency, monetary, customers from orders_rfm_days where day = $1`,
        [day],
      )
}

export async function keptDays(q: Queryable, limit: number): Promise<number[]> {
  const found = await rows<{ day: number }>(q, "select day from orders_rfm_days order by day desc limit $1", [
    limit,
  ])
  return found.map((d) => d.day)
}

/** Whether anybody within sight has ordered. */
export async function anybodyOrdered(q: Queryable, scope: readonly string[] | null): Promise<boolean> {
  return (
    (await maybeRow(
      q,
      `select 1 from ${TRAITS_TABLE} where ${COUNT} > 0 and ($1::uuid[] is null or scope_id = any($1)) limit 1`,
      [scope],
    )) !== undefined
  )
}
