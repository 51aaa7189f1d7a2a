import { type Carry, carryRows } from "../../spine/facts/index.ts"
import { publishOrders } from "./rfm/traits.ts"
import { carryFigures, recount } from "./store.ts"

/** Orders, refunds and the figures kept of them: what the two bought is counted again as one customer's. */
export const carry: Carry = {
  name: "orders",
  tables: ["orders_orders", "orders_lines", "orders_refunds", "orders_by_customer"],
  async carry(t, pair, now) {
    for (const table of ["orders_orders", "orders_lines", "orders_refunds"]) await carryRows(t, pair, table)
    await carryFigures(t, pair)
    await recount(t, [pair.into])
    await publishOrders(t, [pair.into], now)
  },
}
