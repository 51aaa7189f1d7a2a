import { oneRow, type Queryable, rows, type Tx } from "../../platform/db.ts"
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
/** A day of the shop as the moment at which it begins, never after now: $1 is the day of now, $4 now itself. */
const since = (day: string) =>
  `least($4::timestamptz, coalesce(to_timestamp((${day}) * 86400.0 - 28800), $4))`

/**
 * The classes that time alone changes, said in SQL as `activityOf` and `standingOf` say them (a test compares both on any numbers),
 * with since and why only for those whom they differ from. $1 day, $2 and $3 the range of numbers, $4 now.
 */
export const NIGHT_SQL = `
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
  from (
    select customer_id, orders, goods, first, last, interested, was_activity, was_standing,
      case when goods = 0 or last is null then 'prospect' when $1 - last > ${SLEEPING_DAYS} then 'lost'
        when $1 - last > ${QUIET_DAYS} then 'sleeping' when $1 - last > ${ACTIVE_DAYS} then 'quiet'
        when goods >= 2 then 'repeat' else 'one_time' end as activity,
      case when goods >= 2 then 'repeat' when goods = 1 then 'paid'
        when $1 - interested <= ${INTERESTED_DAYS} then 'interested' else 'general' end as standing
    from (
      select customer_id, coalesce(${COUNT}, 0) as orders, coalesce(${GOODS}, 0) as goods, ${FIRST} as first, ${LAST} as last,
        ${INTERESTED} as interested, ${ACTIVITY} as was_activity, ${STANDING} as was_standing
      from ${TRAITS_TABLE} where number > $2 and number <= $3) k) d
  where activity is distinct from was_activity or standing is distinct from was_standing`

/** Of whom more is to be found out than time tells: who stands nowhere yet, or not where the orders say. */
const UNSETTLED = `(${STAGE} is null or ${BY_ORDERS} is null
  or (${BY_ORDERS} = 'prospect') = (coalesce(${GOODS}, 0) > 0) and ${BY_ORDERS} <> 'member')`
/** Before the first whole night that kept them, also whoever has no days of their steps. */
const WITHOUT_STEPS = `(${STAGE} <> 'prospect' and not exists (select 1 from classes_steps s where s.customer_id = t.customer_id))`
/** Who stands higher than their orders say and was never asked about. */
const UNASKED = `((${STAGE} = 'customer' and ${BY_ORDERS} = 'prospect' or ${STAGE} = 'member' and ${BY_ORDERS} in ('prospect', 'customer'))
  and not exists (select 1 from classes_step_downs d where d.customer_id = t.customer_id and d.to_stage = ${BY_ORDERS}))`

export type Look = { last: number; customers: number; unsettled: string[]; unasked: string[] }

/**
 * Looks at the next so many customers after a number, once for all that the night wants to know of each: a walk through a million
 * for every question took longer than what the night writes.
 */
export async function lookAt(
  q: Queryable,
  { after, limit, steps_kept }: { after: number; limit: number; steps_kept: boolean },
): Promise<Look | null> {
  const ids = (where: string) =>
    `string_agg(customer_id::text, ',' order by customer_id) filter (where ${where})`
  const found = await oneRow<{
    last: number | null
    customers: number
    unsettled: string | null
    unasked: string | null
  }>(
    q,
    `select max(number) as last, count(*)::int as customers,
       ${ids(steps_kept ? UNSETTLED : `${UNSETTLED} or ${WITHOUT_STEPS}`)} as unsettled, ${ids(UNASKED)} as unasked
     from (select customer_id, number, ${STAGE}, ${BY_ORDERS}, ${GOODS} from ${TRAITS_TABLE} where number > $1 order by number limit $2) t`,
    [after, limit],
  )
  if (found.last === null) return null
  return {
    last: found.last,
    customers: found.customers,
    unsettled: listed(found.unsettled),
    unasked: listed(found.unasked),
  }
}

const listed = (ids: string | null) => ids?.split(",") ?? []

type Range = { after: number; last: number; day: number }

/** Writes what time alone changed of the customers of a range. */
export async function publishNight(t: Tx, range: Range, now: Date, tell: Origin): Promise<number> {
  const traits = ["customers.activity", "customers.standing"]
  const params = [range.day, range.after, range.last, now]
  // The planner takes everybody in the range for changed and reads the whole table twice; a few in a hundred are looked up.
  await t.query("set local enable_hashjoin = off; set local enable_mergejoin = off")
  const changed = await publishFrom(t, { traits, sql: NIGHT_SQL, params, reasons: true }, now, { tell })
  await t.query("set local enable_hashjoin = on; set local enable_mergejoin = on")
  return changed
}

/** The same as `unasked` of a look, after classes of the range were found out. */
export async function unasked(q: Queryable, range: Range): Promise<string[]> {
  const found = await rows<{ id: string }>(
    q,
    `select customer_id as id from ${TRAITS_TABLE} t where number > $1 and number <= $2 and ${UNASKED} order by customer_id`,
    [range.after, range.last],
  )
  return found.map((f) => f.id)
}
