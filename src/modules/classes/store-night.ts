import { maybeRow, type Queryable, rows, type Tx } from "../../platform/db.ts"
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

/** The last number of the next so many customers after one, and how many they are. */
export function rangeAfter(
  q: Queryable,
  after: number,
  limit: number,
): Promise<{ last: number | null; customers: number } | undefined> {
  return maybeRow(
    q,
    `select max(number) as last, count(*)::int as customers
     from (select number from ${TRAITS_TABLE} where number > $1 order by number limit $2) k`,
    [after, limit],
  )
}

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

/**
 * Those of a range of whom more is to be found out than time tells: who stands nowhere yet, or not where the orders say; before the
 * first whole night that kept them, also whoever has no days of their steps.
 */
export async function unsettled(q: Queryable, range: Range, steps_kept: boolean): Promise<string[]> {
  const without = `or ${STAGE} <> 'prospect' and not exists (select 1 from classes_steps s where s.customer_id = t.customer_id)`
  const found = await rows<{ id: string }>(
    q,
    `select customer_id as id from ${TRAITS_TABLE} t where number > $1 and number <= $2 and (${STAGE} is null
       or ${BY_ORDERS} is null or (${BY_ORDERS} = 'prospect') = (coalesce(${GOODS}, 0) > 0) and ${BY_ORDERS} <> 'member'
       ${steps_kept ? "" : without})
     order by customer_id`,
    [range.after, range.last],
  )
  return found.map((f) => f.id)
}

/** Those of a range who stand higher than their orders say and were never asked about. */
export async function unasked(q: Queryable, range: Range): Promise<string[]> {
  const found = await rows<{ id: string }>(
    q,
    `select customer_id as id from ${TRAITS_TABLE} t where number > $1 and number <= $2
       and (${STAGE} = 'customer' and ${BY_ORDERS} = 'prospect' or ${STAGE} = 'member' and ${BY_ORDERS} in ('prospect', 'customer'))
       and not exists (select 1 from classes_step_downs d where d.customer_id = t.customer_id and d.to_stage = ${BY_ORDERS})
     order by customer_id`,
    [range.after, range.last],
  )
  return found.map((f) => f.id)
}
