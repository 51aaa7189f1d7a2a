import { z } from "zod"
import { dayNumber } from "../../../kernel/day.ts"
import type { FactHandler } from "../../../spine/facts/index.ts"
import { assignmentDone, touchDelivered } from "../../../spine/outbox/index.ts"
import { readSettings } from "../settings/settings.ts"
import { NURTURE_KIND } from "./open.ts"
import { NURTURE_ITEMS } from "./rules.ts"
import { addActiveDays, markActive, tickItems } from "./store.ts"

const throughAccount = z.object({ account_id: z.uuid() })

/**
 * A day on which an account reached somebody, or somebody came to it, is an active one. Who ticks the day's assignment off has done
 * the whole list; what closed because the list was ticked item by item says nothing new.
 */
export function nurtureHandler(contact_added: string): FactHandler {
  return {
    name: "accounts.activity",
    types: [touchDelivered.type, assignmentDone.type, contact_added],
    origins: "live",
    async handle(t, facts, now) {
      const active = facts.flatMap((f) => {
        const read = f.type === assignmentDone.type ? null : throughAccount.safeParse(f.payload)
        return read?.success ? [{ account_id: read.data.account_id, day: dayNumber(f.occurred_at) }] : []
      })
      if (active.length > 0) await addActiveDays(t, active)
      const lists = facts.filter(assignmentDone.is).flatMap(({ payload }) => {
        const [, account_id, day] = payload.cause_key.split(":")
        return payload.kind === NURTURE_KIND && payload.by_staff_id && account_id && Number(day)
          ? [{ account_id, day: Number(day), done_by: payload.by_staff_id }]
          : []
      })
      if (lists.length === 0) return
      await tickItems(
        t,
        lists.flatMap((l) => NURTURE_ITEMS.map((item) => ({ ...l, item, note: "", file_id: null }))),
        now,
      )
      await markActive(t, lists, (await readSettings(t)).active_items)
    },
  }
}
