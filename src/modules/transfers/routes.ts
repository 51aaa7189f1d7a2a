import { pageOfRows } from "../../kernel/cursor.ts"
import { isRefused, refuse } from "../../kernel/result.ts"
import { type Context, implement, type Route } from "../../platform/http/index.ts"
import { accountsById } from "../accounts/index.ts"
import { auditedFilter, customerNames } from "../customers/index.ts"
import { staffNames } from "../staff/index.ts"
import { cancel, make } from "./commands.ts"
import {
  cancelTransfer,
  HELD,
  listTransfers,
  makeTransfer,
  peopleCursor,
  type REASONS,
  readTransfer,
  type STATES,
  transferCursor,
  transferPeople,
  tryTransfer,
} from "./contract.ts"
import { planTransfer, type TransferDeps, type Who } from "./plan.ts"
import { countsOf, peoplePage, type Transfer, transferById, transferPage } from "./store.ts"

export function routes(deps: TransferDeps): Route[] {
  return [
    implement(tryTransfer, async (ctx, { body }) => {
      const plan = await planTransfer(ctx.db, deps, body, ctx.actor.scope, ctx.now)
      if (isRefused(plan)) return plan
      const of = (kind: string) => plan.decided.filter((d) => d.decision.kind === kind).length
      const held = Object.fromEntries(
        HELD.map((code) => [
          code,
          plan.decided.filter((d) => d.decision.kind === "held" && d.decision.code === code).length,
        ]),
      ) as Record<(typeof HELD)[number], number>
      const channel = deps.world.channels.get(plan.target.channel)
      return {
        people: plan.people,
        move: of("move"),
        owner: of("owner"),
        held,
        to_staff_name: plan.target.staff_name,
        by_hand: !channel?.can("transfer_customer"),
      }
    }),
    implement(makeTransfer, (ctx, { body }) =>
      ctx.command(async (t, note) => {
        const made = await make(t, deps, body, ctx.actor, ctx.now)
        if (!isRefused(made))
          note({
            target: `transfer:${made.id}`,
            after: { ...body, who: auditedWho(body.who), customers: made.customers },
          })
        return made
      }),
    ),
    implement(listTransfers, async (ctx, { query }) => {
      const found = await transferPage(ctx.db, query.cursor ?? null, query.limit + 1)
      const { page, next_cursor } = pageOfRows(transferCursor, found, query.limit, (last) => ({
        at: last.made_at,
        id: last.id,
      }))
      return { rows: await shown(ctx, page), next_cursor }
    }),
    implement(readTransfer, async (ctx, { params }) => {
      const found = await transferById(ctx.db, params.id)
      return found ? (await shown(ctx, [found]))[0]! : refuse("not_found")
    }),
    implement(transferPeople, async (ctx, { params, query }) => {
      const found = await peoplePage(ctx.db, params.id, {
        state: query.state ?? null,
        after: query.cursor?.customer_id ?? null,
        scope: ctx.actor.scope,
        limit: query.limit + 1,
      })
      const { page, next_cursor } = pageOfRows(peopleCursor, found, query.limit, (last) => last)
      const [names, accounts, staff] = await Promise.all([
        customerNames(
          ctx.db,
          page.map((p) => p.customer_id),
        ),
        accountsById(
          ctx.db,
          page.flatMap((p) => p.from_account_id ?? []),
        ),
        staffNames(
          ctx.db,
          page.flatMap((p) => p.from_staff_id ?? []),
        ),
      ])
      return {
        rows: page.map((p) => ({
          customer_id: p.customer_id,
          name: names.get(p.customer_id) ?? "",
          from_account_name: accounts.find((a) => a.id === p.from_account_id)?.name ?? null,
          from_staff_name: p.from_staff_id ? (staff.get(p.from_staff_id) ?? null) : null,
          state: p.state as (typeof STATES)[number],
          reason: p.reason,
          asked_at: p.asked_at,
          ended_at: p.ended_at,
        })),
        next_cursor,
      }
    }),
    implement(cancelTransfer, (ctx, { params }) =>
      ctx.command((t, note) => {
        note({ target: `transfer:${params.id}` })
        return cancel(t, params.id, ctx.actor.staff_id, ctx.now)
      }),
    ),
  ]
}

const auditedWho = (who: Who) =>
  "filter" in who ? { filter: auditedFilter(who.filter), people: who.people } : who

async function shown(ctx: Context, list: readonly Transfer[]) {
  const [counts, accounts, staff] = await Promise.all([
    countsOf(
      ctx.db,
      list.map((x) => x.id),
    ),
    accountsById(ctx.db, [...new Set(list.map((x) => x.to_account_id))]),
    staffNames(
      ctx.db,
      list.map((x) => x.made_by),
    ),
  ])
  return list.map((x) => {
    const n = (what: string, state: string) =>
      counts.find((c) => c.transfer_id === x.id && c.what === what && c.state === state)?.n ?? 0
    const of = (state: string) => n("customers", state)
    return {
      ...x,
      reason: x.reason as (typeof REASONS)[number],
      to_account_name: accounts.find((a) => a.id === x.to_account_id)?.name ?? "",
      made_by_name: staff.get(x.made_by) ?? "",
      customers: {
        planned: of("planned"),
        asked: of("asked"),
        waiting: of("waiting"),
        done: of("done"),
        refused: of("refused"),
        full: of("full"),
        failed: of("failed"),
        cancelled: of("cancelled"),
      },
      groups: { asked: n("groups", "asked"), done: n("groups", "done"), failed: n("groups", "failed") },
    }
  })
}
