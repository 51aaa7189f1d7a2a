import { pageOfRows } from "../../../kernel/cursor.ts"
import { dayNumber, dayString, parseDay } from "../../../kernel/day.ts"
import { isRefused, refuse } from "../../../kernel/result.ts"
import { type Context, implement, type Route, staffSeenBy } from "../../../platform/http/index.ts"
import type { SenderAccount } from "../../../spine/outbox/index.ts"
import { customerNames } from "../../customers/index.ts"
import { staffNames } from "../../staff/index.ts"
import { cancel, type DiversionDeps, make, plan } from "./commands.ts"
import * as c from "./contract.ts"
import { DIVERSION_DAYS_SHOWN } from "./limits.ts"
import { openingFor, type Slot } from "./rules.ts"
import { type Diversion, dayRows, diversionById, diversionRows, funnelOf, slotsOf, spanOf } from "./store.ts"

const NONE = { invited: 0, added: 0, grouped: 0, held: 0, dropped: 0 }

function daysOf(slots: readonly Slot[]) {
  const days = new Map<number, { account_id: string; people: number }[]>()
  for (const { day, account_id, people } of slots)
    days.set(day, [...(days.get(day) ?? []), { account_id, people }])
  return [...days].map(([day, accounts]) => ({
    day: dayString(day),
    people: accounts.reduce((sum, a) => sum + a.people, 0),
    accounts,
  }))
}

const dayOr = (text: string | undefined, now: Date) => parseDay(text ?? "") ?? dayNumber(now)

export function diversionRoutes(deps: DiversionDeps): Route[] {
  return [
    implement(c.previewDiversion, async (ctx, { body }) => {
      const { segment_id, account_ids } = body
      const ask = { segment_id, account_ids, from_day: dayOr(body.from, ctx.now), scope: ctx.actor.scope }
      const planned = await plan(ctx.db, deps, ask, ctx.now)
      if (isRefused(planned)) return planned
      const { audience, people, slots, left } = planned
      const days = daysOf(slots)
      return {
        ...{ audience, people, left, placed: people - left },
        first_day: days[0]?.day ?? null,
        last_day: days.at(-1)?.day ?? null,
        days: days.slice(0, DIVERSION_DAYS_SHOWN),
        days_in_all: days.length,
      }
    }),
    implement(c.makeDiversion, (ctx, { body }) =>
      ctx.command(async (t, note) => {
        const { segment_id, account_ids, name, opening } = body
        const ask = { segment_id, account_ids, from_day: dayOr(body.from, ctx.now), scope: ctx.actor.scope }
        const made = await make(t, deps, { ...ask, name, opening, by: ctx.actor.staff_id }, ctx.now)
        if (isRefused(made)) return made
        note({
          target: `diversion:${made.id}`,
          after: { name, segment_id, account_ids, people: made.people },
        })
        return made
      }),
    ),
    implement(c.listDiversions, async (ctx, { query }) => {
      const { cursor, limit } = query
      const rows = await diversionRows(ctx.db, staffSeenBy(ctx.actor), cursor?.id ?? null, limit + 1)
      const { page, next_cursor } = pageOfRows(c.listCursor, rows, limit, (last) => ({ id: last.id }))
      return { rows: await shown(ctx, deps, page), next_cursor }
    }),
    implement(c.readDiversion, async (ctx, { params }) => {
      const found = await diversionById(ctx.db, params.id, staffSeenBy(ctx.actor))
      if (!found) return refuse("not_found")
      const [one] = await shown(ctx, deps, [found])
      const { first, last } = await spanOf(ctx.db, found.id)
      const from = Math.max(first ?? found.from_day, Math.min(dayNumber(ctx.now), last ?? found.from_day))
      return {
        ...one!,
        first_day: first === null ? null : dayString(first),
        last_day: last === null ? null : dayString(last),
        days: daysOf(await slotsOf(ctx.db, found.id, from, DIVERSION_DAYS_SHOWN)),
      }
    }),
    implement(c.readDiversionDay, async (ctx, { params, query }) => {
      const found = await diversionById(ctx.db, params.id, staffSeenBy(ctx.actor))
      const day = parseDay(params.day)
      if (!found || day === null) return refuse("not_found")
      const rows = await dayRows(
        ctx.db,
        found.id,
        day,
        ctx.actor.can("customers.read") ? ctx.actor.scope : [ctx.actor.staff_id],
        query.cursor ?? null,
        query.limit + 1,
      )
      const { page, next_cursor } = pageOfRows(c.dayCursor, rows, query.limit, (last) => ({
        account_id: last.account_id,
        customer_id: last.customer_id,
      }))
      const names = await customerNames(
        ctx.db,
        page.map((r) => r.customer_id),
      )
      const accounts = new Map((await deps.world.accounts(ctx.db)).map((a) => [a.id, a]))
      const staff = await custodians(ctx, [...accounts.values()])
      return {
        name: found.name,
        rows: page.map((r) => {
          const account = accounts.get(r.account_id)
          const customer_name = names.get(r.customer_id) ?? ""
          return {
            ...{ customer_id: r.customer_id, customer_name, account_id: r.account_id },
            account_name: account?.name ?? "",
            assignee_name: staff.get(account?.custodian_staff_id ?? "") ?? null,
            opening: openingFor(found.opening, customer_name),
            state: r.state as "planned",
          }
        }),
        next_cursor,
      }
    }),
    implement(c.cancelDiversion, (ctx, { params }) =>
      ctx.command(async (t, note) => {
        const found = await diversionById(t, params.id, staffSeenBy(ctx.actor), true)
        if (!found) return refuse("not_found")
        if (found.state !== "running") return refuse("diversion_over", { detail: { state: found.state } })
        const dropped = await cancel(t, found, ctx.now)
        note({ target: `diversion:${found.id}`, after: { state: "cancelled", dropped } })
        return { id: found.id, dropped }
      }),
    ),
  ]
}

const custodians = (ctx: Context, accounts: readonly SenderAccount[]) =>
  staffNames(
    ctx.db,
    accounts.flatMap((a) => (a.custodian_staff_id ? [a.custodian_staff_id] : [])),
  )

async function shown(ctx: Context, deps: DiversionDeps, list: readonly Diversion[]) {
  const ids = list.map((d) => d.id)
  const [funnels, all, makers] = await Promise.all([
    funnelOf(ctx.db, ids),
    deps.world.accounts(ctx.db),
    staffNames(
      ctx.db,
      list.map((d) => d.made_by),
    ),
  ])
  const accounts = new Map(all.map((a) => [a.id, a]))
  return list.map((d) => ({
    ...{ id: d.id, name: d.name, segment_id: d.segment_id, opening: d.opening, state: d.state },
    ...{ from: dayString(d.from_day), made_at: d.made_at, made_by_name: makers.get(d.made_by) ?? null },
    accounts: d.account_ids.map((id) => ({
      id,
      name: accounts.get(id)?.name ?? "",
      usable: accounts.get(id)?.usable ?? false,
    })),
    funnel: { planned: d.people, ...(funnels.get(d.id) ?? NONE) },
  }))
}
