import { type Queryable, rows, run, type Tx } from "../../platform/db.ts"
import { DROPPED_SHOWN } from "./limits.ts"

const INTRODUCTION_LOCK = 7_318_290

/** Introductions are shared out by one hand at a time, so that an account's quota of a day is never exceeded. */
export async function lockIntroductions(t: Tx): Promise<void> {
  await t.query("select pg_advisory_xact_lock($1)", [INTRODUCTION_LOCK])
}

export type Introduction = {
  customer_id: string
  function: string
  account_id: string
  assignee_staff_id: string | null
  day: number
  /** Which time it is asked for, from 1. */
  times: number
}

/** How many friends accounts are to add on each day already: by introductions and by diversions. */
export function takenBy(q: Queryable, account_ids: readonly string[], from_day: number) {
  return rows<{ account_id: string; day: number; n: number }>(
    q,
    `select account_id, day, sum(n)::int as n from (
       select account_id, day, count(*) as n from plans_introductions
       where account_id = any($1::uuid[]) and day >= $2 and state <> 'dropped' group by 1, 2
       union all
       select account_id, day, people from plans_diversion_slots where account_id = any($1::uuid[]) and day >= $2) taken
     group by 1, 2`,
    [account_ids, from_day],
  )
}

/** How often each (customer, function) of these was asked for, and whether that still stands or is done. */
export async function knownIntroductions(
  q: Queryable,
  customers: readonly string[],
): Promise<Map<string, { times: number; dropped: boolean }>> {
  const found = await rows<{ customer_id: string; function: string; times: number; dropped: boolean }>(
    q,
    `select customer_id, function, times, state = 'dropped' as dropped from plans_introductions
     where customer_id = any($1::uuid[])`,
    [customers],
  )
  return new Map(
    found.map(({ times, dropped, ...f }) => [`${f.customer_id} ${f.function}`, { times, dropped }]),
  )
}

export async function saveIntroductions(t: Tx, list: readonly Introduction[], now: Date): Promise<void> {
  await run(
    t,
    `insert into plans_introductions (customer_id, function, account_id, assignee_staff_id, day, times, state, proposed_at)
     select i.*, 'proposed', $7 from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::int[], $6::int[]) i
     on conflict (customer_id, function) do update set account_id = excluded.account_id, day = excluded.day,
       assignee_staff_id = excluded.assignee_staff_id, state = 'proposed', proposed_at = excluded.proposed_at,
       times = excluded.times, introduced_at = null, dropped_reason = null, dropped_at = null`,
    [
      list.map((i) => i.customer_id),
      list.map((i) => i.function),
      list.map((i) => i.account_id),
      list.map((i) => i.assignee_staff_id),
      list.map((i) => i.day),
      list.map((i) => i.times),
      now,
    ],
  )
}

type Key = { customer_id: string; function: string }

/** Gives those that moved, and which time each was asked for. */
export function moveIntroductions(
  t: Tx,
  keys: readonly Key[],
  state: "introduced" | "closed",
  now: Date,
): Promise<(Key & { times: number })[]> {
  return rows(
    t,
    `update plans_introductions i set state = $3,
       introduced_at = coalesce(i.introduced_at, $4), closed_at = case when $3 = 'closed' then $4 else i.closed_at end
     from unnest($1::uuid[], $2::text[]) k (customer_id, function)
     where i.customer_id = k.customer_id and i.function = k.function
       and i.state = any(case when $3 = 'closed' then array['proposed', 'introduced'] else array['proposed'] end)
     returning i.customer_id, i.function, i.times`,
    [keys.map((k) => k.customer_id), keys.map((k) => k.function), state, now],
  )
}

/** What whoever serves the customer left undone, each with the reason in their words; its place in that day's quota is free again. */
export async function dropIntroductions(
  t: Tx,
  list: readonly (Key & { reason: string | null })[],
  now: Date,
): Promise<void> {
  await run(
    t,
    `update plans_introductions i set state = 'dropped', dropped_reason = d.reason, dropped_at = $4
     from unnest($1::uuid[], $2::text[], $3::text[]) d (customer_id, function, reason)
     where i.customer_id = d.customer_id and i.function = d.function and i.state in ('proposed', 'introduced')`,
    [list.map((d) => d.customer_id), list.map((d) => d.function), list.map((d) => d.reason), now],
  )
}

/** The latest that were left undone by these people (null: by anybody), with the reason in their words. */
export function droppedLately(q: Queryable, staff_ids: readonly string[] | null) {
  return rows<{
    customer_id: string
    function: string
    reason: string | null
    dropped_at: Date
    assignee_staff_id: string | null
  }>(
    q,
    `select customer_id, function, dropped_reason as reason, dropped_at, assignee_staff_id from plans_introductions
     where state = 'dropped' and dropped_at is not null and ($1::uuid[] is null or assignee_staff_id = any($1))
     order by dropped_at desc, customer_id limit $2`,
    [staff_ids, DROPPED_SHOWN],
  )
}

export type IntroductionFunnel = {
  function: string
  proposed: number
  introduced: number
  closed: number
  dropped: number
}

/** How far introductions have come; whoever stands further has been through what is before it. */
export function introductionFunnel(q: Queryable): Promise<IntroductionFunnel[]> {
  return rows(
    q,
    `select function, (count(*) filter (where state <> 'dropped'))::int as proposed,
       (count(*) filter (where state in ('introduced', 'closed')))::int as introduced,
       (count(*) filter (where state = 'closed'))::int as closed, (count(*) filter (where state = 'dropped'))::int as dropped
     from plans_introductions group by function order by function`,
  )
}
