import { type Queryable, rows, run, type Tx } from "../../platform/db.ts"
import { LOTS_SHOWN, SWEEP_CUSTOMERS } from "./limits.ts"

export type LotRow = {
  customer_id: string
  lot: string
  points: number
  left: number
  expires_day: number | null
  rule: string
}
export type TakeRow = { customer_id: string; posting: string; lot: string; points: number }
export type DayRow = { customer_id: string; rule: string; day: number; points: number }
export type MonthRow = { rule: string; month: string; points: number }

/** Locks customers' points, in one order for all; whoever is new gets a row. */
export async function lockAccounts(t: Tx, customers: string[]): Promise<void> {
  await run(
    t,
    `insert into points_accounts (customer_id) select c from unnest($1::uuid[]) c order by c on conflict do nothing`,
    [customers],
  )
  await run(
    t,
    "select 1 from points_accounts where customer_id = any($1::uuid[]) order by customer_id for update",
    [customers],
  )
}

const LOT = "customer_id, lot, points, left_points as left, expires_day, rule"

/** Lots that have something left, and those named (which may be used up). */
export function lotsOf(q: Queryable, customers: string[], named: string[]): Promise<LotRow[]> {
  return rows(
    q,
    `select ${LOT} from points_lots where customer_id = any($1::uuid[]) and (left_points > 0 or lot = any($2::uuid[]))`,
    [customers, named],
  )
}

/** All lots of these customers, those that are used up included. */
export const everyLot = (q: Queryable, customers: string[]): Promise<LotRow[]> =>
  rows(q, `select ${LOT} from points_lots where customer_id = any($1::uuid[]) order by lot`, [customers])

/** In the order in which they were taken. */
export function takesOf(q: Queryable, customers: string[], postings: string[]): Promise<TakeRow[]> {
  return rows(
    q,
    `select t.customer_id, t.posting, t.lot, t.points from points_takes t join points_lots l using (customer_id, lot)
     where t.customer_id = any($1::uuid[]) and t.posting = any($2::uuid[])
     order by l.expires_day nulls last, t.lot`,
    [customers, postings],
  )
}

export function daysOf(q: Queryable, customers: string[], days: number[]): Promise<DayRow[]> {
  return rows(
    q,
    `select customer_id, rule, day, points from points_rule_days
     where customer_id = any($1::uuid[]) and day = any($2::int[])`,
    [customers, days],
  )
}

/** Locks the months of rules with a budget. */
export async function lockMonths(t: Tx, months: { rule: string; month: string }[]): Promise<MonthRow[]> {
  const args = [months.map((m) => m.rule), months.map((m) => m.month)]
  await run(
    t,
    `insert into points_rule_months (rule, month, points)
     select r, m, 0 from unnest($1::text[], $2::text[]) x (r, m) order by r, m on conflict do nothing`,
    args,
  )
  return rows(
    t,
    `select rule, month, points from points_rule_months
     where (rule, month) in (select * from unnest($1::text[], $2::text[])) order by rule, month for update`,
    args,
  )
}

export async function saveLots(t: Tx, lots: LotRow[]): Promise<void> {
  if (lots.length === 0) return
  await run(
    t,
    `insert into points_lots (customer_id, lot, points, left_points, expires_day, rule)
     select * from unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[], $5::int[], $6::text[])
     on conflict (customer_id, lot) do update set left_points = excluded.left_points`,
    [
      lots.map((l) => l.customer_id),
      lots.map((l) => l.lot),
      lots.map((l) => l.points),
      lots.map((l) => l.left),
      lots.map((l) => l.expires_day),
      lots.map((l) => l.rule),
    ],
  )
}

export async function saveTakes(t: Tx, takes: TakeRow[]): Promise<void> {
  if (takes.length === 0) return
  await run(
    t,
    `insert into points_takes (customer_id, posting, lot, points)
     select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[])
     on conflict (customer_id, posting, lot) do update set points = excluded.points`,
    [
      takes.map((x) => x.customer_id),
      takes.map((x) => x.posting),
      takes.map((x) => x.lot),
      takes.map((x) => x.points),
    ],
  )
}

export async function saveDays(t: Tx, days: DayRow[]): Promise<void> {
  if (days.length === 0) return
  await run(
    t,
    `insert into points_rule_days (customer_id, rule, day, points)
     select * from unnest($1::uuid[], $2::text[], $3::int[], $4::int[])
     on conflict (customer_id, rule, day) do update set points = excluded.points`,
    [
      days.map((d) => d.customer_id),
      days.map((d) => d.rule),
      days.map((d) => d.day),
      days.map((d) => d.points),
    ],
  )
}

export async function saveMonths(t: Tx, months: MonthRow[]): Promise<void> {
  if (months.length === 0) return
  await run(
    t,
    `update points_rule_months m set points = x.points
     from unnest($1::text[], $2::text[], $3::bigint[]) x (rule, month, points)
     where m.rule = x.rule and m.month = x.month`,
    [months.map((m) => m.rule), months.map((m) => m.month), months.map((m) => m.points)],
  )
}

/** Customers who have points that are over on `day`, at most one sweep of them. */
export async function customersExpiring(q: Queryable, day: number): Promise<string[]> {
  const found = await rows<{ customer_id: string }>(
    q,
    `select distinct customer_id from (
       select customer_id from points_lots where left_points > 0 and expires_day <= $1 order by expires_day limit $2) due`,
    [day, SWEEP_CUSTOMERS],
  )
  return found.map((r) => r.customer_id)
}

/** A page of customers whose points come to their end within `days` after `day`, or just did, in the order of their ids. */
export async function customersSoon(
  q: Queryable,
  day: number,
  days: number,
  after: string,
): Promise<string[]> {
  const found = await rows<{ customer_id: string }>(
    q,
    `select distinct customer_id from points_lots
     where expires_day between $1::int - 1 and $1::int + $2::int and customer_id > $3 order by customer_id limit $4`,
    [day, days, after, SWEEP_CUSTOMERS],
  )
  return found.map((r) => r.customer_id)
}

/** Points left of each customer, and how many of them are over within `days` from `day` on. */
export function leftOf(
  q: Queryable,
  customers: string[],
  day: number,
  days: number,
): Promise<{ customer_id: string; balance: number; expiring: number }[]> {
  return rows(
    q,
    `select c as customer_id, coalesce(sum(l.left_points), 0)::int as balance,
       coalesce(sum(l.left_points) filter (where l.expires_day <= $2::int + $3::int), 0)::int as expiring
     from unnest($1::uuid[]) c left join points_lots l
       on l.customer_id = c and l.left_points > 0 and (l.expires_day is null or l.expires_day > $2)
     group by c`,
    [customers, day, days],
  )
}

/** The lots of one customer that have something left, the first to expire first. */
export function lotsShown(q: Queryable, customer_id: string): Promise<LotRow[]> {
  return rows(
    q,
    `select ${LOT} from points_lots where customer_id = $1 and left_points > 0
     order by expires_day nulls last, lot limit $2`,
    [customer_id, LOTS_SHOWN],
  )
}

/** What each rule with a budget gave in a month. */
export function monthRows(q: Queryable, month: string): Promise<MonthRow[]> {
  return rows(q, "select rule, month, points from points_rule_months where month = $1 order by rule", [month])
}

/** What is left of all lots, by customer. */
export async function allLeft(q: Queryable): Promise<Map<string, number>> {
  const found = await rows<{ customer_id: string; points: number }>(
    q,
    "select customer_id, sum(left_points)::bigint as points from points_lots group by customer_id",
  )
  return new Map(found.map((r) => [r.customer_id, r.points]))
}
