import { isRefused } from "../../kernel/result.ts"
import { implement, type Route } from "../../platform/http/index.ts"
import { correctLimit, limitHistory, limitsOn } from "../../spine/outbox/index.ts"
import { correctLimitRow, listLimits } from "./contract.ts"

/** The dated table of limits: read by whoever plans sends, corrected without a release. */
export const limitRoutes: Route[] = [
  implement(listLimits, async (ctx) => ({
    rows: await limitHistory(ctx.db, ctx.now),
  })),
  implement(correctLimitRow, (ctx, { body }) =>
    ctx.command(async (t, note) => {
      const held = await limitsOn(t, ctx.now)
      const before = held.find((row) => row.name === body.name && row.per === body.per)
      const answer = await correctLimit(t, body, ctx.actor.staff_id)
      if (!isRefused(answer)) note({ target: `limit:${body.name}`, before, after: body })
      return answer
    }),
  ),
]
