import { dayNumber, dayString } from "../../../kernel/day.ts"
import { isRefused } from "../../../kernel/result.ts"
import { type Context, implement, type Route } from "../../../platform/http/index.ts"
import { customerNames } from "../../customers/index.ts"
import { staffNames } from "../../staff/index.ts"
import { CLAIM_MS, SCORE_WEEKS } from "../limits.ts"
import { worn } from "../store.ts"
import { giveVerdict } from "./commands.ts"
import { claimInspection, judgeInspection, readScores } from "./contract.ts"
import { scoreOf, weekOf } from "./rules.ts"
import { claim, left, scores } from "./store.ts"

const me = (ctx: Context) => ({ id: ctx.actor.staff_id, scope: ctx.actor.scope })

export const inspectionRoutes: Route[] = [
  implement(claimInspection, (ctx) =>
    ctx.command(async (t, note) => {
      const until = new Date(ctx.now.getTime() + CLAIM_MS)
      const drawn = await claim(t, me(ctx), ctx.now, until)
      if (!drawn) return { inspection: null, left: 0 }
      note({ target: `tag_inspection:${drawn.id}`, after: { claimed_until: until } })
      const tags = await worn(t, drawn.customer_id)
      return {
        left: await left(t, me(ctx)),
        inspection: {
          id: drawn.id,
          week: dayString(drawn.week),
          staff_id: drawn.staff_id,
          staff_name: (await staffNames(t, [drawn.staff_id])).get(drawn.staff_id) ?? null,
          customer_id: drawn.customer_id,
          customer_name: (await customerNames(t, [drawn.customer_id])).get(drawn.customer_id) ?? null,
          tags: tags.map(({ tag_id, name, group }) => ({ tag_id, name, group })),
          until,
        },
      }
    }),
  ),
  implement(judgeInspection, (ctx, { params, body }) =>
    ctx.command(async (t, note) => {
      const answer = await giveVerdict(t, params.id, body, me(ctx), ctx.now)
      if (!isRefused(answer)) note({ target: `tag_inspection:${params.id}`, after: body })
      return answer
    }),
  ),
  implement(readScores, async (ctx) => {
    const since = weekOf(dayNumber(ctx.now)) - 7 * (SCORE_WEEKS - 1)
    const found = await scores(ctx.db, since, ctx.actor.scope)
    const names = await staffNames(
      ctx.db,
      found.map((s) => s.staff_id),
    )
    return {
      rows: found.map(({ week, ...s }) => ({
        ...s,
        week: dayString(week),
        staff_name: names.get(s.staff_id) ?? null,
        score: scoreOf(s),
      })),
    }
  }),
]
