import { rows, run, type Tx } from "../../platform/db.ts"
import type { TakeRow } from "./store.ts"

type Pair = { from: string; into: string }

/** A rule's daily limit holds for the person, whichever of the two earned by it. */
export async function addRuleDays(t: Tx, { from, into }: Pair): Promise<void> {
  await run(
    t,
    `with gone as (delete from points_rule_days where customer_id = $1 returning rule, day, points)
     insert into points_rule_days as d (customer_id, rule, day, points) select $2, rule, day, points from gone
     on conflict (customer_id, rule, day) do update set points = d.points + excluded.points`,
    [from, into],
  )
}

export async function forgetAccount(t: Tx, customer_id: string): Promise<void> {
  await run(t, "delete from points_accounts where customer_id = $1", [customer_id])
}

/** What the one who stays took out of lots of the one who comes back, in the order in which it was taken. */
export function strayTakes(t: Tx, { from, into }: Pair): Promise<TakeRow[]> {
  return rows(
    t,
    `select k.customer_id, k.posting, k.lot, k.points from points_takes k
     join points_lots l on l.customer_id = $1 and l.lot = k.lot where k.customer_id = $2 order by k.posting, k.lot`,
    [from, into],
  )
}

/** All postings of a customer that took from lots. */
export async function takePostings(t: Tx, customer_id: string): Promise<string[]> {
  const found = await rows<{ posting: string }>(
    t,
    "select distinct posting from points_takes where customer_id = $1",
    [customer_id],
  )
  return found.map((r) => r.posting)
}

/** What these postings took out of lots of the one who comes back goes with them. */
export async function giveTakes(t: Tx, { from, into }: Pair, postings: readonly string[]): Promise<void> {
  await run(
    t,
    `update points_takes k set customer_id = $1 where k.customer_id = $2 and k.posting = any($3::uuid[])
       and exists (select from points_lots l where l.customer_id = $1 and l.lot = k.lot)`,
    [from, into, postings],
  )
}

/** What was taken out of lots that went is remembered as taken out of others. */
export async function addTakes(
  t: Tx,
  { into }: Pair,
  gone: readonly { posting: string; lot: string }[],
  instead: readonly { posting: string; lot: string; points: number }[],
): Promise<void> {
  await run(
    t,
    `delete from points_takes k using unnest($2::uuid[], $3::uuid[]) g (posting, lot)
     where k.customer_id = $1 and k.posting = g.posting and k.lot = g.lot`,
    [into, gone.map((g) => g.posting), gone.map((g) => g.lot)],
  )
  await run(
    t,
    `insert into points_takes as k (customer_id, posting, lot, points)
     select $1, posting, lot, sum(points) from unnest($2::uuid[], $3::uuid[], $4::int[]) i (posting, lot, points) group by posting, lot
     on conflict (customer_id, posting, lot) do update set points = k.points + excluded.points`,
    [into, instead.map((i) => i.posting), instead.map((i) => i.lot), instead.map((i) => i.points)],
  )
}
