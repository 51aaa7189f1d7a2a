import { oneRow, type Queryable, rows, type Tx, uuidList } from "../../platform/db.ts"
import type { Origin } from "../../spine/facts/index.ts"
import { columnOf, publishFrom, TRAITS_TABLE } from "../../spine/traits/index.ts"
import { ACTIVE_DAYS, INTERESTED_DAYS, QUIET_DAYS, SLEEPING_DAYS } from "./rules.ts"

const [COUNT, GOODS, FIRST, LAST] = ["count", "goods_count", "goods_first_day", "goods_last_day"].map(
  (name) => columnOf(`orders.${name}`),
)
const [STAGE, BY_ORDERS, STANDING, ACTIVITY, INTERESTED] = [
  "stage",
  "stage_by_orders",
  "standing",
  "activity",
  "interested_day",
].map((name) => columnOf(`customers.${name}`))
/** A day of the shop as the moment at which it begins, never after now: $3 is now. */
const since = (day: string) =>
  `least($3::timestamptz, coalesce(to_timestamp((${day}) * 86400.0 - 28800), $3))`

/** Both classes that time alone changes, said in SQL as `activityOf` and `standingOf` say them, of some customers; $1 is the day. */
const classesOf = (some: string) => `(
  select *, case when goods = 0 or last is null then 'prospect' when $1 - last > ${SLEEPING_DAYS} then 'lost'
      when $1 - last > ${QUIET_DAYS} then 'sleeping' when $1 - last > ${ACTIVE_DAYS} then 'quiet'
      when goods >= 2 then 'repeat' else 'one_time' end as activity,
    case when goods >= 2 then 'repeat' when goods = 1 then 'paid'
      when $1 - interested <= ${INTERESTED_DAYS} then 'interested' else 'general' end as standing
  from (
    select customer_id, number, coalesce(${COUNT}, 0) as orders, coalesce(${GOODS}, 0) as goods, ${FIRST} as first, ${LAST} as last,
      ${INTERESTED} as interested, ${ACTIVITY} as was_activity, ${STANDING} as was_standing, ${STAGE} as stage, ${BY_ORDERS} as by_orders
    from ${TRAITS_TABLE} where ${some}) k) t`
const MOVED = "(activity is distinct from was_activity or standing is distinct from was_standing)"

/**
 * Those of some customers whom time has moved, with since and why (a test compares with what the rules say on any numbers). $1 day,
 * $2 the customers, $3 now.
 */
const NIGHT_SQL = `
  select customer_id, activity as v1, ${since(`case activity when 'lost' then last + ${SLEEPING_DAYS + 1}
      when 'sleeping' then last + ${QUIET_DAYS + 1} when 'quiet' then last + ${ACTIVE_DAYS + 1}
      when 'prospect' then null else last end`)} as s1,
    case activity when 'prospect' then jsonb_build_object('rule', 'no_goods_order', 'orders', orders)
      else jsonb_build_object('rule', case activity when 'lost' then 'over_365_days' when 'sleeping' then '181_to_365_days'
        when 'quiet' then '91_to_180_days' when 'repeat' then 'within_90_days_again' else 'within_90_days_once' end,
        'goods_orders', goods, 'goods_last_day', last) end as w1,
    standing as v2, ${since(`case when goods >= 2 then null when goods = 1 then first
      when standing = 'interested' then interested when interested is not null then interested + ${INTERESTED_DAYS + 1} end`)} as s2,
    case when goods >= 1 then jsonb_build_object('rule', case when goods >= 2 then 'two_orders' else 'one_order' end, 'goods_orders', goods)
      when interested is null then jsonb_build_object('rule', 'no_sign_of_interest')
      else jsonb_build_object('rule', case standing when 'interested' then 'showed_interest' else 'interest_lapsed' end,
        'interested_day', interested) end as w2
  from ${classesOf("customer_id = any($2::uuid[])")} where ${MOVED}`

/** Of whom more is to be found out than time tells: who stands nowhere yet, or not where the orders say. */
const UNSETTLED = `(stage is null or by_orders is null
  or (by_orders = 'prospect') = (goods > 0) and by_orders <> 'member')`
/** Before the first whole night that kept them, also whoever has no days of their steps. */
const WITHOUT_STEPS = `(stage <> 'prospect' and not exists (select 1 from classes_steps s where s.customer_id = t.customer_id))`
/** Who stands higher than their orders say and was never asked about. */
const UNASKED = `((stage = 'customer' and by_orders = 'prospect' or stage = 'member' and by_orders in ('prospect', 'customer'))
  and not exists (select 1 from classes_step_downs d where d.customer_id = t.customer_id and d.to_stage = by_orders))`

export type Look = {
  /** The last number, and how many they are. */
  last: number
  customers: number
  moved: string[]
  unsettled: string[]
  unasked: string[]
}

/**
 * Looks at the next so many customers after a number, once for all that the night wants to know of each: a walk through a million
 * for every question took longer than what the night writes.
 */
export async function lookAt(
  q: Queryable,
  { day, after, limit, steps_kept }: { day: number; after: number; limit: number; steps_kept: boolean },
): Promise<Look | null> {
  const ids = (where: string) =>
    `string_agg(customer_id::text, ',' order by customer_id) filter (where ${where})`
  const found = await oneRow<
    Record<"moved" | "unsettled" | "unasked", string | null> & { last: number | null; customers: number }
  >(
    q,
    `select max(number) as last, count(*)::int as customers, ${ids(MOVED)} as moved, ${ids(UNASKED)} as unasked,
       ${ids(steps_kept ? UNSETTLED : `${UNSETTLED} or ${WITHOUT_STEPS}`)} as unsettled
     from ${classesOf("number > $2 order by number limit $3")}`,
    [day, after, limit],
  )
  const { last, customers, moved, unsettled, unasked } = found
  if (last === null) return null
  return { last, customers, moved: listed(moved), unsettled: listed(unsettled), unasked: listed(unasked) }
}

const listed = (ids: string | null) => ids?.split(",") ?? []

/** Writes what time alone changed of these customers. */
export function publishNight(
  t: Tx,
  { ids, day }: { ids: readonly string[]; day: number },
  now: Date,
  tell: Origin,
): Promise<number> {
  const traits = ["customers.activity", "customers.standing"]
  return publishFrom(t, { traits, sql: NIGHT_SQL, params: [day, uuidList(ids), now], reasons: true }, now, {
    tell,
  })
}

/** Who of these is to be asked, after their classes were found out. */
export async function unasked(q: Queryable, ids: readonly string[], day: number): Promise<string[]> {
  const found = await rows<{ id: string }>(
    q,
    `select customer_id as id from ${classesOf("customer_id = any($2::uuid[])")} where ${UNASKED} order by customer_id`,
    [day, uuidList(ids)],
  )
  return found.map((f) => f.id)
}
