import type { Carry } from "../facts/index.ts"
import { withdrawCustomers } from "./customers.ts"

/** The last to be carried: whoever became part of another is in no audience and no count any more. */
export const carry: Carry = {
  name: "traits",
  tables: ["traits_customers", "traits_reasons"],
  carry: (t, { from }) => withdrawCustomers(t, [from]),
}
