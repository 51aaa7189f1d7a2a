import { dayNumber, dayString } from "../../../kernel/day.ts"
import { isRefused } from "../../../kernel/result.ts"
import type { Queryable } from "../../../platform/db.ts"
import { type Context, implement, type Route } from "../../../platform/http/index.ts"
import { customerNames } from "../../customers/index.ts"
import { staffNames } from "../../staff/index.ts"
import { CLAIM_MS, SCORE_WEEKS, VERDICTS_SHOWN } from "../limits.ts"
import { worn } from "../store.ts"
import { namedTags } from "../store-taxonomy.ts"
import { disputeVerdict, giveVerdict } from "./commands.ts"
import {
  claimInspection,
  disputeInspection,
  judgeInspection,
  listVerdicts,
  readScores,
  VERDICTS,
} from "./contract.ts"
import { scoreOf, weekOf, whyNotDispute } from "./rules.ts"
import { claim, type Drawn, judgedRows, left, scores } from "./store.ts"

const me = (ctx: Context) => ({ id: ctx.actor.staff_id, scope: ctx.actor.scope })
const since = (now: Date) => weekOf(dayNumber(now)) - 7 * (SCORE_WEEKS - 1)

/** A verdict as the database keeps it: one of the words that its check allows. */
const verdictOf = (kept: string | null) => VERDICTS.find((one) => one === kept) ?? null

/** What is to be looked at: the tags of now, or those that the disputed verdict was about. */
async function tagsToJudge(q: Queryable, drawn: Drawn) {
  if (drawn.worn === null)
    return (await worn(q, drawn.customer_id)).map(({ tag_id, name, group }) => ({ tag_id, name, group }))
  const judged = new Set(drawn.worn)
  return (await namedTags(q)).flatMap((tag) =>
    judged.has(tag.id) ? [{ tag_id: tag.id, name: tag.name, group: tag.group }] : [],
  )
}

export const inspectionRoutes: Route[] = [
  implement(claimInspection, (ctx) =>
    ctx.command(async (t, note) => {
      const until = new Date(ctx.now.getTime() + CLAIM_MS)
      const drawn = await claim(t, me(ctx), ctx.now, until)
      if (!drawn) return { inspection: null, left: 0 }
      note({ target: `tag_inspection:${drawn.id}`, after: { claimed_until: until } })
      const names = await staffNames(t, [drawn.staff_id, ...(drawn.judged_by ? [drawn.judged_by] : [])])
      const verdict = verdictOf(drawn.verdict)
      return {
        left: await left(t, me(ctx)),
        inspection: {
          id: drawn.id,
          week: dayString(drawn.week),
          staff_id: drawn.staff_id,
          staff_name: names.get(drawn.staff_id) ?? null,
          customer_id: drawn.customer_id,
          customer_name: (await customerNames(t, [drawn.customer_id])).get(drawn.customer_id) ?? null,
          tags: await tagsToJudge(t, drawn),
          disputed: verdict && {
            verdict,
            note: drawn.note,
            judged_by_name: names.get(drawn.judged_by ?? "") ?? null,
            reason: drawn.dispute,
          },
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
  implement(disputeInspection, (ctx, { params, body }) =>
    ctx.command(async (t, note) => {
      const answer = await disputeVerdict(t, params.id, body, me(ctx), ctx.now)
      if (!isRefused(answer)) note({ target: `tag_inspection:${params.id}`, after: body })
      return answer
    }),
  ),
  implement(listVerdicts, async (ctx) => {
    const found = await judgedRows(ctx.db, since(ctx.now), ctx.actor.scope, VERDICTS_SHOWN)
    const [staff, customers] = await Promise.all([
      staffNames(
        ctx.db,
        found.flatMap((j) => [j.staff_id, j.judged_by, ...(j.second_by ? [j.second_by] : [])]),
      ),
      customerNames(
        ctx.db,
        found.map((j) => j.customer_id),
      ),
    ])
    return {
      rows: found.map((j) => ({
        id: j.id,
        week: dayString(j.week),
        staff_id: j.staff_id,
        staff_name: staff.get(j.staff_id) ?? null,
        customer_id: j.customer_id,
        customer_name: customers.get(j.customer_id) ?? null,
        verdict: verdictOf(j.verdict)!,
        note: j.note,
        judged_by_name: staff.get(j.judged_by) ?? null,
        judged_at: j.judged_at,
        disputed_at: j.disputed_at,
        reason: j.dispute,
        second_verdict: verdictOf(j.second_verdict),
        second_note: j.second_note,
        second_by_name: staff.get(j.second_by ?? "") ?? null,
        second_at: j.second_at,
        may_dispute: whyNotDispute(j, ctx.actor.staff_id, ctx.now) === null,
      })),
    }
  }),
  implement(readScores, async (ctx) => {
    const found = await scores(ctx.db, since(ctx.now), ctx.actor.scope)
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
