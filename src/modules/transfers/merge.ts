import { type Carry, carryRows } from "../../spine/facts/index.ts"
import { carryPassing } from "./store.ts"

/** Of two ways that both were on, the one who stays goes on with their own. */
export const carry: Carry = {
  name: "transfers",
  tables: ["transfers_customers"],
  async carry(t, pair, now) {
    await carryPassing(t, pair, now)
    await carryRows(t, pair, "transfers_customers", ["transfer_id"])
  },
}
