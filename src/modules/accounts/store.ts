import { maybeRow, oneRow, type Queryable, rows, run, type Tx } from "../../platform/db.ts"
import type { AccountFunction } from "./rules.ts"

export type Account = {
  id: string
  name: string
  function: AccountFunction
  channel: string
  channel_ref: string
  state: string
  hazard: "none" | "restricted" | "banned" | "lost"
  custodian_staff_id: string | null
  nurture_level: number
}

const ACCOUNT = "id, name, function, channel, channel_ref, state, hazard, custodian_staff_id, nurture_level"

export const allAccounts = (q: Queryable, limit: number) =>
  rows<Account>(q, `select ${ACCOUNT} from accounts_accounts order by function, name limit $1`, [limit])
export const accountsByRef = (q: Queryable, channel: string, refs: string[]) =>
  rows<Account>(
    q,
    `select ${ACCOUNT} from accounts_accounts where channel = $1 and channel_ref = any($2::text[])`,
    [channel, refs],
  )
export const accountsById = (q: Queryable, ids: string[]) =>
  rows<Account>(q, `select ${ACCOUNT} from accounts_accounts where id = any($1::uuid[])`, [ids])
export const accountForUpdate = (t: Tx, id: string) =>
  maybeRow<Account>(t, `select ${ACCOUNT} from accounts_accounts where id = $1 for update`, [id])

type NewAccount = { id: string; channel: string; ref: string; name: string; function: AccountFunction }

/** Writes accounts that a customer was seen with before the directory told of them; gives those made now. */
export async function insertMet(
  t: Tx,
  accounts: NewAccount[],
  now: Date,
): Promise<{ id: string; channel_ref: string }[]> {
  return rows(
    t,
    `insert into accounts_accounts (id, channel, channel_ref, name, function, created_at, listed)
     select l.*, $6::timestamptz, false from ${NEW_ACCOUNTS} on conflict (channel, channel_ref) do nothing returning id, channel_ref`,
    newAccounts(accounts, now),
  )
}

/** Writes what the directory tells; gives the ids of the accounts it had not told of before. */
export async function upsertListed(t: Tx, accounts: NewAccount[], now: Date): Promise<string[]> {
  const met = await rows<{ id: string }>(
    t,
    `select a.id from accounts_accounts a
     join unnest($1::text[], $2::text[]) as l (channel, channel_ref) using (channel, channel_ref)
     where not a.listed for update of a`,
    [accounts.map((a) => a.channel), accounts.map((a) => a.ref)],
  )
  const made = await rows<{ id: string; fresh: boolean }>(
    t,
    `insert into accounts_accounts as a (id, channel, channel_ref, name, function, created_at, listed)
     select l.*, $6::timestamptz, true from ${NEW_ACCOUNTS} on conflict (channel, channel_ref) do update set name = excluded.name,
       function = case when a.listed then a.function else excluded.function end, listed = true
     returning id, (xmax = 0) as fresh`,
    newAccounts(accounts, now),
  )
  return [...met, ...made.filter((r) => r.fresh)].map((r) => r.id)
}

const NEW_ACCOUNTS =
  "unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) as l (id, channel, ref, name, function)"
const newAccounts = (accounts: NewAccount[], now: Date) => [
  accounts.map((a) => a.id),
  accounts.map((a) => a.channel),
  accounts.map((a) => a.ref),
  accounts.map((a) => a.name),
  accounts.map((a) => a.function),
  now,
]

/** When the last of the accounts was met that wait for the directory to tell of them. */
export async function unlistedSince(q: Queryable): Promise<Date | null> {
  return (
    await oneRow<{ at: Date | null }>(
      q,
      "select max(created_at) as at from accounts_accounts where not listed",
      [],
    )
  ).at
}

/** Passes custody: ends the one that runs and begins the next. */
export async function setCustodian(
  t: Tx,
  account_id: string,
  staff_id: string | null,
  now: Date,
): Promise<void> {
  await run(t, "update accounts_custody set until = $2 where account_id = $1 and until is null", [
    account_id,
    now,
  ])
  if (staff_id)
    await run(
      t,
      `insert into accounts_custody (account_id, staff_id, since) values ($1, $2, $3)
       on conflict (account_id, since) do update set staff_id = excluded.staff_id, until = null`,
      [account_id, staff_id, now],
    )
  await run(t, "update accounts_accounts set custodian_staff_id = $2 where id = $1", [account_id, staff_id])
}

export function setHazardAndLevel(t: Tx, id: string, hazard: string, nurture_level: number): Promise<number> {
  return run(t, "update accounts_accounts set hazard = $2, nurture_level = $3 where id = $1", [
    id,
    hazard,
    nurture_level,
  ])
}

/** Nurture level of each account: what its daily quotas are computed from. */
export async function nurtureLevels(q: Queryable): Promise<Map<string, number>> {
  const found = await rows<{ id: string; nurture_level: number }>(
    q,
    "select id, nurture_level from accounts_accounts",
  )
  return new Map(found.map((r) => [r.id, r.nurture_level]))
}
