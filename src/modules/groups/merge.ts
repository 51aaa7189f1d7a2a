import { type Carry, carryRows } from "../../spine/facts/index.ts"
import { giveMembers } from "./store.ts"
import { publishGroups } from "./traits.ts"

export const carry: Carry = {
  name: "groups",
  tables: ["groups_members"],
  async giveBack(t, pair, now) {
    await giveMembers(t, pair)
    await publishGroups(t, [pair.from, pair.into].sort(), now)
    return undefined
  },
  async carry(t, pair, now) {
    await carryRows(t, pair, "groups_members")
    await publishGroups(t, [pair.into], now)
  },
}
