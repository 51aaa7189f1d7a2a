import type { Carry } from "../../spine/facts/index.ts"
import { carryPath } from "./store.ts"

/** The entry path of one person. Sums by day stay as they were told: they count what happened, not who. */
export const carry: Carry = {
  name: "analytics",
  tables: ["analytics_path"],
  carry: carryPath,
}
