import { z } from "zod"
import { defineFact } from "../facts/index.ts"

const where = {
  play_id: z.string(),
  version: z.number().int(),
  enrolment_id: z.string(),
  entry: z.number().int(),
}

/** Somebody began a play. Subject: the customer. */
export const playEntered = defineFact("play.entered", z.object({ ...where, entered_by: z.string() }))
/** Somebody left it: to the end, stopped, or put aside because a step cannot be done. */
export const playEnded = defineFact(
  "play.ended",
  z.object({ ...where, state: z.enum(["done", "stopped", "failed"]), reason: z.string().nullable() }),
)
/** A step's window was over before it could be done: told, not done. */
export const stepMissed = defineFact(
  "play.step_missed",
  z.object({ ...where, node: z.string(), due_at: z.string() }),
)
