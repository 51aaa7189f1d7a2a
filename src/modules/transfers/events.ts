import { z } from "zod"
import { defineFact } from "../../spine/facts/index.ts"

const transfer = {
  transfer_id: z.string(),
  from_account_id: z.string().nullable(),
  to_account_id: z.string(),
  from_staff_id: z.string().nullable(),
  to_staff_id: z.string().nullable(),
}

/** The channel was asked to hand a customer over; it takes effect later, unless they refuse. The subject is the customer. */
export const transferAsked = defineFact("customer.transfer_asked", z.object(transfer))
/** They are with the other account, or with whoever looks after it. */
export const transferred = defineFact("customer.transferred", z.object(transfer))
/** They stay where they are, and why. */
export const transferFailed = defineFact(
  "customer.transfer_failed",
  z.object({ ...transfer, reason: z.string() }),
)
/** A group has another owner. The subject is the group. */
export const groupPassed = defineFact(
  "group.passed_on",
  z.object({ from_account_id: z.string(), to_account_id: z.string() }),
)
/** A member of staff began to leave; the subject is the member. */
export const leavingBegan = defineFact("staff.leaving_began", z.object({ by_channel: z.boolean() }))
/** Nothing is left in their hands. */
export const leavingClosed = defineFact(
  "staff.leaving_closed",
  z.object({ by_staff_id: z.string().nullable() }),
)
