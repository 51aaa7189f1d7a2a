import { pageOfRows } from "../../../kernel/cursor.ts"
import { formSchema } from "../../../kernel/form.ts"
import { newId } from "../../../kernel/ids.ts"
import { isRefused, refuse } from "../../../kernel/result.ts"
import type { Queryable } from "../../../platform/db.ts"
import { implement, type Route } from "../../../platform/http/index.ts"
import { staffNames } from "../../staff/index.ts"
import { COMMENTS_MAX, USERS_SHOWN } from "../limits.ts"
import { allTags } from "../store.ts"
import { lockProposal, proposalIs } from "../store-taxonomy.ts"
import {
  addComment,
  listVersions,
  readDiscussion,
  readTagSettings,
  saveTagSettings,
  tagSettings,
  usersOfTag,
  versionCursor,
} from "./contract.ts"
import { readSettings, saveSettings } from "./settings.ts"
import { commentCounts, commentRows, insertComment, versionsBefore } from "./store.ts"
import { standingFor, type UsersOf } from "./users.ts"

const schema = formSchema(tagSettings, "output")
const settingsOf = async (q: Queryable) => ({ settings: await readSettings(q), schema })

export const taxonomyRoutes = (deps: { users: UsersOf }): Route[] => [
  implement(listVersions, async (ctx, { query }) => {
    const found = await versionsBefore(ctx.db, query.cursor?.number ?? null, query.limit + 1)
    const { page, next_cursor } = pageOfRows(versionCursor, found, query.limit, ({ number }) => ({ number }))
    const names = await staffNames(
      ctx.db,
      page.flatMap((v) => v.by_id ?? []),
    )
    return {
      rows: page.map((v) => ({ ...v, by_name: v.by_id ? (names.get(v.by_id) ?? null) : null })),
      next_cursor,
    }
  }),
  implement(readDiscussion, async (ctx, { params }) => {
    if (!(await proposalIs(ctx.db, params.id))) return refuse("not_found")
    const found = await commentRows(ctx.db, params.id, COMMENTS_MAX)
    const names = await staffNames(
      ctx.db,
      found.map((c) => c.by_id),
    )
    return { rows: found.map((c) => ({ ...c, by_name: names.get(c.by_id) ?? null })) }
  }),
  implement(addComment, (ctx, { params, body }) =>
    ctx.command(async (t, note) => {
      const proposal = await lockProposal(t, params.id)
      if (!proposal) return refuse("not_found")
      if (proposal.decided_at) return refuse("already_decided")
      if (((await commentCounts(t, [params.id])).get(params.id) ?? 0) >= COMMENTS_MAX)
        return refuse("discussion_full")
      const id = newId(ctx.now.getTime())
      await insertComment(t, { id, proposal_id: params.id, by: ctx.actor.staff_id, at: ctx.now, ...body })
      note({ target: `tag_change:${params.id}`, after: body })
      return { id }
    }),
  ),
  implement(usersOfTag, async (ctx, { params }) => {
    const tags = await allTags(ctx.db)
    if (!tags.has(params.id)) return refuse("not_found")
    return { rows: (await deps.users(ctx.db, standingFor(tags, params.id))).slice(0, USERS_SHOWN) }
  }),
  implement(readTagSettings, (ctx) => settingsOf(ctx.db)),
  implement(saveTagSettings, (ctx, { body }) =>
    ctx.command(async (t, note) => {
      const { based_on, ...settings } = body
      const before = await saveSettings(t, settings, based_on)
      if (isRefused(before)) return before
      note({ target: "tags.settings", before, after: settings })
      return settingsOf(t)
    }),
  ),
]
