import { dayString, parseDay } from "../../../kernel/day.ts"
import { refuse } from "../../../kernel/result.ts"
import { type Context, implement, type Route } from "../../../platform/http/index.ts"
import { RFM_DAYS_KEPT } from "../limits.ts"
import { boardOf } from "./board.ts"
import { readRfm } from "./contract.ts"
import { cutOf } from "./reasons.ts"
import { anybodyOrdered, cellsNow, cellsOf, cutsOf, type KeptCuts, keptDays } from "./store-days.ts"
import { RULE } from "./traits.ts"

export const rfmRoutes: Route[] = [
  implement(readRfm, async (ctx, { query }) => {
    const [day, against] = [parseDay(query.day ?? ""), parseDay(query.against ?? "")]
    const days = await keptDays(ctx.db, RFM_DAYS_KEPT)
    const unknown = (one: number | null) => one !== null && !days.includes(one)
    if (unknown(day)) return refuse("rfm_day_not_kept", { field: "day" })
    if (unknown(against)) return refuse("rfm_day_not_kept", { field: "against" })
    return {
      as_of: ctx.now,
      day: day === null ? null : dayString(day),
      now: await boardAt(ctx, day),
      against: against === null ? null : { day: dayString(against), ...(await boardAt(ctx, against)) },
      days: days.map(dayString),
      anybody: await anybodyOrdered(ctx.db, ctx.actor.scope),
    }
  }),
]

async function boardAt(ctx: Context, day: number | null) {
  const { scope } = ctx.actor
  const cells = day === null ? await cellsNow(ctx.db, scope) : await cellsOf(ctx.db, day, scope)
  const cuts = await cutsOf(ctx.db, RULE, day)
  return { ...boardOf(cells), cuts: cuts ? said(cuts) : null }
}

function said(cuts: KeptCuts) {
  return {
    rule: cuts.rule,
    day: dayString(cuts.day),
    computed_at: cuts.at,
    customers: cuts.customers,
    days: cuts.recency.map(cutOf),
    orders: cuts.frequency.map(cutOf),
    net_fen: cuts.monetary.map((threshold) => Math.round(cutOf(threshold))),
  }
}
