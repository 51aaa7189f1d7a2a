import { type Queryable, rows } from "../../platform/db.ts"
import type { KnownShopOrder, ShopKnown } from "./shop/decide.ts"

/** What the books know of these order and refund numbers of one source. */
export async function loadShopKnown(
  q: Queryable,
  source_id: number,
  order_nos: readonly string[],
  refund_nos: readonly string[],
): Promise<ShopKnown> {
  const orders = await rows<KnownShopOrder & { order_no: string }>(
    q,
    `select order_no, customer_id, order_id, paid_fen, refunded_fen, cancelled_day is not null as cancelled
     from orders_orders where source_id = $1 and order_no = any($2)`,
    [source_id, order_nos],
  )
  const refunds =
    refund_nos.length === 0
      ? []
      : await rows<{ refund_no: string }>(
          q,
          "select refund_no from orders_refunds where source_id = $1 and refund_no = any($2)",
          [source_id, refund_nos],
        )
  return {
    orders: new Map(orders.map(({ order_no, ...order }) => [order_no, order])),
    refund_nos: new Set(refunds.map((r) => r.refund_no)),
  }
}
