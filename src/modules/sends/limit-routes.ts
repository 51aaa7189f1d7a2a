import { isRefused } from "../../kernel/result.ts"
import { implement, type Route } from "../../platform/http/index.ts"
import { correctLimit, limitHistory } from "../../spine/outbox/index.ts"
import { correctLimitRow, listLimits } from "./contract.ts"

/** The dated table of limits: read by whoever plans sends, corrected without a release. */
export const limitRoutes: Route[] = [
  implement(listLimits, async (ctx) => ({ rows: await limitHistory(ctx.db) })),
  implement(correctLimitRow, (ctx, { body }) =>
    ctx.command(async (t, note) => {
      const answer = await correctLimit(t, body, ctx.actor.staff_id)
      if (!isRefused(answer)) note({ target: `limit:${body.name}`, after: body })
      return answer
    }),
  ),
]
