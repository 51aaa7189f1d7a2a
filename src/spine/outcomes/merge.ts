import { type Carry, carryRows } from "../facts/index.ts"

/** Orders and their credit. What contacts of both earn by the orders of both is computed when the handler hears of the merge. */
export const carry: Carry = {
  name: "outcomes",
  tables: ["outcomes_orders", "outcomes_seen", "outcomes_credits"],
  async carry(t, pair) {
    await carryRows(t, pair, "outcomes_orders", ["order_id"])
    await carryRows(t, pair, "outcomes_seen", ["key"])
    await carryRows(t, pair, "outcomes_credits", ["order_id", "model", "cause_kind", "cause_id"])
  },
}
