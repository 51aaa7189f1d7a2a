import { dayNumber, dayString } from "../../../kernel/day.ts"
import { refuse } from "../../../kernel/result.ts"
import { implement, type Route } from "../../../platform/http/index.ts"
import { lockSetting } from "../../../platform/settings.ts"
import { NUMBERS } from "../numbers.ts"
import { sumsOf } from "../store.ts"
import { readGoals, setGoals } from "./contract.ts"
import { areSame, elapsedOf, forecast, GOAL_MEASURES, GOALS, type GoalMeasure, monthSpan } from "./rules.ts"
import { goalsOf, saveGoals } from "./store.ts"

export const goalRoutes: Route[] = [
  implement(readGoals, async (ctx, { query }) => {
    const month = query.month ?? dayString(dayNumber(ctx.now)).slice(0, 7)
    const span = monthSpan(month)
    if (!span) return refuse("invalid_input", { field: "month" })
    const [targets, sums] = await Promise.all([goalsOf(ctx.db, month), sumsOf(ctx.db, span)])
    const of = new Map(sums.map((s) => [s.measure, s.value]))
    const reached: Record<GoalMeasure, number> = {
      net_gmv_fen: (of.get("gmv_fen") ?? 0) - (of.get("refund_fen") ?? 0),
      orders: of.get("orders") ?? 0,
      customers_new: of.get("customers_new") ?? 0,
    }
    return {
      month,
      elapsed: elapsedOf(span, ctx.now),
      as_of: ctx.now,
      goals: GOAL_MEASURES.map((measure) => ({
        measure,
        ...NUMBERS[measure],
        unit: GOALS[measure],
        target: targets.get(measure) ?? null,
        so_far: reached[measure],
        forecast: forecast(reached[measure], span, ctx.now),
      })),
    }
  }),
  implement(setGoals, (ctx, { body }) =>
    ctx.command(async (t, note) => {
      if (!monthSpan(body.month)) return refuse("invalid_input", { field: "month" })
      await lockSetting(t, `goals:${body.month}`)
      const before = Object.fromEntries(await goalsOf(t, body.month))
      if (body.based_on && !areSame(body.based_on, before)) return refuse("version_changed")
      const targets = GOAL_MEASURES.flatMap((measure): [GoalMeasure, number | null][] => {
        const target = body.targets[measure]
        return target === undefined ? [] : [[measure, target]]
      })
      await saveGoals(t, body.month, targets, ctx.actor.staff_id, ctx.now)
      note({ target: `goals:${body.month}`, before, after: Object.fromEntries(targets) })
      return { month: body.month }
    }),
  ),
]
