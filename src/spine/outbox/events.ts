import { z } from "zod"
import { defineFact } from "../facts/index.ts"

const touch = {
  touch_id: z.number().int(),
  cause_kind: z.string(),
  cause_id: z.string(),
  visit: z.number().int(),
  account_id: z.string().nullable(),
  nature: z.enum(["selling", "service", "answer"]),
}

/** A touch reached the person. Subject: the customer. */
export const touchDelivered = defineFact("touch.delivered", z.object(touch))
/** A touch will certainly not reach the person, and why. */
export const touchFailed = defineFact(
  "touch.failed",
  z.object({ ...touch, state: z.string(), reason: z.string() }),
)
/** A touch's window passed before it could go out: reported, not sent. */
export const touchMissed = defineFact("touch.missed", z.object({ ...touch, reason: z.string() }))

const assignment = {
  assignment_id: z.string(),
  kind: z.string(),
  cause_key: z.string(),
  account_id: z.string().nullable(),
  assignee_staff_id: z.string().nullable(),
}
/** Something for a person to do came up. Subject: the customer it is about, else the assignment. */
export const assignmentOpened = defineFact("assignment.opened", z.object(assignment))
export const assignmentDone = defineFact(
  "assignment.done",
  z.object({ ...assignment, by_staff_id: z.string().nullable(), late: z.boolean() }),
)
export const assignmentMissed = defineFact("assignment.missed", z.object(assignment))
/** It needs not be done any more. */
export const assignmentCancelled = defineFact(
  "assignment.cancelled",
  z.object({ ...assignment, reason: z.string() }),
)

const welcome = { account_id: z.string(), key: z.string() }
/** A new contact was greeted in time. Subject: the customer. */
export const welcomeSent = defineFact("welcome.sent", z.object(welcome))
/** The time for a greeting passed, or the platform refused it: told, never tried again. */
export const welcomeMissed = defineFact("welcome.missed", z.object({ ...welcome, reason: z.string() }))

const deed = { key: z.string(), kind: z.string(), account_id: z.string() }
/** A channel took what it was asked for beside messages. Subject: the customer or group it is about. */
export const deedDone = defineFact("deed.done", z.object(deed))
/** It will certainly not be done, and why. */
export const deedFailed = defineFact("deed.failed", z.object({ ...deed, reason: z.string() }))
