import { type Queryable, rows, run, type Tx } from "../../platform/db.ts"
import type { DailySum, PathStep } from "./rules.ts"

/** Rows come sorted, so that two lanes that meet in the same sums wait for each other instead of blocking. */
export function addSums(t: Tx, sums: DailySum[]): Promise<number> {
  return run(
    t,
    `insert into analytics_daily as d (day, measure, dimension, value)
     select * from unnest($1::int[], $2::text[], $3::text[], $4::bigint[])
     on conflict (measure, day, dimension) do update set value = d.value + excluded.value`,
    [
      sums.map((s) => s.day),
      sums.map((s) => s.measure),
      sums.map((s) => s.dimension),
      sums.map((s) => s.value),
    ],
  )
}

/** First steps are kept as the earliest day told; a second order's day makes the repeat. */
export function addSteps(t: Tx, steps: PathStep[]): Promise<number> {
  return run(
    t,
    `insert into analytics_path as p (customer_id, source, added_day, joined_day, spoke_day, ordered_day, repeated_day)
     select * from unnest($1::uuid[], $2::text[], $3::int[], $4::int[], $5::int[], $6::int[], $7::int[])
     on conflict (customer_id) do update set
       source = case when excluded.added_day < coalesce(p.added_day, 2147483647) then excluded.source else p.source end,
       added_day = least(p.added_day, excluded.added_day),
       joined_day = least(p.joined_day, excluded.joined_day),
       spoke_day = least(p.spoke_day, excluded.spoke_day),
       ordered_day = least(p.ordered_day, excluded.ordered_day),
       repeated_day = case when p.ordered_day is null then excluded.repeated_day
         when excluded.ordered_day is null then p.repeated_day
         else least(p.repeated_day, greatest(p.ordered_day, excluded.ordered_day), excluded.repeated_day) end`,
    [
      steps.map((s) => s.customer_id),
      steps.map((s) => s.source),
      steps.map((s) => s.added_day),
      steps.map((s) => s.joined_day),
      steps.map((s) => s.spoke_day),
      steps.map((s) => [...s.order_days].sort((a, b) => a - b)[0] ?? null),
      steps.map((s) => [...s.order_days].sort((a, b) => a - b)[1] ?? null),
    ],
  )
}

export type Range = { from_day: number; to_day: number }

export function sumsOf(q: Queryable, range: Range): Promise<{ measure: string; value: number }[]> {
  return rows(
    q,
    "select measure, sum(value)::bigint as value from analytics_daily where day between $1 and $2 group by measure",
    [range.from_day, range.to_day],
  )
}

export function seriesOf(
  q: Queryable,
  measures: string[],
  range: Range,
): Promise<{ measure: string; day: number; value: number }[]> {
  return rows(
    q,
    `select measure, day, sum(value)::bigint as value from analytics_daily
     where measure = any($1::text[]) and day between $2 and $3 group by measure, day order by measure, day`,
    [measures, range.from_day, range.to_day],
  )
}

/** A measure that is kept by hour, summed by weekday (0 is Monday; day 0 was a Thursday) and hour. */
export function byHour(
  q: Queryable,
  measure: string,
  range: Range,
): Promise<{ weekday: number; hour: number; messages: number }[]> {
  return rows(
    q,
    `select (day + 3) % 7 as weekday, dimension::int as hour, sum(value)::int as messages from analytics_daily
     where measure = $1 and day between $2 and $3 and dimension <> '' group by 1, 2 order by 1, 2`,
    [measure, range.from_day, range.to_day],
  )
}

export type Funnel = {
  source: string
  added: number
  joined: number
  spoke: number
  ordered: number
  repeated: number
}

/** Of those who came in within the range: how many took each further step by now. */
export function funnelBySource(q: Queryable, range: Range, limit: number): Promise<Funnel[]> {
  return rows(
    q,
    `select source, count(*)::int as added, count(joined_day)::int as joined, count(spoke_day)::int as spoke,
       count(ordered_day)::int as ordered, count(repeated_day)::int as repeated
     from analytics_path where added_day between $1 and $2 group by source order by added desc, source limit $3`,
    [range.from_day, range.to_day, limit],
  )
}

const FIRST_STEPS = ["added_day", "joined_day", "spoke_day", "ordered_day"]
const PATH_STEPS = [...FIRST_STEPS, "repeated_day"]

/** One path of two: the first day of each step, the day of the second order of both, and the source by which they first came. */
export async function carryPath(t: Tx, { from, into }: { from: string; into: string }): Promise<void> {
  await run(
    t,
    `with gone as (delete from analytics_path where customer_id = $1 returning *)
     insert into analytics_path as p (customer_id, source, ${PATH_STEPS.join(", ")})
     select $2, source, ${PATH_STEPS.join(", ")} from gone
     on conflict (customer_id) do update set
       source = case when p.source = '' or (excluded.source <> '' and excluded.added_day < p.added_day) then excluded.source else p.source end,
       ${FIRST_STEPS.map((step) => `${step} = least(p.${step}, excluded.${step})`).join(", ")},
       repeated_day = least(p.repeated_day, excluded.repeated_day, case when p.ordered_day is not null
         and excluded.ordered_day is not null then greatest(p.ordered_day, excluded.ordered_day) end)`,
    [from, into],
  )
}
