import { type Carry, carryRows } from "../../spine/facts/index.ts"
import { publishOrders } from "./rfm/traits.ts"
import { carryFigures, ensureFigures, recount } from "./store.ts"

/** Orders, refunds and the figures kept of them: what the two bought is counted again as one customer's. */
export const carry: Carry = {
  name: "orders",
  tables: [
    { table: "orders_orders", by: ["order_id"] },
    { table: "orders_lines", follows: { table: "orders_orders", key: "order_id", by: "order_id" } },
    { table: "orders_refunds", follows: { table: "orders_orders", key: "order_id", by: "order_id" } },
    "orders_by_customer",
  ],
  async giveBack(t, { from, into }, now) {
    await ensureFigures(t, [from, into])
    await recount(t, [from, into])
    await publishOrders(t, [from, into].sort(), now)
    return undefined
  },
  async carry(t, pair, now) {
    for (const table of ["orders_orders", "orders_lines", "orders_refunds"]) await carryRows(t, pair, table)
    await carryFigures(t, pair)
    await recount(t, [pair.into])
    await publishOrders(t, [pair.into], now)
  },
}
