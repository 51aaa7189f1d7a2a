import type { Tx } from "../../../platform/db.ts"
import type { Failure } from "../../imports/index.ts"
import type { Identity } from "../rules.ts"
import { whoIs } from "./decide.ts"
import { whoAreKnown } from "./take.ts"

/** For kinds that are about known customers: whose each row is, or why it is nobody's. */
export async function knownCustomers(
  t: Tx,
  rows: readonly { identities: Identity[] }[],
  scope: readonly string[] | null,
): Promise<(string | Failure<"two_customers" | "not_yours" | "unknown_customer">)[]> {
  const known = await whoAreKnown(t, rows)
  return rows.map((row) => whoIs(row, known, { scope }) ?? { failed: "unknown_customer" })
}
