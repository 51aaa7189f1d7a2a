import { pageOfRows } from "../../kernel/cursor.ts"
import { atTime, dayNumber } from "../../kernel/day.ts"
import { isRefused, refuse } from "../../kernel/result.ts"
import type { Queryable } from "../../platform/db.ts"
import { type Context, implement, type Route, staffSeenBy } from "../../platform/http/index.ts"
import {
  type Assignment,
  assignmentById,
  assignmentsOf,
  countAssignments,
  doAssignment,
  skipAssignment,
} from "../../spine/outbox/index.ts"
import { customerNames } from "../customers/index.ts"
import { staffNames } from "../staff/index.ts"
import * as c from "./contract.ts"
import { type PlansDeps, playRoutes } from "./plays/routes.ts"
import { droppedLately, introductionFunnel } from "./store.ts"
import { touchRoutes } from "./touches/routes.ts"

/** Assignments as the contract tells them. */
export async function rowsOf(q: Queryable, list: readonly Assignment[]) {
  const names = await staffNames(
    q,
    list.flatMap((a) => (a.assignee_staff_id ? [a.assignee_staff_id] : [])),
  )
  return list.map((a) => ({
    id: a.id,
    kind: a.kind,
    title: a.title,
    script: a.script,
    reason: a.reason,
    customer_id: a.customer_id,
    account_id: a.account_id,
    assignee_staff_id: a.assignee_staff_id,
    assignee_name: a.assignee_staff_id ? (names.get(a.assignee_staff_id) ?? null) : null,
    due_at: a.due_at,
    evidence: a.evidence,
    evidence_given: a.evidence_given,
    state: a.state,
    late: a.late,
    closed_at: a.closed_at,
  }))
}

/** Whose assignments somebody sees; null for all. Titles and scripts name customers: without that right one sees one's own. */
export function seenBy({ actor }: Pick<Context, "actor">): string[] | null {
  if (!actor.can("customers.read")) return [actor.staff_id]
  return staffSeenBy(actor)
}

function mayDo(ctx: Context, a: Assignment): boolean {
  const seen = seenBy(ctx)
  return seen === null || (a.assignee_staff_id !== null && seen.includes(a.assignee_staff_id))
}

export function routes(deps: PlansDeps): Route[] {
  return [
    ...touchRoutes(deps.registry),
    ...playRoutes(deps),
    implement(c.today, async (ctx, { query }) => {
      const day = dayNumber(ctx.now)
      const today = {
        staff_ids: query.mine === "true" ? [ctx.actor.staff_id] : seenBy(ctx),
        from: atTime(day, 0),
        until: atTime(day + 1, 0),
      }
      const counts = await countAssignments(ctx.db, { ...today, now: ctx.now })
      const found = await assignmentsOf(ctx.db, {
        ...today,
        part: query.part ? { name: query.part, now: ctx.now } : null,
        after: query.cursor ?? null,
        limit: query.limit,
      })
      const { page, next_cursor } = pageOfRows(c.todayCursor, found, query.limit, (last) => last)
      return { rows: await rowsOf(ctx.db, page), next_cursor, counts }
    }),
    implement(c.finish, (ctx, { params, body }) =>
      ctx.command(async (t, note) => {
        const found = await assignmentById(t, params.id)
        if (!found || !mayDo(ctx, found)) return refuse("not_found")
        const done = await doAssignment(
          t,
          params.id,
          { staff_id: ctx.actor.staff_id, evidence: body.evidence },
          ctx.now,
        )
        if (isRefused(done)) return done
        note({ target: `assignment:${params.id}`, after: { state: done.state, late: done.late } })
        return (await rowsOf(t, [done]))[0]!
      }),
    ),
    implement(c.skip, (ctx, { params, body }) =>
      ctx.command(async (t, note) => {
        const found = await assignmentById(t, params.id)
        if (!found || !mayDo(ctx, found)) return refuse("not_found")
        const gone = await skipAssignment(
          t,
          params.id,
          { staff_id: ctx.actor.staff_id, reason: body.reason },
          ctx.now,
        )
        if (isRefused(gone)) return gone
        note({ target: `assignment:${params.id}`, after: { state: gone.state, reason: body.reason } })
        return (await rowsOf(t, [gone]))[0]!
      }),
    ),
    implement(c.introductions, async (ctx) => {
      const [funnel, dropped] = await Promise.all([
        introductionFunnel(ctx.db),
        droppedLately(ctx.db, seenBy(ctx)),
      ])
      const [names, customers] = await Promise.all([
        staffNames(
          ctx.db,
          dropped.flatMap((d) => d.assignee_staff_id ?? []),
        ),
        customerNames(
          ctx.db,
          dropped.map((d) => d.customer_id),
        ),
      ])
      return {
        rows: funnel,
        dropped_lately: dropped.map(({ assignee_staff_id, ...d }) => ({
          ...d,
          customer_name: customers.get(d.customer_id) ?? null,
          assignee_name: assignee_staff_id ? (names.get(assignee_staff_id) ?? null) : null,
        })),
      }
    }),
  ]
}
