import { type Carry, carryRows } from "../../spine/facts/index.ts"

/** Who was introduced to an account's function is not introduced to it again. */
export const carry: Carry = {
  name: "plans",
  tables: ["plans_introductions"],
  carry: (t, pair) => carryRows(t, pair, "plans_introductions", ["function"]),
}
