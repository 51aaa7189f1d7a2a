import { pageOfRows } from "../../kernel/cursor.ts"
import { refuse } from "../../kernel/result.ts"
import { type Context, implement, type Route } from "../../platform/http/index.ts"
import { allAccounts } from "../accounts/index.ts"
import {
  groupMembers,
  groupMessages,
  listGroups,
  memberCursor,
  messageCursor,
  readGroup,
} from "./contract.ts"
import { GROUPS_PAGE } from "./limits.ts"
import { groupRows, memberRows, messageRows } from "./store.ts"

const ACCOUNTS_MAX = 2_000

/** Owners by reference, and those whose groups this person may see (null for all). */
async function owners(ctx: Context): Promise<{ names: Map<string, string>; refs: string[] | null }> {
  const accounts = await allAccounts(ctx.db, ACCOUNTS_MAX)
  const { scope } = ctx.actor
  return {
    names: new Map(accounts.map((a) => [a.channel_ref, a.name])),
    refs:
      scope &&
      accounts
        .filter((a) => a.custodian_staff_id && scope.includes(a.custodian_staff_id))
        .map((a) => a.channel_ref),
  }
}

async function visible(ctx: Context, id?: string) {
  const { names, refs } = await owners(ctx)
  const rows = await groupRows(ctx.db, {
    owner_refs: refs,
    now: ctx.now,
    limit: GROUPS_PAGE,
    ...(id ? { id } : {}),
  })
  return rows.map((r) => ({ ...r, owner_name: r.owner_ref ? (names.get(r.owner_ref) ?? null) : null }))
}

export const routes: Route[] = [
  implement(listGroups, async (ctx) => ({ rows: await visible(ctx) })),
  implement(readGroup, async (ctx, { params }) => (await visible(ctx, params.id))[0] ?? refuse("not_found")),
  implement(groupMembers, async (ctx, { params, query }) => {
    if ((await visible(ctx, params.id)).length === 0) return refuse("not_found")
    const found = await memberRows(ctx.db, params.id, query.cursor?.ref ?? null, query.limit + 1)
    const { page, next_cursor } = pageOfRows(memberCursor, found, query.limit, (last) => ({
      ref: last.member_ref,
    }))
    return { rows: page.map((r) => ({ ...r, kind: r.kind as "staff" | "external" })), next_cursor }
  }),
  implement(groupMessages, async (ctx, { params, query }) => {
    if ((await visible(ctx, params.id)).length === 0) return refuse("not_found")
    const found = await messageRows(ctx.db, params.id, query.cursor ?? null, query.limit + 1)
    const { page, next_cursor } = pageOfRows(messageCursor, found, query.limit, (last) => ({
      at: last.sent_at,
      ref: last.message_ref,
    }))
    return { rows: page, next_cursor }
  }),
]
