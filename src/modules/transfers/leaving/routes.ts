import { dayNumber, dayString } from "../../../kernel/day.ts"
import { isRefused, refuse } from "../../../kernel/result.ts"
import { type Context, implement, type Route } from "../../../platform/http/index.ts"
import { memberById, staffNames } from "../../staff/index.ts"
import { LEAVINGS_MAX } from "../limits.ts"
import type { TransferDeps } from "../plan.ts"
import { type Leaving, lastUnowned, leavingOf, leavingRows, type UnownedRow } from "../store-leavings.ts"
import { callOff, close, passOn, start } from "./commands.ts"
import {
  callOffLeaving,
  closeLeaving,
  listLeavings,
  lookForUnowned,
  planLeaving,
  readHoldings,
  readUnowned,
  startLeaving,
  type UNOWNED_KINDS,
} from "./contract.ts"
import { holdingsOf } from "./holdings.ts"
import { lookNow } from "./unowned.ts"

export function leavingRoutes(deps: TransferDeps): Route[] {
  return [
    implement(listLeavings, async (ctx) => ({
      rows: await shown(
        ctx,
        (await leavingRows(ctx.db, LEAVINGS_MAX)).filter((l) => inSight(ctx, l.staff_id)),
      ),
    })),
    implement(readHoldings, async (ctx, { params }) => {
      const member = await memberById(ctx.db, params.id)
      if (!member || !inSight(ctx, member.id)) return refuse("not_found")
      const [held, leaving] = await Promise.all([holdingsOf(ctx.db, params.id), leavingOf(ctx.db, params.id)])
      const { id, name, status } = member
      return {
        staff: { id, name, status, gone: member.gone_at !== null },
        leaving: leaving ? (await shown(ctx, [leaving]))[0]! : null,
        accounts: held.accounts.map((a) => ({ id: a.id, name: a.name, state: a.state })),
        customers: held.customers,
        customers_under_way: held.customers_under_way,
        groups: held.groups.map((g) => ({ id: g.id, name: g.name, under_way: g.under_way })),
        assignments: held.assignments,
      }
    }),
    implement(startLeaving, (ctx, { params, body }) =>
      ctx.command(async (t, note) => {
        note({ target: `staff:${params.id}`, after: { status: "leaving", note: body.note } })
        const begun = await start(t, params.id, { note: body.note, by: ctx.actor }, ctx.now)
        return isRefused(begun) ? begun : { due_day: dayString(begun.due_day) }
      }),
    ),
    implement(planLeaving, (ctx, { params, body }) =>
      ctx.command(async (t, note) => {
        const passed = await passOn(t, deps, params.id, body, ctx.actor, ctx.now)
        note({ target: `staff:${params.id}`, after: { ...body, passed } })
        return passed
      }),
    ),
    implement(closeLeaving, (ctx, { params }) =>
      ctx.command((t, note) => {
        note({ target: `staff:${params.id}`, before: { status: "leaving" }, after: { status: "left" } })
        return close(t, params.id, ctx.actor, ctx.now)
      }),
    ),
    implement(callOffLeaving, (ctx, { params }) =>
      ctx.command((t, note) => {
        note({ target: `staff:${params.id}`, before: { status: "leaving" }, after: { status: "active" } })
        return callOff(t, params.id, ctx.actor, ctx.now)
      }),
    ),
    implement(readUnowned, async (ctx) => found(await lastUnowned(ctx.db))),
    implement(lookForUnowned, (ctx) =>
      ctx.command(async (t, note) => {
        const rows = await lookNow(t, ctx.now)
        note({ target: "unowned", after: Object.fromEntries(rows.map((r) => [r.kind, r.n])) })
        return found(rows)
      }),
    ),
  ]
}

/** Colleagues of whom the one who asks sees the work. */
const inSight = (ctx: Context, staff_id: string) =>
  ctx.actor.scope === null || ctx.actor.scope.includes(staff_id)

const found = (list: readonly UnownedRow[]) => ({
  looked_at: list[0]?.looked_at ?? null,
  rows: list.map((r) => ({ kind: r.kind as (typeof UNOWNED_KINDS)[number], n: r.n })),
})

async function shown(ctx: Context, list: readonly Leaving[]) {
  const names = await staffNames(
    ctx.db,
    list.flatMap((l) => [l.staff_id, l.began_by, l.closed_by].filter((id) => id !== null)),
  )
  const called = (id: string | null) => (id ? (names.get(id) ?? "") : null)
  return list.map((l) => ({
    staff_id: l.staff_id,
    name: called(l.staff_id) ?? "",
    began_at: l.began_at,
    began_by_name: called(l.began_by),
    due_day: dayString(l.due_day),
    overdue: l.closed_at === null && l.due_day < dayNumber(ctx.now),
    note: l.note,
    closed_at: l.closed_at,
    closed_by_name: called(l.closed_by),
  }))
}
