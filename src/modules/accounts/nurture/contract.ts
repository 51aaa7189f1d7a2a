import { z } from "zod"
import { calendarDay, defineEndpoint } from "../../../kernel/contract.ts"
import { LIFE_REFUSALS } from "../life/refusals.ts"
import { NOTE_MAX } from "../limits.ts"
import { NURTURE_ITEMS } from "./rules.ts"

export { NURTURE_ITEMS } from "./rules.ts"

const params = z.object({ id: z.uuid() })

export const nurtureCalendar = defineEndpoint({
  id: "accounts.nurture_calendar",
  method: "GET",
  path: "/api/accounts/:id/nurture",
  permission: "accounts.read",
  summary: { zh: "养号日历：每天做了哪几项", en: "Nurture calendar: what was done on which day" },
  params,
  answer: z.object({
    today: z.string(),
    days: z.array(
      z.object({
        day: z.string(),
        items: z.array(z.enum(NURTURE_ITEMS)),
        notes: z.array(z.string()),
        active: z.boolean(),
      }),
    ),
    active_days: z.number().int(),
    incidents_lately: z.number().int(),
    level: z.number().int(),
  }),
})

export const nurture = defineEndpoint({
  id: "accounts.nurture",
  method: "POST",
  path: "/api/accounts/:id/nurture",
  permission: "accounts.write",
  summary: { zh: "登记当天的养号动作", en: "Tick off what was done for an account on a day" },
  params,
  body: z.strictObject({
    /** Today where nothing is said. */
    day: calendarDay.nullable().default(null),
    items: z.array(z.enum(NURTURE_ITEMS)).min(1).max(NURTURE_ITEMS.length),
    note: z.string().trim().max(NOTE_MAX).default(""),
    file_id: z.uuid().nullable().default(null),
  }),
  answer: z.object({ id: z.string(), day: z.string(), items: z.array(z.enum(NURTURE_ITEMS)) }),
  refusals: {
    illegal_transition: LIFE_REFUSALS.illegal_transition,
    self_check: LIFE_REFUSALS.self_check,
    file_unknown: LIFE_REFUSALS.file_unknown,
    day_out_of_reach: {
      status: 400,
      zh: "只能登记今天和前 3 天。",
      en: "Only today and the three days before can be ticked.",
    },
    evidence_missing: {
      status: 400,
      zh: "请写明做了什么，或选一份凭证。",
      en: "Say what was done, or name a piece of evidence.",
    },
  },
})
