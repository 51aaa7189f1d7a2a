import { isRefused, refuse } from "../../kernel/result.ts"
import type { Tx } from "../../platform/db.ts"
import { type Context, implement, type Route } from "../../platform/http/index.ts"
import { inScope } from "../../spine/traits/index.ts"
import { auditedFilter, everybodyOf } from "../customers/index.ts"
import type { Role } from "../staff/contract.ts"
import { staffNames } from "../staff/index.ts"
import { type BulkDeps, bulkRoutes } from "./bulk/routes.ts"
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
import { inspectionRoutes } from "./inspection/routes.ts"
import { keepingRoutes } from "./keeping/routes.ts"
import { rulesNaming } from "./keeping/store.ts"
import { MOVE_BATCH, PROPOSALS_PAGE } from "./limits.ts"
import { qualityRoutes } from "./quality/routes.ts"
import { currentTag, mayApply } from "./rules.ts"
import { allTags, worn } from "./store.ts"
import { groupRows, proposalRows, tagRows } from "./store-taxonomy.ts"
import type { Catalogue } from "./sync/push.ts"
import { syncRoutes } from "./sync/routes.ts"
import { takeoverRoutes } from "./takeover/routes.ts"
import { taxonomyRoutes } from "./taxonomy/routes.ts"
import { commentCounts, versionNow } from "./taxonomy/store.ts"
import type { UsersOf } from "./taxonomy/users.ts"
import { decide, propose } from "./taxonomy.ts"

const byHand = (ctx: Context) => ({ source: "hand" as const, by: ctx.actor.staff_id, at: ctx.now })

/** A tag for each of many people, some thousands at a time and always in one order, so that two at once never wait for each other. */
function inBatches(customers: readonly string[], tag_id: string) {
  const sorted = [...customers].sort()
  return Array.from({ length: Math.ceil(sorted.length / MOVE_BATCH) }, (_, n) =>
    sorted.slice(n * MOVE_BATCH, (n + 1) * MOVE_BATCH).map((customer_id) => ({ customer_id, tag_id })),
  )
}

/** What the modules above tell of tags. */
export type TagDeps = BulkDeps & { users: UsersOf; catalogue: () => Catalogue | null }

/** The living tag that is meant, where this person may give it by hand. */
async function forHand(ctx: Context, t: Tx, id: string) {
  const tag = currentTag(await allTags(t), id)
  if (!tag) return refuse("tag_unknown", { field: "id" })
  return mayApply(tag, ctx.actor.role) ? tag : refuse("role_may_not", { field: "id" })
}

/** The team's own rules use tags too. */
const withRules =
  (users: UsersOf): UsersOf =>
  async (q, ids) => [
    ...(await rulesNaming(q, ids)).map((rule) => ({ kind: "rule" as const, ...rule })),
    ...(await users(q, ids)),
  ]

export const routes = (given: TagDeps): Route[] => {
  const deps = { ...given, users: withRules(given.users) }
  return [
    ...taxonomyRoutes(deps),
    ...keepingRoutes(deps),
    ...bulkRoutes(deps),
    ...qualityRoutes,
    ...inspectionRoutes,
    ...takeoverRoutes(deps),
    ...syncRoutes(deps),
    ...ownRoutes(deps),
  ]
}

const ownRoutes = (deps: Pick<TagDeps, "users" | "registry">): Route[] => [
  implement(listTags, async (ctx) => {
    const [groups, tags] = [await groupRows(ctx.db), await tagRows(ctx.db)]
    return {
      version: await versionNow(ctx.db),
      groups: groups.map(({ id, name, dimension, exclusive, required, roles, channel_ref }) => ({
        id,
        name,
        dimension: dimension as "custom",
        exclusive,
        required,
        roles: roles as Role[] | null,
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
      const answer = await propose(t, body.change, body.reason, ctx.actor.staff_id, ctx.now, deps.users)
      if ("id" in answer) note({ target: `tag_change:${answer.id}`, after: body.change })
      return answer
    }),
  ),
  implement(listProposals, async (ctx) => {
    const found = await proposalRows(ctx.db, PROPOSALS_PAGE)
    const names = await staffNames(
      ctx.db,
      found.map((p) => p.proposed_by),
    )
    const said = await commentCounts(
      ctx.db,
      found.map((p) => p.id),
    )
    return {
      rows: found.map(({ body, ...p }) => ({
        ...p,
        proposed_by_name: names.get(p.proposed_by) ?? null,
        comments: said.get(p.id) ?? 0,
        change: body as Change,
      })),
    }
  }),
  implement(decideChange, (ctx, { params, body }) =>
    ctx.command((t, note) => {
      note({ target: `tag_change:${params.id}`, after: body })
      return decide(t, params.id, body, ctx.actor.staff_id, ctx.now, deps.users)
    }),
  ),
  implement(assignTag, (ctx, { params, body }) =>
    ctx.command(async (t, note) => {
      const tag = await forHand(ctx, t, params.id)
      if (isRefused(tag)) return tag
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
      const tag = await forHand(ctx, t, params.id)
      if (isRefused(tag) && tag.refused === "role_may_not") return tag
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
      const tag = await forHand(ctx, t, params.id)
      if (isRefused(tag)) return tag
      const ids = await everybodyOf(
        t,
        deps.registry(),
        { ...body.filter, scope: ctx.actor.scope },
        body.people,
      )
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
      const tag = await forHand(ctx, t, params.id)
      if (isRefused(tag) && tag.refused === "role_may_not") return tag
      const ids = await everybodyOf(
        t,
        deps.registry(),
        { ...body.filter, scope: ctx.actor.scope },
        body.people,
      )
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
