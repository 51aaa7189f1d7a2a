import { z } from "zod"
import { defineEndpoint, pageOf, pageQuery } from "../../../kernel/contract.ts"
import { cursorMoment, cursorOf } from "../../../kernel/cursor.ts"

const words = z.object({ zh: z.string(), en: z.string() })
const n = z.number().int()

/** What they got, what is on its way, what did not reach them. */
export const TOUCH_PARTS = ["got", "coming", "not_got"] as const

const touchRow = z.object({
  key: z.string(),
  /** When it went out, or is due. */
  at: z.date(),
  part: z.enum(TOUCH_PARTS),
  state: z.string(),
  /** Why it stands so, as a code; `stopped_by` names the fact that ended a play. */
  reason: z.string().nullable(),
  stopped_by: words.nullable(),
  nature: z.enum(["selling", "service", "answer"]),
  /** The words as this person reads them. */
  text: z.string(),
  cause: z.object({
    kind: z.string(),
    /** Of the send or the play. */
    id: z.string().nullable(),
    name: z.string().nullable(),
  }),
  account: z.object({ id: z.string(), name: z.string(), custodian_name: z.string().nullable() }).nullable(),
  by_hand_name: z.string().nullable(),
  expires_at: z.date().nullable(),
  handed_at: z.date().nullable(),
  reminded_at: z.date().nullable(),
  settled_at: z.date().nullable(),
})

export const touchCursor = cursorOf({ at: cursorMoment, key: z.string().max(300) })

export const listTouches = defineEndpoint({
  id: "customers.touches",
  method: "GET",
  path: "/api/customers/:id/touches",
  permission: "customers.read",
  summary: {
    zh: "一位客户的触达：收到的、将收到的、没收到的和原因",
    en: "A customer's touches: got, to come, and not got with the reason",
  },
  params: z.object({ id: z.uuid() }),
  query: pageQuery(touchCursor).extend({ part: z.enum(TOUCH_PARTS).optional() }),
  answer: pageOf(touchRow).extend({
    /** Of this person, whatever part was asked for. */
    counts: z.object({ got: n, coming: n, not_got: n }),
  }),
})
