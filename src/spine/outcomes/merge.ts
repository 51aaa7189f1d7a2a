import { run } from "../../platform/db.ts"
import { type Carry, carryRows } from "../facts/index.ts"

/** Orders and their credit. What contacts of both earn by the orders of both is computed when the handler hears of the merge. */
export const carry: Carry = {
  name: "outcomes",
  tables: [
    "outcomes_orders",
    "outcomes_seen",
    {
      table: "outcomes_credits",
      follows: { table: "outcomes_orders", key: "order_id", by: "order_id" },
    },
  ],
  async carry(t, pair) {
    await carryRows(t, pair, "outcomes_orders", ["order_id"])
    await carryRows(t, pair, "outcomes_seen", ["key"])
    await carryRows(t, pair, "outcomes_credits", ["order_id", "model", "cause_kind", "cause_id"])
  },
  /** An order of which was heard only after the merge is whose the fact is. */
  async giveBack(t, { from, into }) {
    await run(
      t,
      `update outcomes_orders o set customer_id = $1 where o.customer_id = $2
         and exists (select from facts f where f.subject = $1 and f.payload->>'order_id' = o.order_id::text)`,
      [from, into],
    )
    return undefined
  },
}
