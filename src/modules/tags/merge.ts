import type { Carry } from "../../spine/facts/index.ts"
import { carryReplaced } from "./bulk/store.ts"
import { publishTags } from "./commands.ts"
import { carryDrawn } from "./inspection/store.ts"
import { carryWorn, lockCustomers } from "./store.ts"

/** Tags of both; of an exclusive group the one stays that the customer who stays wears. */
export const carry: Carry = {
  name: "tags",
  tables: ["tags_assignments", "tags_customers", "tags_replaced", "tags_inspections"],
  hold: (t, { from, into }, now) => lockCustomers(t, [from, into], now),
  async giveBack(t, { from, into }, now) {
    await publishTags(t, [from, into].sort(), now)
    return undefined
  },
  async carry(t, { from, into }, now) {
    await carryWorn(t, { from, into })
    await carryReplaced(t, { from, into })
    await carryDrawn(t, { from, into })
    await publishTags(t, [into], now)
  },
}
