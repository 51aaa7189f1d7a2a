import { z } from "zod"
import { defineFact } from "../../spine/facts/index.ts"

const membership = z.object({
  group_id: z.string(),
  member_ref: z.string(),
  scene: z.string(),
  state: z.string().nullable(),
})

/** The subject is the customer where the member is one, else the group. */
export const memberJoined = defineFact("group.member_joined", membership)
export const memberLeft = defineFact("group.member_left", membership.omit({ state: true }))
/** The words themselves stay in the group's messages. */
export const messageSent = defineFact(
  "group.message_sent",
  z.object({
    group_id: z.string(),
    message_ref: z.string(),
    member_ref: z.string(),
    kind: z.string(),
    letters: z.number().int(),
  }),
)
export const groupOpened = defineFact("group.opened", z.object({ channel: z.string() }))
export const groupDismissed = defineFact("group.dismissed", z.object({}))
