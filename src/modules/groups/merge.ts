import { type Carry, carryRows } from "../../spine/facts/index.ts"
import { publishGroups } from "./traits.ts"

export const carry: Carry = {
  name: "groups",
  tables: ["groups_members"],
  async carry(t, pair, now) {
    await carryRows(t, pair, "groups_members")
    await publishGroups(t, [pair.into], now)
  },
}
