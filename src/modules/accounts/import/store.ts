import { type Queryable, rows, run, type Tx } from "../../../platform/db.ts"
import type { State } from "../life/rules.ts"

export type Existing = {
  id: string
  name: string
  channel_ref: string
  state: State
  custodian_staff_id: string | null
}

/** Accounts that rows may mean: by the channel's name of them, or by their own. */
export const namedAccounts = (
  q: Queryable,
  channel: string,
  names: readonly string[],
  refs: readonly string[],
) =>
  rows<Existing>(
    q,
    `select id, name, channel_ref, state, custodian_staff_id from accounts_accounts
     where channel = $1 and (name = any($2::text[]) or channel_ref = any($3::text[])) order by id`,
    [channel, names, refs],
  )

export const insertImported = (
  t: Tx,
  a: { id: string; channel: string; ref: string; name: string; function: string; days: number },
  now: Date,
) =>
  run(
    t,
    `insert into accounts_accounts (id, channel, channel_ref, name, function, state, state_since, origin, active_days_before, created_at)
     values ($1, $2, $3, $4, $5, 'in_use', $7, 'imported', $6, $7)`,
    [a.id, a.channel, a.ref, a.name, a.function, a.days, now],
  )
