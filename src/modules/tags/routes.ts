import { isRefused, refuse } from "../../kernel/result.ts"
import { type Context, implement, type Route } from "../../platform/http/index.ts"
import { inScope } from "../../spine/traits/index.ts"
import { auditedFilter, everybodyOf } from "../customers/index.ts"
import { assign, remove } from "./commands.ts"
import {
  assignTag,
  assignTagByQuery,
  type Change,
  customerTags,
  decideChange,
  listProposals,
  listTags,
  proposeChange,
  removeTag,
  removeTagByQuery,
} from "./contract.ts"
import { MOVE_BATCH, PROPOSALS_PAGE } from "./limits.ts"
import { currentTag } from "./rules.ts"
import { allTags, worn } from "./store.ts"
import { groupRows, proposalRows, tagRows } from "./store-taxonomy.ts"
import { decide, propose } from "./taxonomy.ts"

const byHand = (ctx: Context) => ({ source: "hand" as const, by: ctx.actor.staff_id, at: ctx.now })

/** A tag for each of many people, some thousands at a time and always in one order, so that two at once never wait for each other. */
function inBatches(customers: readonly string[], tag_id: string) {
  const sorted = [...customers].sort()
  return Array.from({ length: Math.ceil(sorted.length / MOVE_BATCH) }, (_, n) =>
    sorted.slice(n * MOVE_BATCH, (n + 1) * MOVE_BATCH).map((customer_id) => ({ customer_id, tag_id })),
  )
}

export const routes: Route[] = [
  implement(listTags, async (ctx) => {
    const [groups, tags] = [await groupRows(ctx.db), await tagRows(ctx.db)]
    return {
      groups: groups.map(({ id, name, dimension, exclusive, channel_ref }) => ({
        id,
        name,
        dimension: dimension as "custom",
        exclusive,
        in_channel: channel_ref !== null,
        tags: tags
          .filter((tag) => tag.group_id === id)
          .map(({ id, name, definition, example, channel_ref, retired_at, replaced_by }) => ({
            id,
            name,
            definition,
            example,
            in_channel: channel_ref !== null,
            retired_at,
            replaced_by,
          })),
      })),
    }
  }),
  implement(proposeChange, (ctx, { body }) =>
    ctx.command(async (t, note) => {
      const answer = await propose(t, body.change, body.reason, ctx.actor.staff_id, ctx.now)
      if ("id" in answer) note({ target: `tag_change:${answer.id}`, after: body.change })
      return answer
    }),
  ),
  implement(listProposals, async (ctx) => ({
    rows: (await proposalRows(ctx.db, PROPOSALS_PAGE)).map(({ body, ...p }) => ({
      ...p,
      change: body as Change,
    })),
  })),
  implement(decideChange, (ctx, { params, body }) =>
    ctx.command((t, note) => {
      note({ target: `tag_change:${params.id}`, after: body })
      return decide(t, params.id, body, ctx.actor.staff_id, ctx.now)
    }),
  ),
  implement(assignTag, (ctx, { params, body }) =>
    ctx.command(async (t, note) => {
      if (!currentTag(await allTags(t), params.id)) return refuse("tag_unknown", { field: "id" })
      const asked = [...new Set(body.customer_ids)]
      const seen = await inScope(t, asked, ctx.actor.scope)
      const asks = asked
        .filter((id) => seen.has(id))
        .map((customer_id) => ({ customer_id, tag_id: params.id }))
      const { assigned } = await assign(t, asks, byHand(ctx))
      note({ target: `tag:${params.id}`, after: { customer_ids: assigned.map((a) => a.customer_id) } })
      return {
        assigned: assigned.length,
        had_it: asks.length - assigned.length,
        not_found: asked.length - asks.length,
      }
    }),
  ),
  implement(removeTag, (ctx, { params, body }) =>
    ctx.command(async (t, note) => {
      const asked = [...new Set(body.customer_ids)]
      const seen = await inScope(t, asked, ctx.actor.scope)
      const asks = asked
        .filter((id) => seen.has(id))
        .map((customer_id) => ({ customer_id, tag_id: params.id }))
      const removed = await remove(t, asks, byHand(ctx))
      note({ target: `tag:${params.id}`, before: { customer_ids: removed.map((r) => r.customer_id) } })
      return { removed: removed.length, not_found: asked.length - asks.length }
    }),
  ),
  implement(assignTagByQuery, (ctx, { params, body }) =>
    ctx.command(async (t, note) => {
      if (!currentTag(await allTags(t), params.id)) return refuse("tag_unknown", { field: "id" })
      const ids = await everybodyOf(t, { ...body.filter, scope: ctx.actor.scope }, body.people)
      if (isRefused(ids)) return ids
      let assigned = 0
      for (const asks of inBatches(ids, params.id))
        assigned += (await assign(t, asks, byHand(ctx))).assigned.length
      note({
        target: `tag:${params.id}`,
        after: { filter: auditedFilter(body.filter), people: body.people, assigned },
      })
      return { assigned, had_it: ids.length - assigned }
    }),
  ),
  implement(removeTagByQuery, (ctx, { params, body }) =>
    ctx.command(async (t, note) => {
      const ids = await everybodyOf(t, { ...body.filter, scope: ctx.actor.scope }, body.people)
      if (isRefused(ids)) return ids
      let removed = 0
      for (const asks of inBatches(ids, params.id)) removed += (await remove(t, asks, byHand(ctx))).length
      note({
        target: `tag:${params.id}`,
        before: { filter: auditedFilter(body.filter), people: body.people, removed },
      })
      return { removed }
    }),
  ),
  implement(customerTags, async (ctx, { params }) => {
    const seen = await inScope(ctx.db, [params.id], ctx.actor.scope)
    return seen.has(params.id) ? { rows: await worn(ctx.db, params.id) } : refuse("not_found")
  }),
]
