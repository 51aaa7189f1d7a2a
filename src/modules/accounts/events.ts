import { z } from "zod"
import { defineFact } from "../../spine/facts/index.ts"
import { STATES } from "./life/rules.ts"

const staff = z.string().nullable()

/** An account came under the company's eyes. The subject is the account. */
export const accountListed = defineFact(
  "account.listed",
  z.object({ function: z.enum(["ip", "sales", "member", "agent"]), channel: z.string() }),
)
/** What an account is for was changed: its own function first. */
export const functionsChanged = defineFact(
  "account.functions_changed",
  z.object({
    functions: z.array(z.enum(["ip", "sales", "member", "agent"])).min(1),
    by_staff_id: z.string(),
  }),
)
/** An account took a step of its life; the note and the file to it are found by the move. */
export const stateChanged = defineFact(
  "account.state_changed",
  z.object({ from: z.enum(STATES).nullable(), to: z.enum(STATES), by_staff_id: staff, move_id: z.string() }),
)
/** Custody passed; null where it was nobody's. */
export const custodyChanged = defineFact(
  "account.custody_changed",
  z.object({ from_staff_id: staff, to_staff_id: staff }),
)
/** The custodian signed for the account. */
export const custodySigned = defineFact("account.custody_signed", z.object({ staff_id: z.string() }))
/** A hazard stops an account at once; `none` frees it. */
export const hazardChanged = defineFact(
  "account.hazard_changed",
  z.object({ from: z.string(), to: z.string() }),
)
/** Something befell an account: what was told of it is found by the incident. */
export const incidentHappened = defineFact(
  "account.incident",
  z.object({ incident_id: z.string(), kind: z.string(), by_staff_id: z.string() }),
)
/** Something is not as it should be, and somebody has to see to it. */
export const findingOpened = defineFact(
  "account.finding_opened",
  z.object({ finding_id: z.string(), kind: z.string(), owner_staff_id: staff }),
)
export const findingResolved = defineFact(
  "account.finding_resolved",
  z.object({ finding_id: z.string(), kind: z.string(), by_staff_id: staff }),
)
/** The subject is the stocktake. */
export const stocktakeOpened = defineFact(
  "account.stocktake_opened",
  z.object({ expected: z.number().int(), by_staff_id: z.string() }),
)
export const stocktakeClosed = defineFact(
  "account.stocktake_closed",
  z.object({
    coverage: z.number().int(),
    missing: z.number().int(),
    findings: z.number().int(),
    by_staff_id: z.string(),
  }),
)
