import type { FactHandler } from "../../../spine/facts/index.ts"
import { assignmentDone, doneByCause } from "../../../spine/outbox/index.ts"
import { contactAdded } from "../../customers/index.ts"
import { memberJoined } from "../../groups/index.ts"
import { causeOf, readCause } from "./rules.ts"
import { markAdded, markGrouped, markInvited } from "./store-move.ts"

/** How far those who were shared out come: ticked off is invited, the contact itself is added, a group joined after it is the end. */
export const diversionHandler: FactHandler = {
  name: "plans.diversions",
  types: [assignmentDone.type, contactAdded.type, memberJoined.type],
  origins: "live",
  async handle(t, facts, now) {
    const invited = facts.filter(assignmentDone.is).flatMap((f) => readCause(f.payload.cause_key) ?? [])
    if (invited.length > 0) await markInvited(t, invited, now)
    const added = facts
      .filter(contactAdded.is)
      .map((f) => ({ customer_id: f.subject, account_id: f.payload.account_id }))
    if (added.length > 0) {
      const reached = await markAdded(t, added, now)
      await doneByCause(
        t,
        reached.map((r) => causeOf(r.diversion_id, r)),
        "contact_exists",
        now,
      )
    }
    const joined = facts.filter(memberJoined.is).map((f) => f.subject)
    if (joined.length > 0) await markGrouped(t, joined, now)
  },
}
