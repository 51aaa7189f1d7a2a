import { DAY_MS } from "../../../kernel/day.ts"
import { isRefused, refuse } from "../../../kernel/result.ts"
import type { ConditionTree } from "../../../kernel/tree.ts"
import type { Tx } from "../../../platform/db.ts"
import { type Context, implement, type Route } from "../../../platform/http/index.ts"
import { staffNames } from "../../staff/index.ts"
import type { KeepingDeps } from "../keeping/understand.ts"
import { BULKS_SHOWN, UNDO_DAYS } from "../limits.ts"
import { currentTag, mayApply } from "../rules.ts"
import { allTags } from "../store.ts"
import { listBulks, startBulk, undoBulk } from "./contract.ts"
import { type BulkAsk, beginBulk, beginUndo } from "./run.ts"
import { bulkRows } from "./store.ts"

export type BulkDeps = KeepingDeps & {
  /** The rule "is in this group". */
  inGroup(group_id: string): ConditionTree
}

export const bulkRoutes = (deps: BulkDeps): Route[] => [
  implement(startBulk, (ctx, { params, body }) =>
    ctx.command(async (t, note) => {
      const tag = currentTag(await allTags(t), params.id)
      if (!tag) return refuse("tag_unknown", { field: "id" })
      if (!mayApply(tag, ctx.actor.role)) return refuse("role_may_not", { field: "id" })
      const ask = await askOf(ctx, t, deps, body)
      if (isRefused(ask)) return ask
      const who = { by: ctx.actor.staff_id, scope: ctx.actor.scope }
      const begun = await beginBulk(t, deps.registry(), { ...ask, tag_id: tag.id }, who, ctx.now)
      if (!isRefused(begun))
        note({ target: `tag_bulk:${begun.id}`, after: { ...body, people: begun.people } })
      return begun
    }),
  ),
  implement(listBulks, async (ctx) => {
    const found = await bulkRows(ctx.db, BULKS_SHOWN)
    const mine = found.filter((b) => ctx.actor.scope === null || b.by_id === ctx.actor.staff_id)
    const names = await staffNames(
      ctx.db,
      mine.map((b) => b.by_id),
    )
    return {
      rows: mine.map(({ tree: _, scope: __, after_number: ___, ...b }) => ({
        ...b,
        by_name: names.get(b.by_id) ?? null,
        undo_until: new Date(b.asked_at.getTime() + UNDO_DAYS * DAY_MS),
      })),
    }
  }),
  implement(undoBulk, (ctx, { params }) =>
    ctx.command(async (t, note) => {
      const bulk = (await bulkRows(t, BULKS_SHOWN)).find((b) => b.id === params.id)
      // Whoever sees only some customers undoes only what they did themselves.
      if (!bulk || (ctx.actor.scope !== null && bulk.by_id !== ctx.actor.staff_id)) return refuse("not_found")
      note({ target: `tag_bulk:${params.id}`, after: { undo: true } })
      return beginUndo(t, params.id, ctx.now)
    }),
  ),
]

async function askOf(
  ctx: Context,
  t: Tx,
  deps: BulkDeps,
  body: { segment_id: string | null; group_id: string | null; rule: ConditionTree | null },
): Promise<Omit<BulkAsk, "tag_id"> | ReturnType<typeof refuse>> {
  const { segment_id, group_id, rule } = body
  if ([segment_id, group_id, rule].filter((x) => x !== null).length !== 1)
    return refuse("tree_invalid", { field: "rule" })
  if (group_id) return { of: "group", ref: group_id, tree: deps.inGroup(group_id) }
  if (rule) return { of: "rule", ref: null, tree: rule }
  const audience = await deps.segment(t, segment_id!, ctx.now)
  if (!isRefused(audience)) return { of: "segment", ref: segment_id, tree: audience.tree }
  return audience.refused === "not_found" ? refuse("segment_unknown", { field: "segment_id" }) : audience
}
