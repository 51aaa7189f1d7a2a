import { isRefused, refuse } from "../../../kernel/result.ts"
import type { Queryable } from "../../../platform/db.ts"
import { type Context, implement, type Route } from "../../../platform/http/index.ts"
import type { Registry } from "../../../spine/offers/index.ts"
import { earnedOf } from "../../../spine/outcomes/index.ts"
import {
  allPlays,
  changesBetween,
  checkDefinition,
  createPlay,
  describePlays,
  endingOf,
  endingsLately,
  endPlay,
  type Play,
  playById,
  playDefinition,
  publishVersion,
  saveDraft,
  setRunning,
  standingOf,
  versionsOf,
} from "../../../spine/plays/index.ts"
import { staffNames } from "../../staff/index.ts"
import { ENDINGS_LATELY_MS, ENDINGS_SHOWN } from "../limits.ts"
import * as c from "./contract.ts"
import { resultsOf } from "./results.ts"
import { tryOn } from "./try.ts"
import { whyOf } from "./why.ts"

export type PlansDeps = {
  registry(): Registry
  /** Whether a customer lies within what the actor may see. */
  maySee(q: Queryable, customer_id: string, scope: string[] | null): Promise<boolean>
}

export function playRoutes(deps: PlansDeps): Route[] {
  return [
    implement(c.listPlays, async (ctx) => ({ rows: await allPlays(ctx.db) })),
    implement(c.listPlayJobs, async (ctx) => ({
      rows: await endingsLately(ctx.db, new Date(ctx.now.getTime() - ENDINGS_LATELY_MS), ENDINGS_SHOWN),
    })),
    implement(c.onePlay, async (ctx, { params }) => {
      const play = await playById(ctx.db, params.id)
      return play ? wholePlay(ctx, deps.registry(), play) : refuse("not_found")
    }),
    implement(c.playResults, async (ctx, { params }) => {
      const play = await playById(ctx.db, params.id)
      return play ? resultsOf(ctx.db, deps.registry(), play.id) : refuse("not_found")
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
        return { id, ...saved }
      }),
    ),
    implement(c.saveVersion, (ctx, { params, body }) =>
      ctx.command(async (t, note) => {
        const saved = await saveDraft(
          t,
          deps.registry(),
          { play_id: params.id, author_id: ctx.actor.staff_id, ...body },
          ctx.now,
        )
        if (isRefused(saved)) return saved
        note({ target: `play:${params.id}`, after: { version: saved.version, revision: saved.revision } })
        return { id: params.id, ...saved }
      }),
    ),
    implement(c.publishPlay, (ctx, { params, body }) =>
      ctx.command(async (t, note) => {
        const before = (await versionsOf(t, params.id)).find((one) => one.state === "published")
        note({
          target: `play:${params.id}`,
          before: { published: before?.version ?? null },
          after: { published: body.version },
        })
        return publishVersion(t, params.id, body.version, ctx.now, body.revision)
      }),
    ),
    implement(c.switchPlay, (ctx, { params, body }) =>
      ctx.command(async (t, note) => {
        const before = await playById(t, params.id)
        note({
          target: `play:${params.id}`,
          before: { running: before?.running ?? null },
          after: { running: body.running },
        })
        const set = await setRunning(t, params.id, body.running, ctx.now)
        return isRefused(set) ? set : { id: params.id, ...set }
      }),
    ),
    implement(c.endPlayEndpoint, (ctx, { params, body }) =>
      ctx.command(async (t, note) => {
        const ended = await endPlay(t, params.id, body.people, ctx.now)
        if (isRefused(ended)) return ended
        const { people, ran } = ended
        note({
          target: `play:${params.id}`,
          before: { running: ran, inside: people },
          after: { running: false, inside: 0 },
        })
        return { id: params.id, people }
      }),
    ),
    implement(c.sayPlay, async (ctx, { body }) => {
      const parsed = playDefinition.safeParse(body.definition)
      if (!parsed.success) {
        const issue = parsed.error.issues[0]
        return refuse("play_invalid", {
          field: issue?.path.join(".") ?? "",
          detail: { problem: issue?.message ?? "" },
        })
      }
      const checked = checkDefinition(deps.registry(), body.definition)
      const [said] = await describePlays(ctx.db, deps.registry(), [parsed.data], ctx.now)
      return {
        said: said!,
        problem: isRefused(checked) ? { code: checked.refused, field: checked.field ?? "" } : null,
      }
    }),
    implement(c.tryPlay, (ctx, { params, body }) => tryOn(ctx, deps, params.id, body)),
    implement(c.whyPlay, (ctx, { params }) => whyOf(ctx, deps, params)),
  ]
}

/** A play with each version in words, what it changed, and who stands where. */
async function wholePlay(ctx: Context, registry: Registry, play: Play) {
  const versions = await versionsOf(ctx.db, play.id)
  const said = await describePlays(
    ctx.db,
    registry,
    versions.map((v) => v.definition),
    ctx.now,
  )
  const [authors, standing, earned, ending] = await Promise.all([
    staffNames(
      ctx.db,
      versions.flatMap((v) => v.author_id ?? []),
    ),
    standingOf(ctx.db, play.id),
    earnedOf(ctx.db, "play", play.id),
    endingOf(ctx.db, play.id),
  ])
  const insideOf = (version?: number) =>
    standing
      .filter((s) => version === undefined || s.version === version)
      .reduce((sum, s) => sum + s.waiting, 0)
  return {
    id: play.id,
    name: play.name,
    running: play.running,
    inside: insideOf(),
    ending: ending ?? null,
    earned,
    versions: versions.map((v, i) => {
      const before = said[i + 1]
      return {
        version: v.version,
        state: v.state,
        definition: v.definition,
        revision: v.revision,
        author_name: v.author_id ? (authors.get(v.author_id) ?? null) : null,
        saved_at: v.saved_at,
        published_at: v.published_at,
        said: said[i]!,
        changes: before ? changesBetween(before, said[i]!) : null,
        inside: insideOf(v.version),
      }
    }),
    standing,
  }
}
