import { dayNumber, startOfDay } from "../../kernel/day.ts"
import { refuse } from "../../kernel/result.ts"
import { maskPhone } from "../../kernel/text.ts"
import type { Queryable } from "../../platform/db.ts"
import { type Context, implement, type Route } from "../../platform/http/index.ts"
import { usedOn } from "../../spine/outbox/index.ts"
import { listAccounts, readAccount, STATES } from "./contract.ts"
import { custodyRoutes } from "./custody/routes.ts"
import { unsigned } from "./custody/store.ts"
import { agreementOf } from "./files/store.ts"
import { findingRoutes } from "./findings/routes.ts"
import { functionRoutes } from "./functions/routes.ts"
import { hazardRoutes } from "./hazard/routes.ts"
import { namesOf } from "./life/names.ts"
import { lifeRoutes } from "./life/routes.ts"
import { NEXT } from "./life/rules.ts"
import { registrationOf } from "./life/store.ts"
import { ACCOUNTS_MAX } from "./limits.ts"
import { mixOfAccounts } from "./mix/read.ts"
import { oversells } from "./mix/rules.ts"
import { nurtureRoutes } from "./nurture/routes.ts"
import { personaRoutes } from "./persona/routes.ts"
import { requestRoutes } from "./requests/routes.ts"
import { quotasOf } from "./rules.ts"
import { scriptRoutes } from "./scripts/routes.ts"
import { settingsRoutes } from "./settings/routes.ts"
import { readSettings } from "./settings/settings.ts"
import { stocktakeRoutes } from "./stocktake/routes.ts"
import { type Account, accountDetail, accountRows, countByState } from "./store.ts"

/** What modules above lend, so that this one need not look into their tables. */
export type AccountsDeps = {
  /** Contacts of accounts. */
  contactCounts(q: Queryable, ids: string[]): Promise<Map<string, number>>
  /** Contacts that came to an account since a moment. */
  addedSince(q: Queryable, account_id: string, since: Date): Promise<number>
  /** Contacts of accounts that wear a tag. */
  taggedCounts(q: Queryable, ids: string[]): Promise<Map<string, number>>
}

async function shown(ctx: Context, deps: AccountsDeps, accounts: readonly Account[]) {
  const ids = accounts.map((a) => a.id)
  const [name, contacts, waiting, settings] = await Promise.all([
    namesOf(
      ctx.db,
      accounts.map((a) => a.custodian_staff_id),
    ),
    deps.contactCounts(ctx.db, ids),
    unsigned(ctx.db, ids),
    readSettings(ctx.db),
  ])
  return accounts.map((a) => ({
    ...a,
    channel_ref: a.channel_ref === a.id ? null : a.channel_ref,
    custodian_name: name(a.custodian_staff_id),
    unsigned: waiting.has(a.id),
    contacts: contacts.get(a.id) ?? 0,
    quotas: quotasOf(a.nurture_level, settings),
  }))
}

async function detail(ctx: Context, deps: AccountsDeps, id: string) {
  const account = await accountDetail(ctx.db, id)
  if (!account) return refuse("not_found")
  const [[row], agreement, registration, used, friends, mixes] = await Promise.all([
    shown(ctx, deps, [account]),
    agreementOf(ctx.db, id),
    registrationOf(ctx.db, id),
    usedOn(ctx.db, [id], dayNumber(ctx.now)),
    deps.addedSince(ctx.db, id, startOfDay(dayNumber(ctx.now))),
    mixOfAccounts(ctx.db, [account], dayNumber(ctx.now)),
  ])
  const mix = mixes.get(id)!
  const name = await namesOf(ctx.db, [account.tended_by, agreement?.uploaded_by])
  const sees = ctx.actor.can("accounts.write") || account.custodian_staff_id === ctx.actor.staff_id
  return {
    ...row!,
    created_at: account.created_at,
    state_since: account.state_since,
    tended_by_name: name(account.tended_by),
    next: [...NEXT[account.state]],
    agreement: agreement ? { ...agreement, uploaded_by_name: name(agreement.uploaded_by) } : null,
    registration: sees
      ? {
          holder_name: registration?.holder_name ?? "",
          phone_masked: maskPhone(registration?.phone ?? null),
          sim_owner: registration?.sim_owner ?? "",
          device: registration?.device ?? "",
          active_days_before: account.active_days_before ?? 0,
        }
      : null,
    used: { friends, private_messages: used.get(id) ?? 0 },
    mix: { ...mix, over: oversells(mix) },
  }
}

export function routes(deps: AccountsDeps): Route[] {
  return [
    implement(listAccounts, async (ctx, { query }) => {
      const filter = {
        state: query.state ?? null,
        function: query.function ?? null,
        hazard: query.hazard ?? null,
        custodian_staff_id: query.custodian_staff_id ?? null,
        q: query.q ?? null,
      }
      const [accounts, counted] = await Promise.all([
        accountRows(ctx.db, filter, ACCOUNTS_MAX),
        countByState(ctx.db, filter),
      ])
      const none = Object.fromEntries(STATES.map((state) => [state, 0]))
      return {
        rows: await shown(ctx, deps, accounts),
        counts: { ...none, ...Object.fromEntries(counted.map((c) => [c.state, c.n])) } as Record<
          (typeof STATES)[number],
          number
        >,
      }
    }),
    implement(readAccount, (ctx, { params }) => detail(ctx, deps, params.id)),
    ...lifeRoutes,
    ...custodyRoutes,
    ...requestRoutes,
    ...findingRoutes,
    ...nurtureRoutes,
    ...hazardRoutes,
    ...functionRoutes,
    ...personaRoutes,
    ...scriptRoutes,
    ...stocktakeRoutes(deps),
    ...settingsRoutes,
  ]
}
