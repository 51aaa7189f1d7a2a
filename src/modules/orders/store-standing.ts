import { type Queryable, rows } from "../../platform/db.ts"

/** What the ladder and the classes ask of a customer's orders; days are day numbers. */
export type OrderStanding = {
  customer_id: string
  /** Orders that count, with lead products only, and those beyond them. */
  orders: number
  goods_orders: number
  goods_first_day: number | null
  goods_last_day: number | null
  /** The last order of lead products. */
  lead_last_day: number | null
  membership_first_day: number | null
}

/** For each of these customers, also those without an order. */
export function orderStanding(q: Queryable, ids: readonly string[]): Promise<OrderStanding[]> {
  return rows(
    q,
    `select k.id as customer_id, coalesce(b.order_count, 0) as orders, coalesce(b.goods_count, 0) as goods_orders,
       b.goods_first_day, b.goods_last_day,
       (select max(o.day) from orders_orders o where o.customer_id = k.id and o.lead_only and o.cancelled_day is null) as lead_last_day,
       (select min(o.day) from orders_orders o join orders_lines l on l.customer_id = o.customer_id and l.order_id = o.order_id
        where o.customer_id = k.id and o.cancelled_day is null and l.kind = 'membership') as membership_first_day
     from unnest($1::uuid[]) as k (id) left join orders_by_customer b on b.customer_id = k.id`,
    [ids],
  )
}
