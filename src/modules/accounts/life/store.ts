import { maybeRow, type Queryable, rows, run, type Tx } from "../../../platform/db.ts"
import type { Account } from "../store.ts"
import type { State } from "./rules.ts"

export type LivingAccount = Account & { agreement: boolean; tended_by: string | null }

const LIVING = `a.id, a.name, a.function, a.channel, a.channel_ref, a.state, a.origin, a.hazard, a.custodian_staff_id, a.nurture_level,
  a.tended_by, exists (select from accounts_files f where f.account_id = a.id and f.kind = 'agreement') as agreement`

/** An account with all that its next step depends on, locked. */
export const livingForUpdate = (t: Tx, id: string) =>
  maybeRow<LivingAccount>(t, `select ${LIVING} from accounts_accounts a where a.id = $1 for update of a`, [
    id,
  ])

/** Who no longer is in use has its planned touches taken away, whatever comes next. */
export function setState(t: Tx, id: string, from: State, to: State, now: Date): Promise<number> {
  return run(
    t,
    "update accounts_accounts set state = $2, state_since = $3, to_vacate = to_vacate or $4 where id = $1",
    [id, to, now, from === "in_use"],
  )
}

export const setTender = (t: Tx, id: string, staff_id: string) =>
  run(t, "update accounts_accounts set tended_by = $2 where id = $1", [id, staff_id])

export type MoveRow = {
  id: string
  at: Date
  from_state: State | null
  to_state: State
  by_staff_id: string | null
  note: string
  file_id: string | null
}

export function insertMove(t: Tx, account_id: string, m: MoveRow): Promise<number> {
  return run(
    t,
    `insert into accounts_moves (id, account_id, at, from_state, to_state, by_staff_id, note, file_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [m.id, account_id, m.at, m.from_state, m.to_state, m.by_staff_id, m.note, m.file_id],
  )
}

export const movesOf = (q: Queryable, account_id: string, limit: number) =>
  rows<MoveRow>(
    q,
    `select id, at, from_state, to_state, by_staff_id, note, file_id from accounts_moves
     where account_id = $1 order by seq desc limit $2`,
    [account_id, limit],
  )

/** An account that is only asked for: until it is registered its own id stands where the channel's name of it will. */
export function insertRequested(
  t: Tx,
  a: { id: string; channel: string; name: string; function: string },
  now: Date,
): Promise<number> {
  return run(
    t,
    `insert into accounts_accounts (id, channel, channel_ref, name, function, state, state_since, origin, active_days_before, created_at)
     values ($1::uuid, $2, $1::uuid::text, $3, $4, 'requested', $5, 'requested', 0, $5)`,
    [a.id, a.channel, a.name, a.function, now],
  )
}

/** Whoever gives an account its name on the channel is alone with the names until commit; taken before any row is. */
export const lockRefs = (t: Tx) => t.query("lock table accounts_accounts in share row exclusive mode")

export const setRef = (t: Tx, id: string, channel_ref: string) =>
  run(t, "update accounts_accounts set channel_ref = $2 where id = $1", [id, channel_ref])

export const setDaysBefore = (t: Tx, id: string, days: number) =>
  run(t, "update accounts_accounts set active_days_before = $2 where id = $1", [id, days])

export type Registration = { holder_name: string; phone: string; sim_owner: string; device: string }

export const registrationOf = (q: Queryable, account_id: string) =>
  maybeRow<Registration>(
    q,
    "select holder_name, phone, sim_owner, device from accounts_registrations where account_id = $1",
    [account_id],
  )

export function saveRegistration(t: Tx, account_id: string, r: Registration, now: Date): Promise<number> {
  return run(
    t,
    `insert into accounts_registrations (account_id, holder_name, phone, sim_owner, device, updated_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (account_id) do update set holder_name = excluded.holder_name, phone = excluded.phone, sim_owner = excluded.sim_owner,
       device = excluded.device, updated_at = excluded.updated_at`,
    [account_id, r.holder_name, r.phone, r.sim_owner, r.device, now],
  )
}
