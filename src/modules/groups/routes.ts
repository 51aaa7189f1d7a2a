import { pageOfRows } from "../../kernel/cursor.ts"
import { isRefused, refuse } from "../../kernel/result.ts"
import { pageOfSorted, placeAsked } from "../../kernel/sort.ts"
import { type Context, implement, type Route } from "../../platform/http/index.ts"
import { allAccounts } from "../accounts/index.ts"
import {
  type GroupSort,
  groupMembers,
  groupMessages,
  groupSorting,
  listGroups,
  memberSorting,
  messageCursor,
  readGroup,
} from "./contract.ts"
import { GROUPS_PAGE } from "./limits.ts"
import { messageRows } from "./store.ts"
import { groupRows, memberRows } from "./store-lists.ts"

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

async function visible(ctx: Context, sort: GroupSort, id?: string) {
  const { names, refs } = await owners(ctx)
  const rows = await groupRows(ctx.db, {
    owner_refs: refs,
    sort,
    now: ctx.now,
    limit: GROUPS_PAGE,
    ...(id ? { id } : {}),
  })
  return rows.map((r) => ({ ...r, owner_name: r.owner_ref ? (names.get(r.owner_ref) ?? null) : null }))
}

const one = async (ctx: Context, id: string) => (await visible(ctx, groupSorting.first, id))[0]

export const routes: Route[] = [
  implement(listGroups, async (ctx, { query }) => ({ rows: await visible(ctx, query.sort) })),
  implement(readGroup, async (ctx, { params }) => (await one(ctx, params.id)) ?? refuse("not_found")),
  implement(groupMembers, async (ctx, { params, query }) => {
    if (!(await one(ctx, params.id))) return refuse("not_found")
    const after = placeAsked(query)
    if (isRefused(after)) return after
    const found = await memberRows(ctx.db, params.id, query.sort, after, query.limit + 1)
    const { page, next_cursor } = pageOfSorted(memberSorting, found, query, (last) => last.member_ref)
    return { rows: page.map((r) => ({ ...r, kind: r.kind as "staff" | "external" })), next_cursor }
  }),
  implement(groupMessages, async (ctx, { params, query }) => {
    if (!(await one(ctx, params.id))) return refuse("not_found")
    const found = await messageRows(ctx.db, params.id, query.cursor ?? null, query.limit + 1)
    const { page, next_cursor } = pageOfRows(messageCursor, found, query.limit, (last) => ({
      at: last.sent_at,
      ref: last.message_ref,
    }))
    return { rows: page, next_cursor }
  }),
]
