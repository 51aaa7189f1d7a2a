import { maybeRow, type Queryable, rows, run } from "../../platform/db.ts"
import type { Judged } from "./rfm/reasons.ts"
import type { ScoreSums } from "./rfm/rules.ts"

/** Thresholds times five, to be counted while not above five times the value. */
export type Thresholds = {
  recency: readonly number[]
  frequency: readonly number[]
  monetary: readonly number[]
}

export async function keepCuts(
  q: Queryable,
  rule: "value" | "r",
  day: number,
  cuts: Thresholds,
  sums: ScoreSums,
): Promise<void> {
  await run(
    q,
    `insert into orders_rfm_cuts (rule, day, recency, frequency, monetary, customers, sum_r, sum_f, sum_m)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (rule) do update set day = excluded.day, recency = excluded.recency, frequency = excluded.frequency,
       monetary = excluded.monetary, customers = excluded.customers, sum_r = excluded.sum_r, sum_f = excluded.sum_f,
       sum_m = excluded.sum_m`,
    [rule, day, cuts.recency, cuts.frequency, cuts.monetary, sums.customers, sums.r, sums.f, sums.m],
  )
}

/** When the cut points were last found, and over how many customers. */
export function cutsAge(
  q: Queryable,
  rule: "value" | "r",
): Promise<{ day: number; customers: number } | undefined> {
  return maybeRow(q, "select day, customers from orders_rfm_cuts where rule = $1", [rule])
}

export async function customersWithOrders(q: Queryable): Promise<number> {
  const found = await rows<{ n: number }>(
    q,
    "select count(*) as n from orders_by_customer where order_count > 0",
  )
  return found[0]?.n ?? 0
}

/** A customer's three scores by kept cut points, as SQL over `k` (orders_by_customer) and `c` (orders_rfm_cuts). */
const SCORES = `
  5 - width_bucket(5 * ($1::bigint - k.last_day), c.recency) as r,
  1 + width_bucket(5 * k.order_count::bigint, c.frequency) as f,
  1 + width_bucket(5 * (k.gmv_fen - k.refund_fen), c.monetary) as m`

/** SQL that gives scores of given customers: $1 day, $2 ids, $3 rule. */
export const SCORES_SQL = `select k.customer_id, ${SCORES} from orders_by_customer k, orders_rfm_cuts c
  where k.customer_id = any($2::uuid[]) and c.rule = $3 and k.order_count > 0`

export const TRAITS = [
  "orders.count",
  "orders.goods_count",
  "orders.gmv_fen",
  "orders.net_fen",
  "orders.first_day",
  "orders.last_day",
  "orders.goods_first_day",
  "orders.goods_last_day",
  "orders.last_paid_fen",
  "orders.rfm_r",
  "orders.rfm_f",
  "orders.rfm_m",
  "orders.rfm_segment",
  "orders.products",
] as const

/** What is published of customers: $1 day, $2 ids, $3 rule. Scores are null before the first night and without an order. */
export const TRAITS_SQL = `
  select customer_id, order_count as v1, goods_count as v2, gmv_fen as v3, gmv_fen - refund_fen as v4, first_day as v5,
    last_day as v6, goods_first_day as v7, goods_last_day as v8, last_paid_fen as v9, s.r as v10, s.f as v11, s.m as v12,
    case when s.r is not null then
      (s.r * customers >= sum_r)::int::text || (s.f * customers >= sum_f)::int::text || (s.m * customers >= sum_m)::int::text
    end as v13,
    nullif((select count(distinct sku) from orders_bought b
      where b.customer_id = k.customer_id and b.kind <> 'lead' and b.sku <> ''), 0) as v14
  from orders_by_customer k
  left join lateral (
    select ${SCORES}, c.customers, c.sum_r, c.sum_f, c.sum_m from orders_rfm_cuts c where c.rule = $3 and k.order_count > 0) s on true
  where customer_id = any($2::uuid[])`

/** What one customer's scores were judged by; nothing before the first night and without an order. */
export function judgedOf(q: Queryable, customer_id: string, day: number): Promise<Judged | undefined> {
  return maybeRow(
    q,
    `select k.last_day, k.order_count, k.gmv_fen - k.refund_fen as net_fen, c.recency, c.frequency, c.monetary,
       c.customers, c.sum_r, c.sum_f, c.sum_m, ${SCORES}
     from orders_by_customer k, orders_rfm_cuts c where k.customer_id = $2 and c.rule = $3 and k.order_count > 0`,
    [day, customer_id, "value"],
  )
}

/** The next customers after `after`, for a walk over all of them. */
export async function customersAfter(q: Queryable, after: string, limit: number): Promise<string[]> {
  const found = await rows<{ id: string }>(
    q,
    "select customer_id as id from orders_by_customer where customer_id > $1 order by customer_id limit $2",
    [after, limit],
  )
  return found.map((r) => r.id)
}
