import { refuse } from "../../kernel/result.ts"
import { type Context, implement, type Route } from "../../platform/http/index.ts"
import { inScope } from "../../spine/traits/index.ts"
import { assign, remove } from "./commands.ts"
import {
  assignTag,
  type Change,
  customerTags,
  decideChange,
  listProposals,
  listTags,
  proposeChange,
  removeTag,
} from "./contract.ts"
import { PROPOSALS_PAGE } from "./limits.ts"
import { currentTag } from "./rules.ts"
import { allTags, worn } from "./store.ts"
import { groupRows, proposalRows, tagRows } from "./store-taxonomy.ts"
import { decide, propose } from "./taxonomy.ts"

const byHand = (ctx: Context) => ({ source: "hand" as const, by: ctx.actor.staff_id, at: ctx.now })

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
  implement(customerTags, async (ctx, { params }) => {
    const seen = await inScope(ctx.db, [params.id], ctx.actor.scope)
    return seen.has(params.id) ? { rows: await worn(ctx.db, params.id) } : refuse("not_found")
  }),
]
