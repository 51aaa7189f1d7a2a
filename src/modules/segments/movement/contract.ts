import { z } from "zod"
import { calendarDay, defineEndpoint, INTEGER_MAX, pageOf, pageQuery } from "../../../kernel/contract.ts"
import { cursorNumber, cursorOf } from "../../../kernel/cursor.ts"
import { MOVEMENT_DAYS_MAX, MOVES_KEPT_DAYS } from "../limits.ts"

export { MOVEMENT_DAYS_MAX, MOVES_EXPLAINED, MOVES_KEPT_DAYS, MOVES_LISTED } from "../limits.ts"

const words = z.object({ zh: z.string(), en: z.string() })

export const readMovement = defineEndpoint({
  id: "segments.movement",
  method: "GET",
  path: "/api/segments/:id/movement",
  permission: "segments.read",
  summary: {
    zh: "一个人群每天进来和离开多少人，在自己的数据范围内",
    en: "How many came into a segment and went out of it each day, within one's data scope",
  },
  params: z.object({ id: z.uuid() }),
  query: z.object({ days: z.coerce.number().int().min(1).max(MOVEMENT_DAYS_MAX).default(30) }),
  answer: z.object({
    /** Days that are over and of which something is known, oldest first. */
    days: z.array(
      z.object({
        day: z.string(),
        came: z.number().int(),
        went: z.number().int(),
        /** How many stood in it at the day's end; null for who may not see everybody. */
        people: z.number().int().nullable(),
        version: z.number().int(),
        /** The segment, or its present rule, was new on this day: what that alone moved is not counted. */
        begun: z.boolean(),
      }),
    ),
    /** When it was last looked at; null before the first look, and for a frozen one, which nobody enters or leaves. */
    looked_at: z.date().nullable(),
    frozen: z.boolean(),
    /** Why it cannot be looked at. */
    broken: z.object({ code: z.string(), field: z.string() }).nullable(),
  }),
})

export const movedCursor = cursorOf({ number: cursorNumber(INTEGER_MAX) })
const value = z.object({
  value: z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]),
  /** How a value of a closed list is called. */
  shown: words.nullable(),
})

export const movedPeople = defineEndpoint({
  id: "segments.moved",
  method: "GET",
  path: "/api/segments/:id/movement/:day",
  permission: "segments.read",
  summary: {
    zh: `某一天进来或离开的客户，以及原因（保留 ${MOVES_KEPT_DAYS} 天）`,
    en: `Who came in or went out on a day, and why (kept for ${MOVES_KEPT_DAYS} days)`,
  },
  params: z.object({ id: z.uuid(), day: calendarDay }),
  query: pageQuery(movedCursor).extend({ way: z.enum(["in", "out"]).optional() }),
  answer: pageOf(
    z.object({
      customer_id: z.string(),
      name: z.string(),
      owner_staff_id: z.string().nullable(),
      owner_name: z.string().nullable(),
      way: z.enum(["in", "out"]),
      /** The conditions that read otherwise than the day before; null where that was not kept. */
      why: z
        .array(
          z.object({
            path: z.string(),
            /** Null where the rule of that day can no longer be read. */
            sentence: words.nullable(),
            /** Null where nobody can tell how it was before. */
            before: z.boolean().nullable(),
            after: z.boolean(),
            values: z.array(
              z.object({
                trait: z.string(),
                label: words,
                kind: z.enum(["text", "number", "day", "boolean", "tags"]),
                unit: z.string().nullable(),
                before: value,
                after: value,
              }),
            ),
          }),
        )
        .nullable(),
    }),
  ),
})
