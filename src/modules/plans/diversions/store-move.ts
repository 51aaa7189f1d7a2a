import { oneRow, type Queryable, rows, run, type Tx } from "../../../platform/db.ts"
import { columnOf, TRAITS_TABLE } from "../../../spine/traits/index.ts"
import type { Waiting } from "./rules.ts"

const OPTED_OUT = columnOf("customers.opted_out")

export type Named = { customer_id: string; account_id: string; day: number }

/**
 * Writes down who is to be added by whom, and gives those who are to be asked. Who became a contact of one of the accounts while in
 * line has been added; who opted out, is gone, or waits in another diversion is dropped.
 */
export async function nameThem(
  t: Tx,
  of: { id: string; contacts: string; account_ids: readonly string[] },
  list: readonly Named[],
  now: Date,
): Promise<(Named & Waiting)[]> {
  const named = await rows<Named & Waiting & { state: string }>(
    t,
    `with asked as (select distinct on (customer_id) * from unnest($2::uuid[], $3::uuid[], $4::int[]) k (customer_id, account_id, day)),
     knowing as (
       select distinct on (w.customer_id) w.customer_id, w.account_id from (${of.contacts}) w
       where w.customer_id = any($2::uuid[]) and w.account_id = any($5::uuid[]) order by w.customer_id, w.added_at)
     insert into plans_diverted as d (customer_id, diversion_id, account_id, day, state, invited_at, added_at)
     select a.customer_id, $1, coalesce(w.account_id, a.account_id), a.day, s.state,
       case s.state when 'added' then $6::timestamptz end, case s.state when 'added' then $6::timestamptz end
     from asked a left join knowing w using (customer_id) left join ${TRAITS_TABLE} c using (customer_id),
       lateral (select case when w.account_id is not null then 'added'
         when c.customer_id is null or c.${OPTED_OUT} or exists (select 1 from plans_diverted o
           where o.customer_id = a.customer_id and o.diversion_id <> $1 and o.state in ('planned', 'invited')) then 'dropped'
         else 'planned' end as state) s
     on conflict (customer_id, diversion_id) do update set account_id = excluded.account_id, day = excluded.day,
       state = excluded.state, invited_at = excluded.invited_at, added_at = excluded.added_at where d.state = 'back'
     returning d.customer_id, d.account_id, d.day, d.turn, d.state`,
    [
      of.id,
      list.map((n) => n.customer_id),
      list.map((n) => n.account_id),
      list.map((n) => n.day),
      of.account_ids,
      now,
    ],
  )
  return named.filter((n) => n.state === "planned")
}

/** Takes back those whom accounts outside these have not asked yet, with what that took of their days. Gives whose assignments are void. */
export async function takeBack(t: Tx, id: string, open: readonly string[]): Promise<Waiting[]> {
  return rows(
    t,
    `with back as (
       update plans_diverted set state = 'back', turn = turn + 1
       where diversion_id = $1 and state = 'planned' and not account_id = any($2::uuid[])
       returning customer_id, account_id, day, turn - 1 as turn),
     freed as (
       update plans_diversion_slots s set people = s.people - b.n, given = s.given - b.n
       from (select account_id, day, count(*)::int as n from back group by 1, 2) b
       where s.diversion_id = $1 and s.account_id = b.account_id and s.day = b.day)
     select customer_id, turn from back order by customer_id`,
    [id, open],
  )
}

/** Whether somebody who was asked is still waited for: whom nobody has added since so many days. */
export async function anybodyAsked(q: Queryable, id: string, since_day: number): Promise<boolean> {
  const { waits } = await oneRow<{ waits: boolean }>(
    q,
    `select exists (select 1 from plans_diverted where diversion_id = $1 and state = 'planned' and day >= $2) as waits`,
    [id, since_day],
  )
  return waits
}

type Pair = { diversion_id: string; customer_id: string }

export async function markInvited(t: Tx, list: readonly Pair[], now: Date): Promise<void> {
  await run(
    t,
    `update plans_diverted d set state = 'invited', invited_at = $3 from unnest($1::uuid[], $2::uuid[]) k (diversion_id, customer_id)
     where d.customer_id = k.customer_id and d.diversion_id = k.diversion_id and d.state = 'planned'`,
    [list.map((p) => p.diversion_id), list.map((p) => p.customer_id), now],
  )
}

/** The contact exists: whoever was to be added by that account has been. Gives in which diversions. */
export function markAdded(
  t: Tx,
  list: readonly { customer_id: string; account_id: string }[],
  now: Date,
): Promise<(Pair & Waiting)[]> {
  return rows(
    t,
    `update plans_diverted d set state = 'added', added_at = $3, invited_at = coalesce(invited_at, $3)
     from unnest($1::uuid[], $2::uuid[]) k (customer_id, account_id)
     where d.customer_id = k.customer_id and d.account_id = k.account_id and d.state in ('planned', 'invited')
     returning d.diversion_id, d.customer_id, d.turn`,
    [list.map((p) => p.customer_id), list.map((p) => p.account_id), now],
  )
}

export async function markGrouped(t: Tx, customers: readonly string[], now: Date): Promise<void> {
  await run(
    t,
    "update plans_diverted set state = 'grouped', grouped_at = $2 where customer_id = any($1::uuid[]) and state = 'added'",
    [customers, now],
  )
}

/** Who was named and not asked yet is waited for no longer; gives them. */
export function drop(t: Tx, id: string): Promise<Waiting[]> {
  return rows(
    t,
    `with gone as (
       update plans_diverted set state = 'dropped' where diversion_id = $1 and state = 'planned'
       returning customer_id, account_id, day, turn),
     freed as (
       update plans_diversion_slots s set people = s.people - g.n, given = s.given - g.n
       from (select account_id, day, count(*)::int as n from gone group by 1, 2) g
       where s.diversion_id = $1 and s.account_id = g.account_id and s.day = g.day)
     select customer_id, turn from gone`,
    [id],
  )
}
