import { pageOfRows } from "../../kernel/cursor.ts"
import { atTime, dayNumber } from "../../kernel/day.ts"
import { isRefused, refuse } from "../../kernel/result.ts"
import type { Queryable } from "../../platform/db.ts"
import { type Context, implement, type Route } from "../../platform/http/index.ts"
import { matching, readAudience } from "../../spine/audiences/index.ts"
import type { Registry } from "../../spine/offers/index.ts"
import {
  type Assignment,
  assignmentById,
  assignmentsOf,
  countAssignments,
  doAssignment,
} from "../../spine/outbox/index.ts"
import {
  allPlays,
  countsOf,
  createPlay,
  playById,
  preview,
  publishVersion,
  saveDraft,
  setRunning,
  versionsOf,
  why,
} from "../../spine/plays/index.ts"
import { staffNames } from "../staff/index.ts"
import * as c from "./contract.ts"
import { introductionFunnel } from "./store.ts"
import { touchRoutes } from "./touches/routes.ts"

export type PlansDeps = {
  registry(): Registry
  /** Whether a customer lies within what the actor may see. */
  maySee(q: Queryable, customer_id: string, scope: string[] | null): Promise<boolean>
}

async function rowsOf(q: Queryable, list: readonly Assignment[]) {
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

const mayDo = (ctx: Context, a: Assignment) =>
  ctx.actor.scope === null ||
  (a.assignee_staff_id !== null && [...ctx.actor.scope, ctx.actor.staff_id].includes(a.assignee_staff_id))

export function routes(deps: PlansDeps): Route[] {
  return [
    ...touchRoutes(deps.registry),
    implement(c.today, async (ctx, { query }) => {
      const day = dayNumber(ctx.now)
      const seen = ctx.actor.scope === null ? null : [...ctx.actor.scope, ctx.actor.staff_id]
      const today = {
        staff_ids: query.mine === "true" ? [ctx.actor.staff_id] : seen,
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
    implement(c.introductions, async (ctx) => ({ rows: await introductionFunnel(ctx.db) })),
    implement(c.listPlays, async (ctx) => ({ rows: await allPlays(ctx.db) })),
    implement(c.onePlay, async (ctx, { params }) => {
      const play = await playById(ctx.db, params.id)
      if (!play) return refuse("not_found")
      return {
        id: play.id,
        name: play.name,
        running: play.running,
        versions: await versionsOf(ctx.db, play.id),
        ...(await countsOf(ctx.db, play.id)),
      }
    }),
    implement(c.makePlay, (ctx, { body }) =>
      ctx.command(async (t, note) => {
        const id = await createPlay(t, { name: body.name }, ctx.now)
        const saved = await saveDraft(
          t,
          deps.registry(),
          { play_id: id, definition: body.definition, author_id: ctx.actor.staff_id },
          ctx.now,
        )
        if (isRefused(saved)) return saved
        note({ target: `play:${id}` })
        return { id, version: saved.version }
      }),
    ),
    implement(c.saveVersion, (ctx, { params, body }) =>
      ctx.command(async (t, note) => {
        const draft = { play_id: params.id, definition: body.definition, author_id: ctx.actor.staff_id }
        const saved = await saveDraft(t, deps.registry(), draft, ctx.now)
        if (isRefused(saved)) return saved
        note({ target: `play:${params.id}`, after: { version: saved.version } })
        return { id: params.id, version: saved.version }
      }),
    ),
    implement(c.publishPlay, (ctx, { params, body }) =>
      ctx.command(async (t, note) => {
        note({ target: `play:${params.id}`, after: { published: body.version } })
        return publishVersion(t, params.id, body.version, ctx.now)
      }),
    ),
    implement(c.switchPlay, (ctx, { params, body }) =>
      ctx.command(async (t, note) => {
        note({ target: `play:${params.id}`, after: { running: body.running } })
        return (await setRunning(t, params.id, body.running, ctx.now))
          ? { id: params.id, running: body.running }
          : refuse("not_found")
      }),
    ),
    implement(c.tryPlay, (ctx, { params, body }) => tryOn(ctx, deps, params.id, body)),
    implement(c.whyPlay, async (ctx, { params }) => {
      if (!(await deps.maySee(ctx.db, params.customer_id, ctx.actor.scope))) return refuse("not_found")
      const told = await why(ctx.db, params.id, params.customer_id)
      return {
        enrolments: told.enrolments.map((e) => ({
          entry: e.entry,
          version: e.version,
          entered_by: e.entered_by,
          entered_at: e.entered_at,
          state: e.state,
          reason: e.reason,
          node: e.node,
          due_at: e.due_at,
          steps: e.steps,
        })),
      }
    }),
  ]
}

async function tryOn(
  ctx: Context,
  deps: PlansDeps,
  play_id: string,
  body: { customer_id: string; version?: number | undefined; at?: string | undefined },
) {
  if (!(await deps.maySee(ctx.db, body.customer_id, ctx.actor.scope))) return refuse("not_found")
  const versions = await versionsOf(ctx.db, play_id)
  const version = versions.find((v) => (body.version ? v.version === body.version : v.state !== "retired"))
  if (!version) return refuse("not_found")
  const answers = new Map<string, boolean>()
  for (const [name, node] of Object.entries(version.definition.nodes)) {
    if (node.kind !== "branch") continue
    const audience = await readAudience(ctx.db, deps.registry(), node.condition, { day: dayNumber(ctx.now) })
    if (isRefused(audience)) return { ...audience, field: `nodes.${name}` }
    answers.set(name, (await matching(ctx.db, audience, [body.customer_id])).has(body.customer_id))
  }
  return preview(
    version.definition,
    body.at ? new Date(body.at) : ctx.now,
    (name) => answers.get(name) ?? false,
  )
}
