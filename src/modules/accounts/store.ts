import { maybeRow, oneRow, type Queryable, rows, run, type Tx } from "../../platform/db.ts"
import type { State } from "./life/rules.ts"
import type { AccountFunction } from "./rules.ts"

export type Account = {
  id: string
  name: string
  function: AccountFunction
  /** What else it is for, in a small team. */
  also_functions: AccountFunction[]
  channel: string
  channel_ref: string
  state: State
  origin: "directory" | "requested" | "imported"
  hazard: "none" | "restricted" | "banned" | "lost"
  custodian_staff_id: string | null
  nurture_level: number
}

const ACCOUNT =
  "id, name, function, also_functions, channel, channel_ref, state, origin, hazard, custodian_staff_id, nurture_level"

export const allAccounts = (q: Queryable, limit: number) =>
  rows<Account>(q, `select ${ACCOUNT} from accounts_accounts order by function, name limit $1`, [limit])
export type AccountFilter = {
  state: string | null
  function: string | null
  hazard: string | null
  custodian_staff_id: string | null
  /** Part of the name. */
  q: string | null
}
const MATCHES = `($1::text is null or function = $1 or $1 = any(also_functions)) and ($2::text is null or hazard = $2)
  and ($3::uuid is null or custodian_staff_id = $3) and ($4::text is null or position(lower($4) in lower(name)) > 0)`
const matching = (f: AccountFilter) => [f.function, f.hazard, f.custodian_staff_id, f.q || null]

export const accountRows = (q: Queryable, filter: AccountFilter, limit: number) =>
  rows<Account>(
    q,
    `select ${ACCOUNT} from accounts_accounts where ${MATCHES} and ($5::text is null or state = $5)
     order by function, name, id limit $6`,
    [...matching(filter), filter.state, limit],
  )
export const countByState = (q: Queryable, filter: AccountFilter) =>
  rows<{ state: State; n: number }>(
    q,
    `select state, count(*) as n from accounts_accounts where ${MATCHES} group by state`,
    matching(filter),
  )
/** One account with what only its own page tells. */
export const accountDetail = (q: Queryable, id: string) =>
  maybeRow<
    Account & {
      created_at: Date
      state_since: Date | null
      tended_by: string | null
      active_days_before: number | null
    }
  >(
    q,
    `select ${ACCOUNT}, created_at, state_since, tended_by, active_days_before from accounts_accounts where id = $1`,
    [id],
  )
export const accountsByRef = (q: Queryable, channel: string, refs: string[]) =>
  rows<Account>(
    q,
    `select ${ACCOUNT} from accounts_accounts where channel = $1 and channel_ref = any($2::text[])`,
    [channel, refs],
  )
export const accountsById = (q: Queryable, ids: string[]) =>
  rows<Account>(q, `select ${ACCOUNT} from accounts_accounts where id = any($1::uuid[])`, [ids])
/** What somebody holds, signed for or not: nobody leaves with it. */
export const accountsHeldBy = (q: Queryable, staff_id: string) =>
  rows<Pick<Account, "id" | "name" | "function" | "state" | "hazard">>(
    q,
    "select id, name, function, state, hazard from accounts_accounts where custodian_staff_id = $1 order by name, id",
    [staff_id],
  )
export const accountForUpdate = (t: Tx, id: string) =>
  maybeRow<Account>(t, `select ${ACCOUNT} from accounts_accounts where id = $1 for update`, [id])

export async function saveFunctions(
  t: Tx,
  id: string,
  is: Pick<Account, "function" | "also_functions">,
): Promise<void> {
  await run(t, "update accounts_accounts set function = $2, also_functions = $3 where id = $1", [
    id,
    is.function,
    is.also_functions,
  ])
}

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
