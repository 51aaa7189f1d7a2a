import { maybeRow, oneRow, type Queryable, rows, run, type Tx } from "../../platform/db.ts"
import { CONTACTS_SQL } from "../customers/index.ts"

export type Transfer = {
  id: string
  to_account_id: string
  reason: string
  note: string
  message: string
  effective_at: Date
  made_at: Date
  made_by: string
  cancelled_at: Date | null
}
const COLUMNS = "id, to_account_id, reason, note, message, effective_at, made_at, made_by, cancelled_at"

export function insertTransfer(
  t: Tx,
  one: Omit<Transfer, "cancelled_at"> & { source: Record<string, unknown> },
): Promise<number> {
  return run(
    t,
    `insert into transfers_transfers (id, to_account_id, reason, note, message, source, effective_at, made_at, made_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      one.id,
      one.to_account_id,
      one.reason,
      one.note,
      one.message,
      JSON.stringify(one.source),
      one.effective_at,
      one.made_at,
      one.made_by,
    ],
  )
}

export const transferById = (q: Queryable, id: string) =>
  maybeRow<Transfer>(q, `select ${COLUMNS} from transfers_transfers where id = $1`, [id])
export const lockTransfer = (t: Tx, id: string) =>
  maybeRow<Transfer>(t, `select ${COLUMNS} from transfers_transfers where id = $1 for update`, [id])
export const setCancelled = (t: Tx, id: string, by: string, now: Date) =>
  run(t, "update transfers_transfers set cancelled_at = $2, cancelled_by = $3 where id = $1", [id, now, by])

export function transferPage(
  q: Queryable,
  after: { at: Date; id: string } | null,
  limit: number,
): Promise<Transfer[]> {
  return rows(
    q,
    `select ${COLUMNS} from transfers_transfers where ($1::timestamptz is null or (made_at, id) < ($1, $2::uuid))
     order by made_at desc, id desc limit $3`,
    [after?.at ?? null, after?.id ?? null, limit],
  )
}

/** How many customers and groups of each transfer stand where. */
export function countsOf(
  q: Queryable,
  ids: readonly string[],
): Promise<{ transfer_id: string; what: "customers" | "groups"; state: string; n: number }[]> {
  return rows(
    q,
    `select transfer_id, 'customers' as what, state, count(*)::int as n from transfers_customers
     where transfer_id = any($1::uuid[]) group by 1, 3
     union all
     select transfer_id, 'groups', state, count(*)::int from transfers_groups where transfer_id = any($1::uuid[]) group by 1, 3`,
    [ids],
  )
}

export type CandidateRow = {
  customer_id: string
  contacts: { account_id: string; ref: string; added_at: string }[]
  in_transfer: boolean
  times: number
}

/** Friendships of these customers, whether they are under way to somebody, and how often they were handed over since. */
export function candidates(q: Queryable, ids: readonly string[], since: Date): Promise<CandidateRow[]> {
  return rows(
    q,
    `select k.id as customer_id,
       coalesce((select jsonb_agg(jsonb_build_object('account_id', w.account_id, 'ref', w.ref, 'added_at', w.added_at))
         from (${CONTACTS_SQL}) w where w.customer_id = k.id), '[]') as contacts,
       exists (select from transfers_customers x where x.customer_id = k.id and x.state in ('planned', 'asked', 'waiting')) as in_transfer,
       (select count(*)::int from transfers_customers x where x.customer_id = k.id and x.asked_at >= $2 and not x.resigned
          and x.from_account_id is not null and x.state in ('waiting', 'done', 'refused', 'full')) as times
     from unnest($1::uuid[]) as k (id)`,
    [ids, since],
  )
}

export type Passing = {
  customer_id: string
  transfer_id: string
  from_account_id: string | null
  from_staff_id: string | null
  to_account_id: string
  ref: string | null
  resigned: boolean
}

/** Writes who passes on; whoever is under way elsewhere by now is left out. Gives how many were written. */
export function insertPassing(t: Tx, list: readonly Passing[], effective_at: Date): Promise<number> {
  return run(
    t,
    `insert into transfers_customers (customer_id, transfer_id, from_account_id, from_staff_id, to_account_id, ref, resigned, state, effective_at)
     select p.*, 'planned', $8 from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::boolean[]) p
     on conflict (customer_id) where state in ('planned', 'asked', 'waiting') do nothing`,
    [
      list.map((p) => p.customer_id),
      list.map((p) => p.transfer_id),
      list.map((p) => p.from_account_id),
      list.map((p) => p.from_staff_id),
      list.map((p) => p.to_account_id),
      list.map((p) => p.ref),
      list.map((p) => p.resigned),
      effective_at,
    ],
  )
}

const PASSING = "customer_id, transfer_id, from_account_id, from_staff_id, to_account_id, ref, resigned"

/** The next customers whose time has come; two workers take different ones. */
export function dueToBegin(t: Tx, now: Date, limit: number): Promise<(Passing & { message: string })[]> {
  return rows(
    t,
    `select c.customer_id, c.transfer_id, c.from_account_id, c.from_staff_id, c.to_account_id, c.ref, c.resigned, x.message
     from transfers_customers c join transfers_transfers x on x.id = c.transfer_id
     where c.state = 'planned' and c.effective_at <= $1 order by c.effective_at limit $2 for update of c skip locked`,
    [now, limit],
  )
}

export function setAsked(t: Tx, list: readonly Passing[], now: Date): Promise<number> {
  return run(
    t,
    `update transfers_customers c set state = 'asked', asked_at = $3
     from unnest($1::uuid[], $2::uuid[]) k (customer_id, transfer_id)
     where c.customer_id = k.customer_id and c.transfer_id = k.transfer_id`,
    [list.map((p) => p.customer_id), list.map((p) => p.transfer_id), now],
  )
}

export type Settled = Passing & { state: "waiting" | "done" | "refused" | "full" | "failed" | "cancelled" }

/** Moves open ones on; gives those that this changed. */
export function settle(
  t: Tx,
  list: readonly {
    customer_id: string
    transfer_id: string
    state: Settled["state"]
    reason: string | null
  }[],
  now: Date,
): Promise<Settled[]> {
  return rows(
    t,
    `update transfers_customers c set state = k.state, reason = k.reason,
       ended_at = case when k.state = 'waiting' then null else $5::timestamptz end
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) k (customer_id, transfer_id, state, reason)
     where c.customer_id = k.customer_id and c.transfer_id = k.transfer_id
       and (c.state in ('planned', 'asked') or c.state = 'waiting' and k.state <> 'waiting')
     returning ${PASSING.split(", ")
       .map((c) => `c.${c}`)
       .join(", ")}, c.state`,
    [
      list.map((p) => p.customer_id),
      list.map((p) => p.transfer_id),
      list.map((p) => p.state),
      list.map((p) => p.reason),
      now,
    ],
  )
}

/** Open ones of these customers on their way to these accounts, also before the channel's own answer. */
export async function openTo(
  t: Tx,
  pairs: readonly { customer_id: string; to_account_id: string }[],
): Promise<Passing[]> {
  if (pairs.length === 0) return []
  return rows(
    t,
    `select ${PASSING} from transfers_customers c 
     join (select distinct * from unnest($1::uuid[], $2::uuid[]) k (customer_id, to_account_id)) k using (customer_id, to_account_id)
     where c.state in ('asked', 'waiting') order by customer_id for update of c`,
    [pairs.map((p) => p.customer_id), pairs.map((p) => p.to_account_id)],
  )
}

/** Open ones by what the channel calls the customer and the taker. */
export function openByRef(
  t: Tx,
  told: readonly { to_account_id: string; external_ref: string }[],
): Promise<Passing[]> {
  return rows(
    t,
    `select ${PASSING} from transfers_customers c join unnest($1::uuid[], $2::text[]) k (to_account_id, ref) using (to_account_id, ref)
     where c.state in ('asked', 'waiting') order by customer_id for update of c`,
    [told.map((f) => f.to_account_id), told.map((f) => f.external_ref)],
  )
}

export function peoplePage(
  q: Queryable,
  transfer_id: string,
  options: { state: string | null; after: string | null; scope: string[] | null; limit: number },
) {
  return rows<
    Passing & { state: string; reason: string | null; asked_at: Date | null; ended_at: Date | null }
  >(
    q,
    `select ${PASSING}, state, reason, asked_at, ended_at from transfers_customers c
     where transfer_id = $1 and ($2::text is null or state = $2) and ($3::uuid is null or customer_id > $3)
       and ($4::uuid[] is null or from_staff_id = any($4)) order by customer_id limit $5`,
    [transfer_id, options.state, options.after, options.scope, options.limit],
  )
}

export function plannedOf(t: Tx, transfer_id: string): Promise<Passing[]> {
  return rows(
    t,
    `select ${PASSING} from transfers_customers where transfer_id = $1 and state = 'planned' order by customer_id for update`,
    [transfer_id],
  )
}

/** The customers of a relation, at most `limit` of them. */
export async function audienceIds(
  q: Queryable,
  sql: string,
  params: unknown[],
  limit: number,
): Promise<string[]> {
  const found = await rows<{ customer_id: string }>(q, `${sql} limit ${limit}`, params)
  return found.map((r) => r.customer_id)
}

/** Open places of customers in transfers. */
export function openOf(
  t: Tx,
  keys: readonly { customer_id: string; transfer_id: string }[],
): Promise<Passing[]> {
  return rows(
    t,
    `select ${PASSING} from transfers_customers c
     join (select distinct * from unnest($1::uuid[], $2::uuid[]) k (customer_id, transfer_id)) k using (customer_id, transfer_id)
     where c.state in ('asked', 'waiting') order by customer_id for update of c`,
    [keys.map((k) => k.customer_id), keys.map((k) => k.transfer_id)],
  )
}

/** How many customers of somebody are on their way to somebody else. */
export async function underWayFrom(q: Queryable, staff_id: string): Promise<number> {
  const sql =
    "select count(*)::int as n from transfers_customers where from_staff_id = $1 and state in ('planned', 'asked', 'waiting')"
  return (await oneRow<{ n: number }>(q, sql, [staff_id])).n
}

/** Ends the way of the one who goes where the other is on one too. */
export async function carryPassing(
  t: Tx,
  { from, into }: { from: string; into: string },
  now: Date,
): Promise<void> {
  await run(
    t,
    `update transfers_customers x set state = 'cancelled', reason = 'merged', ended_at = $3
     where x.customer_id = $1 and x.state in ('planned', 'asked', 'waiting')
       and exists (select from transfers_customers o where o.customer_id = $2 and o.state in ('planned', 'asked', 'waiting'))`,
    [from, into, now],
  )
}
