import { maybeRow, oneRow, type Queryable, rows, run, type Tx } from "../../../platform/db.ts"
import { TRAITS_TABLE } from "../../../spine/traits/index.ts"

/** Gives false where the week was drawn already, and while nobody looks after anybody. */
export async function openWeek(t: Tx, week: number, seed: string, now: Date): Promise<boolean> {
  const made = await run(
    t,
    `insert into tags_weeks (week, seed, drawn_at) select $1::int, $2::text, $3::timestamptz
     where exists (select from ${TRAITS_TABLE} where scope_id is not null) on conflict do nothing`,
    [week, seed, now],
  )
  return made > 0
}

/** The same customers for the same seed, whatever else is there: a member of staff's first few by the hash of seed and customer. */
export function draw(t: Tx, week: number, seed: string, per_staff: number): Promise<number> {
  return run(
    t,
    `insert into tags_inspections (id, week, staff_id, customer_id)
     select md5($2::text || $1::int || customer_id::text)::uuid, $1::int, scope_id, customer_id from (
       select customer_id, scope_id, row_number() over (partition by scope_id order by md5($2::text || customer_id::text)) as place
       from ${TRAITS_TABLE} where scope_id is not null) c
     where place <= $3 on conflict do nothing`,
    [week, seed, per_staff],
  )
}

export type Drawn = {
  id: string
  week: number
  staff_id: string
  customer_id: string
  claimed_by: string | null
  claimed_until: Date | null
  verdict: string | null
}
const DRAWN = "id, week, staff_id, customer_id, claimed_by, claimed_until, verdict"

/** The oldest that this person may judge and nobody else has on the desk; it is held by the update alone. */
export function claim(
  t: Tx,
  who: { id: string; scope: readonly string[] | null },
  now: Date,
  until: Date,
): Promise<Drawn | undefined> {
  return maybeRow<Drawn>(
    t,
    `update tags_inspections set claimed_by = $1, claimed_until = $4 where id = (
       select id from tags_inspections where verdict is null and staff_id <> $1 and ($2::uuid[] is null or staff_id = any($2))
         and (claimed_by = $1 or claimed_until is null or claimed_until <= $3)
       order by (claimed_by is distinct from $1), week, id limit 1 for update skip locked)
     returning ${DRAWN}`,
    [who.id, who.scope, now, until],
  )
}

export const lockDrawn = (t: Tx, id: string, scope: readonly string[] | null) =>
  maybeRow<Drawn>(
    t,
    `select ${DRAWN} from tags_inspections where id = $1 and ($2::uuid[] is null or staff_id = any($2)) for update`,
    [id, scope],
  )

export function judge(
  t: Tx,
  v: { id: string; verdict: string; note: string; by: string; at: Date },
): Promise<number> {
  return run(
    t,
    `update tags_inspections i set verdict = $2, note = $3, judged_by = $4, judged_at = $5,
       worn = array(select tag_id from tags_assignments a where a.customer_id = i.customer_id order by tag_id)
     where id = $1`,
    [v.id, v.verdict, v.note, v.by, v.at],
  )
}

/** How many this person could still judge. */
export async function left(
  q: Queryable,
  who: { id: string; scope: readonly string[] | null },
): Promise<number> {
  const { n } = await oneRow<{ n: number }>(
    q,
    `select count(*)::int as n from tags_inspections
     where verdict is null and staff_id <> $1 and ($2::uuid[] is null or staff_id = any($2))`,
    [who.id, who.scope],
  )
  return n
}

export type Score = {
  week: number
  staff_id: string
  drawn: number
  right: number
  wrong: number
  missing: number
}

export function scores(q: Queryable, since: number, scope: readonly string[] | null): Promise<Score[]> {
  return rows(
    q,
    `select week, staff_id, count(*)::int as drawn, count(*) filter (where verdict = 'right')::int as right,
       count(*) filter (where verdict = 'wrong')::int as wrong, count(*) filter (where verdict = 'missing')::int as missing
     from tags_inspections where week >= $1 and ($2::uuid[] is null or staff_id = any($2))
     group by week, staff_id order by week desc, staff_id`,
    [since, scope],
  )
}

/** What was drawn of one is of the other. */
export async function carryDrawn(t: Tx, { from, into }: { from: string; into: string }): Promise<void> {
  await run(
    t,
    `delete from tags_inspections i where customer_id = $1 and verdict is null and exists (
       select from tags_inspections o where o.customer_id = $2 and o.week = i.week and o.staff_id = i.staff_id)`,
    [from, into],
  )
  await run(
    t,
    `update tags_inspections i set customer_id = $2 where customer_id = $1 and not exists (
       select from tags_inspections o where o.customer_id = $2 and o.week = i.week and o.staff_id = i.staff_id)`,
    [from, into],
  )
}
