import { z } from "zod"
import { defineFact } from "../../spine/facts/index.ts"

/** An account came under the company's eyes. The subject is the account. */
export const accountListed = defineFact(
  "account.listed",
  z.object({ function: z.enum(["ip", "sales", "member", "agent"]), channel: z.string() }),
)
/** Custody passed; null where it was nobody's. */
export const custodyChanged = defineFact(
  "account.custody_changed",
  z.object({ from_staff_id: z.string().nullable(), to_staff_id: z.string().nullable() }),
)
/** A hazard stops an account at once; `none` frees it. */
export const hazardChanged = defineFact(
  "account.hazard_changed",
  z.object({ from: z.string(), to: z.string() }),
)
