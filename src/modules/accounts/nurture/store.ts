import { maybeRow, type Queryable, rows, run, type Tx } from "../../../platform/db.ts"
import type { NurtureItem } from "./rules.ts"

/** Keeps items as done; one that was done already stays as it is. */
export const tickItems = (
  t: Tx,
  list: readonly {
    account_id: string
    day: number
    item: NurtureItem
    done_by: string | null
    note: string
    file_id: string | null
  }[],
  now: Date,
) =>
  run(
    t,
    `insert into accounts_nurture (account_id, day, item, done_by, note, file_id, done_at)
     select n.*, $7 from unnest($1::uuid[], $2::int[], $3::text[], $4::uuid[], $5::text[], $6::uuid[]) n on conflict do nothing`,
    [
      list.map((i) => i.account_id),
      list.map((i) => i.day),
      list.map((i) => i.item),
      list.map((i) => i.done_by),
      list.map((i) => i.note),
      list.map((i) => i.file_id),
      now,
    ],
  )

/** A day on which so many items are done is an active one. */
export const markActive = (t: Tx, list: readonly { account_id: string; day: number }[], items: number) =>
  run(
    t,
    `insert into accounts_active_days (account_id, day)
     select n.account_id, n.day from accounts_nurture n
     where (n.account_id, n.day) in (select * from unnest($1::uuid[], $2::int[])) group by 1, 2 having count(*) >= $3
     on conflict do nothing`,
    [list.map((i) => i.account_id), list.map((i) => i.day), items],
  )

/** Days on which accounts reached somebody. */
export const addActiveDays = (t: Tx, list: readonly { account_id: string; day: number }[]) =>
  run(
    t,
    `insert into accounts_active_days (account_id, day)
     select distinct l.account_id, l.day from unnest($1::uuid[], $2::int[]) l (account_id, day)
     join accounts_accounts a on a.id = l.account_id order by 1, 2 on conflict do nothing`,
    [list.map((i) => i.account_id), list.map((i) => i.day)],
  )

export const itemsOn = async (q: Queryable, account_id: string, day: number) =>
  (
    await rows<{ item: NurtureItem }>(
      q,
      "select item from accounts_nurture where account_id = $1 and day = $2",
      [account_id, day],
    )
  ).map((r) => r.item)

export type NurtureDay = { day: number; items: NurtureItem[]; notes: string[]; active: boolean }

/** The days of an account from one on, with what was done on each. */
export const calendarOf = (q: Queryable, account_id: string, from_day: number) =>
  rows<NurtureDay>(
    q,
    `select coalesce(n.day, d.day) as day, coalesce(n.items, '{}') as items, coalesce(n.notes, '{}') as notes,
       d.day is not null as active
     from (select day, array_agg(item order by item) as items, array_agg(distinct note) filter (where note <> '') as notes
       from accounts_nurture where account_id = $1 and day >= $2 group by day) n
     full join (select day from accounts_active_days where account_id = $1 and day >= $2) d on d.day = n.day
     order by 1 desc`,
    [account_id, from_day],
  )

/** Accounts being nurtured, with who sees to it. */
export const nurturing = (q: Queryable, only: string | null, limit: number) =>
  rows<{ id: string; name: string; tended_by: string | null }>(
    q,
    "select id, name, tended_by from accounts_accounts where state = 'nurturing' and ($1::uuid is null or id = $1) order by id limit $2",
    [only, limit],
  )

export type Grown = { id: string; nurture_level: number; active_days: number; incidents: number }

const GROWN = `select a.id, a.nurture_level, coalesce(a.active_days_before, 0) + coalesce(d.n, 0) as active_days,
    coalesce(i.n, 0) as incidents
  from accounts_accounts a
  left join (select account_id, count(*)::int as n from accounts_active_days group by 1) d on d.account_id = a.id
  left join (select account_id, count(*)::int as n from accounts_incidents where at > $1 group by 1) i on i.account_id = a.id`

/** What the level of every account that lives is computed from. */
export const grownAccounts = (q: Queryable, incidents_since: Date, limit: number) =>
  rows<Grown>(q, `${GROWN} where a.state not in ('retired', 'written_off') order by a.id limit $2`, [
    incidents_since,
    limit,
  ])
export const grownAccount = (q: Queryable, id: string, incidents_since: Date) =>
  maybeRow<Grown>(q, `${GROWN} where a.id = $2`, [incidents_since, id])

export const saveLevels = (t: Tx, list: readonly { id: string; level: number }[]) =>
  run(
    t,
    `update accounts_accounts a set nurture_level = n.level from unnest($1::uuid[], $2::int[]) n (id, level) where a.id = n.id`,
    [list.map((l) => l.id), list.map((l) => l.level)],
  )

/** The level that somebody had set by hand before levels were computed stands for the days it wants. */
export const adoptLevels = (t: Tx, level_days: number) =>
  run(
    t,
    "update accounts_accounts set active_days_before = nurture_level * $1::int where active_days_before is null",
    [level_days],
  )

/** Takes the night for this transaction; nothing where another process has it. */
export const lockNight = (t: Tx) =>
  maybeRow<{ done_day: number }>(t, "select done_day from accounts_nights for update skip locked")
export const nightDone = async (q: Queryable) =>
  (await maybeRow<{ done_day: number }>(q, "select done_day from accounts_nights"))?.done_day ?? 0
export const saveNight = (t: Tx, day: number) => run(t, "update accounts_nights set done_day = $1", [day])
