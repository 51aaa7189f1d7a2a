import { pageOfRows } from "../../../kernel/cursor.ts"
import { isRefused, refuse } from "../../../kernel/result.ts"
import { implement, type Route } from "../../../platform/http/index.ts"
import { staffNames } from "../../staff/index.ts"
import { groupRows, type TagRow, tagRows } from "../store-taxonomy.ts"
import { lockTaxonomy } from "../taxonomy/store.ts"
import type { UsersOf } from "../taxonomy/users.ts"
import { reconcile } from "./catalogue.ts"
import {
  channelTagCursor,
  conflictCursor,
  decideConflictOf,
  listChannelTags,
  listConflicts,
  readSync,
  setSync,
} from "./contract.ts"
import { decideConflict } from "./decide.ts"
import { type Catalogue, pushesWaiting } from "./push.ts"
import { wanted } from "./rules.ts"
import { type Mirrored, mirrored, mirroredAfter, saveSync, syncState } from "./store.ts"
import { conflictsBefore, openConflicts } from "./store-conflicts.ts"

export const syncRoutes = (deps: { users: UsersOf; catalogue: () => Catalogue | null }): Route[] => [
  implement(readSync, async ({ db }) => {
    const [state, groups, tags, pushes, open] = [
      await syncState(db),
      await groupRows(db),
      (await tagRows(db)).filter((tag) => !tag.retired_at),
      await pushesWaiting(db),
      await openConflicts(db),
    ]
    const size = (push: (typeof pushes)[number]) =>
      push.do === "create" ? push.tags.length : push.do === "remove" ? push.refs.length : 1
    return {
      ...state,
      possible: deps.catalogue() !== null,
      waiting: state.on ? pushes.reduce((sum, push) => sum + size(push), 0) : 0,
      open_conflicts: open.length,
      groups: groups.map(({ id, name, pushed }) => {
        const own = tags.filter((tag) => tag.group_id === id)
        return { id, name, pushed, tags: own.length, in_channel: own.filter((tag) => tag.channel_ref).length }
      }),
    }
  }),
  implement(setSync, (ctx, { body }) =>
    ctx.command(async (t, note) => {
      if (body.on && !deps.catalogue()) return refuse("no_catalogue")
      await lockTaxonomy(t)
      const groups = await groupRows(t)
      const unknown = body.pushed_group_ids.some((id) => !groups.some((g) => g.id === id))
      if (unknown) return refuse("group_unknown", { field: "pushed_group_ids" })
      const before = await syncState(t)
      const pushed = groups.filter((g) => g.pushed).map((g) => g.id)
      await saveSync(t, body.on, body.pushed_group_ids)
      if (body.on) await reconcile(t, ctx.now)
      note({
        target: "tags:sync",
        before: { on: before.on, pushed_group_ids: pushed },
        after: { on: body.on, pushed_group_ids: body.pushed_group_ids },
      })
      return { on: body.on }
    }),
  ),
  implement(listChannelTags, async ({ db }, { query }) => {
    const found = await mirroredAfter(db, query.cursor?.ref ?? null, query.limit + 1)
    const { page, next_cursor } = pageOfRows(channelTagCursor, found, query.limit, ({ ref }) => ({ ref }))
    const tags = new Map((await tagRows(db)).map((tag) => [tag.id, tag]))
    const names = new Map(
      (await mirrored(db)).flatMap((m) => (m.of === "group" ? [[m.ref, m.name] as const] : [])),
    )
    const asked = new Set((await openConflicts(db)).map((c) => c.ref))
    return {
      rows: page.map((m) => {
        const ours = m.ours_id ? tags.get(m.ours_id) : undefined
        return {
          ref: m.ref,
          group_name: names.get(m.group_ref) ?? "",
          theirs: m.name,
          ours: ours?.name ?? null,
          made_by_us: m.made_by_us,
          ...stateOf(m, ours, asked),
        }
      }),
      next_cursor,
    }
  }),
  implement(listConflicts, async ({ db }, { query }) => {
    const found = await conflictsBefore(db, !query.decided, query.cursor ?? null, query.limit + 1)
    const { page, next_cursor } = pageOfRows(conflictCursor, found, query.limit, (last) => ({
      at: last.found_at,
      id: last.id,
    }))
    const names = await staffNames(
      db,
      page.flatMap((c) => [c.ours_by ?? [], c.decided_by ?? []].flat()),
    )
    const nameOf = (id: string | null) => (id ? (names.get(id) ?? null) : null)
    return {
      rows: page.map(({ ref: _, ours_id: __, ...c }) => ({
        ...c,
        ours_by: nameOf(c.ours_by),
        decided_by: nameOf(c.decided_by),
      })),
      next_cursor,
    }
  }),
  implement(decideConflictOf, (ctx, { params, body }) =>
    ctx.command(async (t, note) => {
      const decided = await decideConflict(t, params.id, body.choice, ctx.actor.staff_id, ctx.now, deps.users)
      if (isRefused(decided)) return decided
      const { kind, ours, theirs, ref } = decided
      note({
        target: `tag_conflict:${params.id}`,
        before: { kind, ref, ours, theirs },
        after: { choice: body.choice },
      })
      return { choice: body.choice }
    }),
  ),
]

type State = "same" | "waiting" | "theirs_alone" | "refused" | "asked" | "left_out" | "gone"

function stateOf(
  m: Mirrored,
  ours: TagRow | undefined,
  asked: ReadonlySet<string>,
): { state: State; code: string | null } {
  const is = (state: State, code: string | null = null) => ({ state, code })
  if (asked.has(m.ref)) return is("asked")
  if (m.gone) return is("gone")
  if (m.left_out || !ours) return is("left_out")
  const name = wanted(m, { ...ours, retired: ours.retired_at !== null })
  if (name === null) return is("same")
  if (!m.made_by_us) return is("theirs_alone")
  return name === m.refused_name ? is("refused", m.refused_code) : is("waiting")
}
