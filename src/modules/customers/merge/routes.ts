import { pageOfRows } from "../../../kernel/cursor.ts"
import { isRefused, refuse } from "../../../kernel/result.ts"
import { maskPhone } from "../../../kernel/text.ts"
import { type Context, implement, type Route } from "../../../platform/http/index.ts"
import { type Carried, type Carry, carriedOf } from "../../../spine/facts/index.ts"
import { readTraits } from "../../../spine/traits/index.ts"
import { accountsById } from "../../accounts/index.ts"
import { staffNames } from "../../staff/index.ts"
import { UNDO_WHILE_MS } from "../limits.ts"
import { IDENTITY_KINDS } from "../rules.ts"
import { profileOf } from "../store.ts"
import {
  keepApart,
  listMerges,
  listPairs,
  mergeInto,
  mergesCursor,
  pairCursor,
  undoMergeOf,
} from "./contract.ts"
import { mergeCustomers } from "./merge.ts"
import { decidePair, openPairs, sidesOf } from "./store.ts"
import { intoOf, mergesLately } from "./store-undo.ts"
import { undoMerge } from "./undo.ts"

export function mergeRoutes(carries: readonly Carry[]): Route[] {
  return [
    implement(listPairs, async (ctx, { query }) => {
      const found = await openPairs(ctx.db, ctx.actor.scope, query.cursor ?? null, query.limit + 1)
      const { page, next_cursor } = pageOfRows(pairCursor, found, query.limit, (last) => ({
        ...last,
        at: last.created_at,
      }))
      const sides = await describe(
        ctx,
        page.flatMap((p) => [p.customer_id, p.other_id]),
      )
      return {
        rows: page.flatMap((p) => {
          const [customer, other] = [sides.get(p.customer_id), sides.get(p.other_id)]
          // merged by somebody else just now
          return customer && other ? [{ customer, other, shared: p.shared, found_at: p.created_at }] : []
        }),
        next_cursor,
      }
    }),
    implement(mergeInto, async (ctx, { params, body }) => {
      const [stays, goes] = await Promise.all([
        profileOf(ctx.db, params.id, ctx.actor.scope),
        profileOf(ctx.db, body.other_id, ctx.actor.scope),
      ])
      if (!stays) return refuse("not_found")
      if (!goes) return refuse("not_found", { field: "other_id" })
      return ctx.command(async (t, note) => {
        const merged = await mergeCustomers(
          t,
          carries,
          { from: goes.id, into: stays.id },
          ctx.actor.staff_id,
          ctx.now,
        )
        if (isRefused(merged)) return merged
        note({
          target: `customer:${merged.into}`,
          before: { customers: [merged.into, merged.from] },
          after: { customers: [merged.into] },
        })
        return { id: merged.into }
      })
    }),
    implement(keepApart, async (ctx, { body }) => {
      const both = await Promise.all(
        [body.customer_id, body.other_id].map((id) => profileOf(ctx.db, id, ctx.actor.scope)),
      )
      if (both.some((one) => !one)) return refuse("not_found")
      return ctx.command(async (t, note) => {
        if (!(await decidePair(t, body, "apart", ctx.actor.staff_id, ctx.now)))
          return refuse("decided_before")
        note({ target: `customer:${body.customer_id}`, after: { apart_from: body.other_id } })
        return { apart: true as const }
      })
    }),
    implement(listMerges, async (ctx, { query }) => {
      const found = await mergesLately(
        ctx.db,
        {
          since: new Date(ctx.now.getTime() - UNDO_WHILE_MS),
          scope: ctx.actor.scope,
          customer_id: query.customer_id ?? null,
        },
        query.cursor ?? null,
        query.limit + 1,
      )
      const { page, next_cursor } = pageOfRows(mergesCursor, found, query.limit, (last) => ({
        at: last.merged_at,
        from_id: last.from_id,
      }))
      const from_ids = page.map((m) => m.from_id)
      const [gone, known, staff] = await Promise.all([
        carriedOf(ctx.db, from_ids, "customers_customers.id"),
        carriedOf(ctx.db, from_ids, "customers_identities"),
        staffNames(
          ctx.db,
          page.flatMap((m) => m.merged_by ?? []),
        ),
      ])
      const names = new Map(gone.filter((g) => g.side === "goes").map((g) => [g.from_id, g.before.name]))
      return {
        rows: page.map((m) => ({
          from_id: m.from_id,
          from_name: String(names.get(m.from_id) ?? ""),
          from_known_by: kindsOf(known.filter((k) => k.from_id === m.from_id && k.side === "goes")),
          customer_id: m.into_id,
          customer_name: m.name,
          merged_at: m.merged_at,
          merged_by: m.merged_by ? (staff.get(m.merged_by) ?? "") : null,
          until: new Date(m.merged_at.getTime() + UNDO_WHILE_MS),
          stopped_by: m.built_on ? ("merged_since" as const) : null,
        })),
        next_cursor,
      }
    }),
    implement(undoMergeOf, async (ctx, { params }) => {
      const into = await intoOf(ctx.db, params.id)
      if (!into || !(await profileOf(ctx.db, into, ctx.actor.scope))) return refuse("not_found")
      return ctx.command(async (t, note) => {
        const parted = await undoMerge(t, carries, params.id, ctx.actor.staff_id, ctx.now)
        if (isRefused(parted)) return parted
        note({
          target: `customer:${parted.into}`,
          before: { customers: [parted.into] },
          after: { customers: [parted.into, parted.from] },
        })
        return { id: parted.from, other_id: parted.into }
      })
    }),
  ]
}

const kindsOf = (known: readonly Carried[]) =>
  IDENTITY_KINDS.filter((kind) => known.some((k) => k.before.kind === kind))

async function describe(ctx: Context, ids: readonly string[]) {
  const found = await sidesOf(ctx.db, ids)
  const [known, owners, accounts] = await Promise.all([
    readTraits(ctx.db, ids, ["orders.count", "orders.gmv_fen", "points.balance"]),
    staffNames(
      ctx.db,
      found.flatMap((s) => s.owner_staff_id ?? []),
    ),
    accountsById(ctx.db, [...new Set(found.flatMap((s) => s.account_ids))]),
  ])
  const names = new Map(accounts.map((a) => [a.id, a.name]))
  return new Map(
    found.map((s) => {
      const number = (trait: string) => Number(known.get(s.id)?.[trait]?.value ?? 0)
      return [
        s.id,
        {
          id: s.id,
          name: s.name,
          phone_masked: maskPhone(s.phone),
          owner_name: s.owner_staff_id ? (owners.get(s.owner_staff_id) ?? null) : null,
          created_at: s.created_at,
          accounts: s.account_ids.flatMap((id) => names.get(id) ?? []),
          orders: number("orders.count"),
          gmv_fen: number("orders.gmv_fen"),
          points: number("points.balance"),
        },
      ]
    }),
  )
}
