import { maybeRow, type Queryable, rows, run, type Tx } from "../../platform/db.ts"
import { columnOf, TRAITS_TABLE } from "../../spine/traits/index.ts"
import type { Compared, Enough, Model } from "./rules.ts"

export type Kept = {
  enough: Enough
  /** To how many the model was fitted, of how many. */
  sample: number
  of: number
  model: Model | null
  log_likelihood: number | null
  correlation: number | null
  calibration: { cutoff_day: number; days: number; groups: Compared[] } | null
}
export type Fit = { day: number; fitted_at: Date; state: "fitted" | "too_little"; model: Kept; done: boolean }

export function lastFit(q: Queryable): Promise<Fit | undefined> {
  return maybeRow(q, "select * from value_fits order by day desc limit 1")
}

export async function saveFit(t: Tx, fit: Fit, kept_days: number): Promise<void> {
  await run(
    t,
    `insert into value_fits (day, fitted_at, state, model, done) values ($1, $2, $3, $4, $5)
     on conflict (day) do update set fitted_at = excluded.fitted_at, state = excluded.state, model = excluded.model,
       done = excluded.done`,
    [fit.day, fit.fitted_at, fit.state, JSON.stringify(fit.model), fit.done],
  )
  await run(t, "delete from value_fits where day <= $1::int - $2::int", [fit.day, kept_days])
}

export function endFit(q: Queryable, day: number): Promise<number> {
  return run(q, "update value_fits set done = true where day = $1", [day])
}

export type ValueRow = {
  key: string | null
  customers: number
  buyers: number
  /** What they brought, less refunds; and what the year to come is expected to. */
  net_fen: number
  predicted_fen: number
  expected_90: number
}

const [COUNT, NET, SOURCE, PREDICTED, EXPECTED] = [
  "orders.count",
  "orders.net_fen",
  "customers.source_code",
  "value.predicted_fen",
  "value.expected_90",
].map(columnOf)

/** Sums of everybody within sight, by source or by whose customers they are. */
export function valueSums(
  q: Queryable,
  by: "all" | "source" | "operator",
  scope: readonly string[] | null,
  limit: number,
): Promise<ValueRow[]> {
  const key = by === "all" ? "null::text" : by === "source" ? `coalesce(${SOURCE}, '')` : "scope_id::text"
  return rows(
    q,
    `select ${key} as key, count(*)::int as customers, (count(*) filter (where ${COUNT} > 0))::int as buyers,
       coalesce(sum(${NET}), 0)::bigint as net_fen, coalesce(sum(${PREDICTED}), 0)::bigint as predicted_fen,
       coalesce(sum(${EXPECTED}), 0)::bigint as expected_90
     from ${TRAITS_TABLE} where ($1::uuid[] is null or scope_id = any($1))
     group by 1 order by predicted_fen desc, net_fen desc, 1 limit $2`,
    [scope, limit],
  )
}
