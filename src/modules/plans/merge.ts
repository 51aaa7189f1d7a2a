import { type Carry, carryRows } from "../../spine/facts/index.ts"

/** Who was introduced to an account's function is not introduced to it again, nor is anybody in one diversion twice. */
export const carry: Carry = {
  name: "plans",
  tables: ["plans_introductions", { table: "plans_diverted", by: ["diversion_id"] }],
  async carry(t, pair) {
    await carryRows(t, pair, "plans_introductions", ["function"])
    await carryRows(t, pair, "plans_diverted", ["diversion_id"])
  },
}
