import { dayNumber, dayString } from "../../kernel/day.ts"
import { formSchema } from "../../kernel/form.ts"
import { newId } from "../../kernel/ids.ts"
import { isRefused, refuse } from "../../kernel/result.ts"
import type { Queryable } from "../../platform/db.ts"
import { type Context, implement, type Route } from "../../platform/http/index.ts"
import { balancesOf, history } from "../../spine/ledger/index.ts"
import { profileOf } from "../customers/index.ts"
import { POINTS } from "./book.ts"
import { movePoints } from "./commands.ts"
import {
  adjustPoints,
  pointsHistory,
  pointsSettings,
  readPoints,
  readPointsSettings,
  savePointsSettings,
} from "./contract.ts"
import { EXPIRING_DAYS, HISTORY_PAGE } from "./limits.ts"
import { costFen, monthOf } from "./rules.ts"
import { readSettings, saveSettings } from "./settings.ts"
import { leftOf, lotsShown, monthRows } from "./store.ts"

const seen = (ctx: Context, id: string) => profileOf(ctx.db, id, ctx.actor.scope)

export const routes: Route[] = [
  implement(readPoints, async (ctx, { params }) => {
    const id = (await seen(ctx, params.id))?.id
    if (!id) return refuse("not_found")
    const day = dayNumber(ctx.now)
    const [balances, [left], lots] = await Promise.all([
      balancesOf(ctx.db, POINTS, id),
      leftOf(ctx.db, [id], day, EXPIRING_DAYS),
      lotsShown(ctx.db, id),
    ])
    return {
      balance: left?.balance ?? 0,
      reserved: balances.reserved ?? 0,
      owed: Math.max(0, -(balances.owed ?? 0)),
      expiring_in_7_days: left?.expiring ?? 0,
      lots: lots
        .filter((l) => l.expires_day === null || l.expires_day > day)
        .map((l) => ({
          rule: l.rule,
          points: l.points,
          left: l.left,
          valid_until: l.expires_day === null ? null : dayString(l.expires_day - 1),
        })),
    }
  }),
  implement(pointsHistory, async (ctx, { params, query }) => {
    const id = (await seen(ctx, params.id))?.id
    if (!id) return refuse("not_found")
    const found = await history(ctx.db, POINTS, id, { before: query.cursor ?? null, limit: HISTORY_PAGE })
    const amount = (row: (typeof found)[number], kind: string) =>
      row.lines.find((l) => l.kind === kind)?.amount ?? 0
    return {
      rows: found.map((row) => ({
        posting: row.posting,
        kind: row.op,
        rule: row.reason,
        source: row.source,
        at: row.at,
        points: amount(row, "customer"),
        owed: amount(row, "owed"),
      })),
      next_cursor: found.length === HISTORY_PAGE ? found.at(-1)!.posting : null,
    }
  }),
  implement(adjustPoints, async (ctx, { params, body }) => {
    const id = (await seen(ctx, params.id))?.id
    if (!id) return refuse("not_found")
    return ctx.command(async (t, note) => {
      const common = {
        // The caller's key stands for the whole command; the ledger's is its own beside it.
        key: `points:adjust:${ctx.key ?? newId()}`,
        customer_id: id,
        rule: "operator",
        source: `staff:${ctx.actor.staff_id}`,
        at: ctx.now,
      }
      const [answer] = await movePoints(t, [
        body.points > 0
          ? {
              ...{ ...common, do: "give", from: "adjustments", points: body.points },
              valid_days:
                body.valid_days === undefined ? (await readSettings(t)).valid_days : body.valid_days,
            }
          : { ...common, do: "spend", to: "adjustments", points: -body.points },
      ])
      if (!isRefused(answer))
        note({ target: `customer:${id}`, after: { points: body.points, note: body.note } })
      return answer!
    })
  }),
  implement(readPointsSettings, (ctx) => settingsOf(ctx.db, ctx.now)),
  implement(savePointsSettings, (ctx, { body }) =>
    ctx.command(async (t, note) => {
      const { based_on, ...settings } = body
      const before = await saveSettings(t, settings, based_on)
      if (isRefused(before)) return before
      note({ target: "points.settings", before, after: settings })
      return settingsOf(t, ctx.now)
    }),
  ),
]

const schema = formSchema(pointsSettings, "output")

async function settingsOf(q: Queryable, now: Date) {
  const settings = await readSettings(q)
  const months = await monthRows(q, monthOf(dayString(dayNumber(now))))
  return {
    settings,
    schema,
    months: months.map(({ rule, month, points }) => {
      const budget = settings.rules[rule]?.monthly_budget ?? null
      const cost = (n: number) => costFen(n, settings.fen_per_100_points)
      return {
        rule,
        month,
        points,
        budget,
        cost_fen: cost(points),
        budget_fen: budget === null ? null : cost(budget),
      }
    }),
  }
}
