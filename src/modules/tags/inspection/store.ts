import { maybeRow, oneRow, type Queryable, rows, run, type Tx } from "../../../platform/db.ts"
import { TRAITS_TABLE } from "../../../spine/traits/index.ts"

/** Opens the week with its seed where nobody did yet. */
export const openWeek = (t: Tx, week: number, seed: string, now: Date): Promise<number> =>
  run(
    t,
    "insert into tags_weeks (week, seed, drawn_at) values ($1::int, $2::text, $3::timestamptz) on conflict do nothing",
    [week, seed, now],
  )

/** The week's seed; whoever draws for it is alone with it until commit. */
export const lockWeek = async (t: Tx, week: number): Promise<string> =>
  (await oneRow<{ seed: string }>(t, "select seed from tags_weeks where week = $1 for update", [week])).seed

/**
 * Who is to be drawn yet: of everybody who looks after customers, as many by the hash of seed and customer as the week still wants
 * ($1 week, $2 seed, $3 customers a week and operator). Somebody's first customer may come on a Wednesday, so this is asked all week; an
 * operator costs a few index entries, and their customers are read only while some are wanted.
 */
const WANTED = `with recursive operators as (
    (select scope_id from ${TRAITS_TABLE} where scope_id is not null order by scope_id limit 1)
    union all
    select (select c.scope_id from ${TRAITS_TABLE} c where c.scope_id > o.scope_id order by c.scope_id limit 1)
    from operators o where o.scope_id is not null),
  short as (
    select scope_id as staff_id,
      $3::int - (select count(*) from tags_inspections i where i.week = $1 and i.staff_id = o.scope_id) as wanted
    from operators o where scope_id is not null)
  select s.staff_id, c.customer_id from short s cross join lateral (
    select customer_id from ${TRAITS_TABLE} t where scope_id = s.staff_id and s.wanted > 0 and not exists (
      select from tags_inspections i where i.week = $1 and i.staff_id = s.staff_id and i.customer_id = t.customer_id)
    order by md5($2::text || customer_id::text) limit greatest(s.wanted, 0)) c`

export const somebodyWanted = async (q: Queryable, week: number, per_staff: number): Promise<boolean> =>
  (
    await oneRow<{ wanted: boolean }>(q, `select exists (select from (${WANTED}) w) as wanted`, [
      week,
      "",
      per_staff,
    ])
  ).wanted

/** The same customers for the same seed, whatever else is there: a member of staff's first few by the hash of seed and customer. */
export function draw(t: Tx, week: number, seed: string, per_staff: number): Promise<number> {
  return run(
    t,
    `insert into tags_inspections (id, week, staff_id, customer_id)
     select gen_random_uuid(), $1::int, staff_id, customer_id from (${WANTED}) w on conflict do nothing`,
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
  note: string
  judged_by: string | null
  judged_at: Date | null
  /** The tags that were judged. */
  worn: string[] | null
  disputed_at: Date | null
  dispute: string
  second_verdict: string | null
}
const DRAWN = `id, week, staff_id, customer_id, claimed_by, claimed_until, verdict, note, judged_by, judged_at, worn, disputed_at,
  dispute, second_verdict`
/** What still waits for a word: the first, or after a dispute the last. As the index has it. */
const OPEN = "(verdict is null or disputed_at is not null and second_verdict is null)"
/** Whom it may not come from: $1 is whose work it is, or who had the first word. */
const NOT_FOR = "staff_id <> $1 and judged_by is distinct from $1"

/**
 * What this person may judge and nobody else has on the desk: what is disputed first, then the oldest. It is held by the update
 * alone.
 */
export function claim(
  t: Tx,
  who: { id: string; scope: readonly string[] | null },
  now: Date,
  until: Date,
): Promise<Drawn | undefined> {
  return maybeRow<Drawn>(
    t,
    `update tags_inspections set claimed_by = $1, claimed_until = $4 where id = (
       select id from tags_inspections where ${OPEN} and ${NOT_FOR} and ($2::uuid[] is null or staff_id = any($2))
         and (claimed_by = $1 or claimed_until is null or claimed_until <= $3)
       order by (claimed_by is distinct from $1), disputed_at is null, week, id limit 1 for update skip locked)
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
    `update tags_inspections i set verdict = $2, note = $3, judged_by = $4, judged_at = $5, claimed_by = null, claimed_until = null,
       worn = array(select tag_id from tags_assignments a where a.customer_id = i.customer_id order by tag_id)
     where id = $1`,
    [v.id, v.verdict, v.note, v.by, v.at],
  )
}

export const dispute = (t: Tx, id: string, reason: string, now: Date): Promise<number> =>
  run(t, "update tags_inspections set disputed_at = $3, dispute = $2 where id = $1", [id, reason, now])

/** The last word on what was disputed. */
export const judgeAgain = (
  t: Tx,
  v: { id: string; verdict: string; note: string; by: string; at: Date },
): Promise<number> =>
  run(
    t,
    `update tags_inspections set second_verdict = $2, second_note = $3, second_by = $4, second_at = $5, claimed_by = null,
       claimed_until = null where id = $1`,
    [v.id, v.verdict, v.note, v.by, v.at],
  )

export type Judged = Drawn & {
  verdict: string
  judged_by: string
  judged_at: Date
  second_note: string
  second_by: string | null
  second_at: Date | null
}

/** What was judged since, the newest first. */
export const judgedRows = (q: Queryable, since: number, scope: readonly string[] | null, limit: number) =>
  rows<Judged>(
    q,
    `select ${DRAWN}, second_note, second_by, second_at from tags_inspections
     where verdict is not null and week >= $1 and ($2::uuid[] is null or staff_id = any($2))
     order by judged_at desc, id limit $3`,
    [since, scope, limit],
  )

/** How many this person could still judge. */
export async function left(
  q: Queryable,
  who: { id: string; scope: readonly string[] | null },
): Promise<number> {
  const { n } = await oneRow<{ n: number }>(
    q,
    `select count(*)::int as n from tags_inspections
     where ${OPEN} and ${NOT_FOR} and ($2::uuid[] is null or staff_id = any($2))`,
    [who.id, who.scope],
  )
  return n
}

export type Score = {
  week: number
  staff_id: string
  drawn: number
  disputed: number
  right: number
  wrong: number
  missing: number
}

/** Of what was disputed the last word counts. */
export function scores(q: Queryable, since: number, scope: readonly string[] | null): Promise<Score[]> {
  return rows(
    q,
    `select week, staff_id, count(*)::int as drawn, count(disputed_at)::int as disputed,
       count(*) filter (where coalesce(second_verdict, verdict) = 'right')::int as right,
       count(*) filter (where coalesce(second_verdict, verdict) = 'wrong')::int as wrong,
       count(*) filter (where coalesce(second_verdict, verdict) = 'missing')::int as missing
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
