import { DAY_MS, dayNumber, dayString } from "../../../kernel/day.ts"
import { refuse } from "../../../kernel/result.ts"
import { implement, type Route } from "../../../platform/http/index.ts"
import { CALENDAR_DAYS } from "../limits.ts"
import { accountsById } from "../store.ts"
import * as commands from "./commands.ts"
import * as c from "./contract.ts"
import { INCIDENT_DAYS } from "./rules.ts"
import { calendarOf, grownAccount } from "./store.ts"

export const nurtureRoutes: Route[] = [
  implement(c.nurtureCalendar, async (ctx, { params }) => {
    const [account] = await accountsById(ctx.db, [params.id])
    if (!account) return refuse("not_found")
    const today = dayNumber(ctx.now)
    const [days, grown] = await Promise.all([
      calendarOf(ctx.db, params.id, today - CALENDAR_DAYS + 1),
      grownAccount(ctx.db, params.id, new Date(ctx.now.getTime() - INCIDENT_DAYS * DAY_MS)),
    ])
    return {
      today: dayString(today),
      days: days.map((d) => ({ ...d, day: dayString(d.day) })),
      active_days: grown?.active_days ?? 0,
      incidents_lately: grown?.incidents ?? 0,
      level: account.nurture_level,
    }
  }),
  implement(c.nurture, (ctx, { params, body }) =>
    ctx.command((t, note) => commands.nurture(t, params.id, body, ctx.actor.staff_id, ctx.now, note)),
  ),
]
