import { startOfDay } from "../../src/kernel/day.ts"
import * as classes from "../../src/modules/classes/index.ts"
import * as customers from "../../src/modules/customers/index.ts"
import * as orders from "../../src/modules/orders/index.ts"
import { type Db, oneRow, run } from "../../src/platform/db.ts"
import { createRegistry } from "../../src/spine/offers/index.ts"
import { prepareTraits } from "../../src/spine/traits/index.ts"
import type { BenchRow, Measured, Place } from "../row.ts"

const CUSTOMERS = Number(process.env.BENCH_CLASS_CUSTOMERS ?? 1_000_000)
const DAY = 20_780
/** Days that pass between two looks at everybody: what time moves in them is what both have to write. */
const DAYS = 14
let day = DAY

async function prepare({ db, say }: Place): Promise<void> {
  await prepareTraits(db, createRegistry([customers, orders, classes].map((m) => m.offers)))
  say(`${CUSTOMERS.toLocaleString("en")} customers, three in five with orders of the last three years`)
  await run(
    db,
    `insert into traits_customers (customer_id, number, scope_id, "orders.count", "orders.goods_count", "orders.goods_first_day",
       "orders.goods_last_day", "customers.interested_day", "customers.stage", "customers.stage_by_orders")
     select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, n, null, g, g, case when g > 0 then ${DAY} - 1100 end,
       case when g > 0 then ${DAY} - (n::bigint * 7919 % 1000)::int end, case when n % 5 = 3 then ${DAY} - (n % 90)::int end,
       case when g > 0 then 'customer' else 'prospect' end, case when g > 0 then 'customer' else 'prospect' end
     from (select n, case when n % 5 < 3 then 1 + n % 4 else 0 end as g from generate_series(0, ${CUSTOMERS - 1}) n) k`,
  )
  await run(
    db,
    `insert into classes_steps (customer_id, customer_day) select customer_id, "orders.goods_first_day"
     from traits_customers where "orders.goods_count" > 0`,
  )
  say("everybody's classes of the first day, with since and why")
  await run(db, ANCHOR, [DAY])
  await run(db, "update classes_nights set done_day = $1, steps_kept = true", [DAY])
  await run(db, "vacuum full traits_customers")
  await run(db, "analyze")
}

async function everybody(db: Db, at: number): Promise<void> {
  const now = startOfDay(at)
  while ((await classes.night(db, now)) > 0);
}

const SINCE = (of: string) =>
  `least(to_timestamp($1 * 86400.0 - 28800), to_timestamp((${of}) * 86400.0 - 28800))`

/** Those whose classes differ from what they are. */
const DIFFERING = `
  with k as materialized (
    select customer_id, coalesce("orders.goods_count", 0) as g, "orders.goods_last_day" as last, "orders.goods_first_day" as first,
      "customers.interested_day" as i, "customers.activity" as a0, "customers.standing" as s0,
      case when coalesce("orders.goods_count", 0) = 0 then 'prospect' when $1 - "orders.goods_last_day" > 365 then 'lost'
        when $1 - "orders.goods_last_day" > 180 then 'sleeping' when $1 - "orders.goods_last_day" > 90 then 'quiet'
        when "orders.goods_count" >= 2 then 'repeat' else 'one_time' end as a,
      case when "orders.goods_count" >= 2 then 'repeat' when "orders.goods_count" = 1 then 'paid'
        when $1 - "customers.interested_day" <= 30 then 'interested' else 'general' end as s
    from traits_customers),
  c as materialized (select * from k where a is distinct from a0 or s is distinct from s0)`

/** As one would write it by hand: compute both classes, write those that differ, with since and why. */
const ANCHOR = `${DIFFERING},
  w as (update traits_customers t set "customers.activity" = a, "customers.standing" = s from c where t.customer_id = c.customer_id)
  insert into traits_reasons (customer_id, trait, since, why)
  select customer_id, 'customers.activity', ${SINCE("case a when 'lost' then last + 366 when 'sleeping' then last + 181 when 'quiet' then last + 91 else last end")},
    jsonb_build_object('rule', a, 'goods_orders', g, 'goods_last_day', last) from c where a is distinct from a0
  union all
  select customer_id, 'customers.standing', ${SINCE("case s when 'interested' then i when 'general' then i + 31 else first end")},
    jsonb_build_object('rule', s, 'interested_day', i) from c where s is distinct from s0
  on conflict (customer_id, trait) do update set since = excluded.since, why = excluded.why`

/** Nobody is left whom the floor would move; after both, since who reads first what another wrote has more to do. */
async function looked(db: Db): Promise<void> {
  const { other } = await oneRow<{ other: number }>(db, `${DIFFERING} select count(*) as other from c`, [day])
  if (other > 0) throw new Error(`${other} customers are not in the classes that the floor puts them in`)
}

/** The same stretch of time twice, each from where the other left everybody: the same share is moved by both. */
async function measure({ db }: Place): Promise<Measured> {
  day += DAYS
  const start = performance.now()
  await everybody(db, day)
  const ours = (performance.now() - start) / 1_000
  const { moved } = await oneRow<{ moved: number }>(
    db,
    "select coalesce(sum(cardinality(numbers)), 0)::int as moved from traits_changes",
  )
  await looked(db)
  await run(db, "truncate traits_changes")
  day += DAYS
  const again = performance.now()
  await run(db, ANCHOR, [day])
  const anchor = (performance.now() - again) / 1_000
  await looked(db)
  return {
    ours,
    anchor,
    note: `all looked at, ${moved.toLocaleString("en")} classes moved by ${DAYS} days; ours logs and tells each change besides`,
  }
}

export const rows: BenchRow[] = [
  { row: "reclassify", unit: "s", goal: { ratio_at_least: 0.7 }, rounds: 5, prepare, measure },
]
