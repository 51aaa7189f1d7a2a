import { type Queryable, rows } from "../../platform/db.ts"

/** On how many days somebody bought, up to a day, and on how many after it; days are day numbers. Cancelled orders are none. */
export type PurchaseHistory = {
  customer_id: string
  days: number
  first_day: number
  last_day: number
  /** Money of all those days but the first. */
  repeat_fen: number
  later_days: number
}

/** Of those of these customers who had bought by `until`; days after it count up to `later_until`. */
export function purchaseHistories(
  q: Queryable,
  ids: readonly string[],
  until: number,
  later_until: number,
): Promise<PurchaseHistory[]> {
  return rows(
    q,
    `select customer_id, count(*) filter (where day <= $2)::int as days, min(day) as first_day,
       max(day) filter (where day <= $2) as last_day,
       coalesce(sum(fen) filter (where day <= $2 and day > first), 0)::bigint as repeat_fen,
       count(*) filter (where day > $2)::int as later_days
     from (select customer_id, day, sum(paid_fen) as fen, min(day) over (partition by customer_id) as first
           from orders_orders where customer_id = any($1::uuid[]) and day <= $3 and cancelled_day is null
           group by customer_id, day) d
     group by customer_id having min(day) <= $2 order by customer_id`,
    [ids, until, later_until],
  )
}

/** So many of those who ever bought, the same ones for the same seed. */
export async function sampleOfBuyers(q: Queryable, seed: number, limit: number): Promise<string[]> {
  const found = await rows<{ id: string }>(
    q,
    `select customer_id as id from orders_by_customer where order_count > 0
     order by hashtextextended(customer_id::text, $1), customer_id limit $2`,
    [seed, limit],
  )
  return found.map((r) => r.id)
}

/** SQL of a relation (customer_id uuid, fen bigint): what customers paid from a day on, whose number the parameter holds. */
export const GMV_SQL = (from: string) =>
  `select customer_id, sum(paid_fen)::bigint as fen from orders_orders where day >= ${from}::int and cancelled_day is null group by customer_id`
