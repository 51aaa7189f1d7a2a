import { maybeRow, oneRow, type Queryable, rows, run, type Tx } from "../../../platform/db.ts"
import {
  type Audience,
  audienceWhere,
  type Flip,
  type Member,
  type Scope,
} from "../../../spine/audiences/index.ts"
import { TRAITS_TABLE } from "../../../spine/traits/index.ts"
import { MOVES_LISTED, STANDING_PART } from "../limits.ts"

/** The next living segment that was not looked at today, or only by a rule that it no longer has. */
export function nextDue(q: Queryable, day: number): Promise<{ id: string } | undefined> {
  return maybeRow(
    q,
    `select s.id from segments_segments s left join segments_followed f on f.segment_id = s.id
     where s.deleted_at is null and not s.frozen and (f.day is null or f.day < $1 or f.version <> s.version)
     order by f.day nulls first, s.id limit 1`,
    [day],
  )
}

export type Followed = {
  version: number
  day: number
  taken_at: Date | null
  position: string | null
  broken: { code: string; field: string } | null
}

export async function beginFollowing(q: Queryable, id: string): Promise<void> {
  await run(
    q,
    "insert into segments_followed (segment_id, version, day) values ($1, 0, 0) on conflict do nothing",
    [id],
  )
}

export function followedOf(q: Queryable, id: string): Promise<Followed | undefined> {
  return maybeRow(
    q,
    "select version, day, taken_at, position::text as position, broken from segments_followed where segment_id = $1",
    [id],
  )
}

/** Locks how far a segment is followed; nothing while another process is at it. */
export function lockFollowed(t: Tx, id: string): Promise<Followed | undefined> {
  return maybeRow(
    t,
    `select version, day, taken_at, position::text as position, broken from segments_followed
     where segment_id = $1 for update skip locked`,
    [id],
  )
}

/** Notes that a segment was looked at just now, or why it could not be. */
export async function saveFollowed(
  t: Tx,
  id: string,
  { version, day, now, broken }: { version: number; day: number; now: Date; broken: Followed["broken"] },
): Promise<void> {
  await run(
    t,
    `update segments_followed set version = $2, day = $3, broken = $4,
       taken_at = case when $4::jsonb is null then $5 else taken_at end,
       position = case when $4::jsonb is null then pg_current_snapshot() else position end
     where segment_id = $1`,
    [id, version, day, broken ? JSON.stringify(broken) : null, now],
  )
}

const NOBODY = `repeat('0', ${STANDING_PART})::bit(${STANDING_PART})`

/**
 * Writes who stands in the segment now where that differs from the last look, and in `day`, where one is given, who moved: one look
 * at everybody, then only the parts that changed. Who is no customer any more (merged into another) moved nowhere.
 */
export async function takeStanding(
  t: Tx,
  id: string,
  audience: Audience,
  day: number | null,
): Promise<{ came: number; went: number; people: number }> {
  const params: unknown[] = [id, day]
  const where = audienceWhere(audience, params)
  return oneRow(
    t,
    `with inside as (
       select c.number / ${STANDING_PART} as part, bit_or(set_bit(${NOBODY}, c.number % ${STANDING_PART}, 1)) as bits
       from ${TRAITS_TABLE} c where ${where} group by 1),
     changed as materialized (
       select coalesce(i.part, s.part) as part, coalesce(i.bits, ${NOBODY}) as now, coalesce(s.bits, ${NOBODY}) as before
       from inside i full join (select part, bits from segments_standing where segment_id = $1) s on s.part = i.part
       where i.bits is distinct from s.bits),
     kept as (
       insert into segments_standing (segment_id, part, bits) select $1, part, now from changed where now <> ${NOBODY}
       on conflict (segment_id, part) do update set bits = excluded.bits),
     emptied as (
       delete from segments_standing s using changed c where s.segment_id = $1 and s.part = c.part and c.now = ${NOBODY}),
     moved as materialized (
       select k.customer_id, k.number, get_bit(c.now, n) = 1 as came
       from changed c cross join generate_series(0, ${STANDING_PART - 1}) n
       join ${TRAITS_TABLE} k on k.number = c.part * ${STANDING_PART} + n
       where $2::int is not null and get_bit(c.now # c.before, n) = 1),
     listed as (
       insert into segments_moves (segment_id, day, customer_id, came)
       select $1, $2, customer_id, came from moved order by number limit ${MOVES_LISTED}
       on conflict (segment_id, day, customer_id) do update set came = excluded.came, why = null)
     select count(*) filter (where came)::int as came, count(*) filter (where not came)::int as went,
       (select coalesce(sum(bit_count(bits)), 0)::int from inside) as people from moved`,
    params,
  )
}

export type Day = {
  day: number
  came: number
  went: number
  people: number
  version: number
  begun: boolean
}

/** Writes a day; a day on which the segment was begun stays one. */
export async function saveDay(t: Tx, id: string, d: Day & { since: Date; until: Date }): Promise<void> {
  await run(
    t,
    `insert into segments_days as d (segment_id, day, came, went, people, version, begun, since, until)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (segment_id, day) do update set came = excluded.came, went = excluded.went, people = excluded.people,
       version = excluded.version, begun = d.begun or excluded.begun, until = excluded.until`,
    [id, d.day, d.came, d.went, d.people, d.version, d.begun, d.since, d.until],
  )
}

/** Some of those who moved on a day, who came first, to be told why. */
export function unexplained(t: Tx, id: string, day: number, limit: number): Promise<Member[]> {
  return rows(
    t,
    `select m.customer_id, k.number from segments_moves m join ${TRAITS_TABLE} k on k.customer_id = m.customer_id
     where m.segment_id = $1 and m.day = $2 and m.why is null order by m.came desc, k.number limit $3`,
    [id, day, limit],
  )
}

export async function saveWhy(
  t: Tx,
  id: string,
  day: number,
  why: ReadonlyMap<string, Flip[]>,
): Promise<void> {
  await run(
    t,
    `update segments_moves m set why = g.why from unnest($3::uuid[], $4::jsonb[]) as g (customer_id, why)
     where m.segment_id = $1 and m.day = $2 and m.customer_id = g.customer_id`,
    [id, day, [...why.keys()], [...why.values()].map((flips) => JSON.stringify(flips))],
  )
}

/** The days from one on, oldest first: of everybody, or counted among those whom one may see. */
export function daysOf(
  q: Queryable,
  id: string,
  from: number,
  scope: Scope,
): Promise<(Day & { people: number | null })[]> {
  if (!scope)
    return rows(
      q,
      `select day, came, went, people, version, begun from segments_days where segment_id = $1 and day >= $2 order by day`,
      [id, from],
    )
  return rows(
    q,
    `select d.day, count(k.customer_id) filter (where m.came)::int as came,
       count(k.customer_id) filter (where not m.came)::int as went, null::int as people, d.version, d.begun
     from segments_days d left join segments_moves m on m.segment_id = d.segment_id and m.day = d.day
       left join ${TRAITS_TABLE} k on k.customer_id = m.customer_id and k.scope_id = any($3::uuid[])
     where d.segment_id = $1 and d.day >= $2 group by d.segment_id, d.day order by d.day`,
    [id, from, scope],
  )
}

export type Moved = {
  customer_id: string
  number: number
  came: boolean
  why: Flip[] | null
  version: number
}

/** People who moved on a day, in the order of their numbers, after one. */
export function movedOn(
  q: Queryable,
  asked: { id: string; day: number; came: boolean | null; after: number; limit: number; scope: Scope },
): Promise<Moved[]> {
  return rows(
    q,
    `select m.customer_id, k.number, m.came, m.why, d.version from segments_moves m
     join segments_days d on d.segment_id = m.segment_id and d.day = m.day
     join ${TRAITS_TABLE} k on k.customer_id = m.customer_id
     where m.segment_id = $1 and m.day = $2 and ($3::boolean is null or m.came = $3) and k.number > $4
       and ($5::uuid[] is null or k.scope_id = any($5)) order by k.number limit $6`,
    [asked.id, asked.day, asked.came, asked.after, asked.scope, asked.limit],
  )
}

/** Throws away what is older than these days, and what is kept of segments that are gone; gives how many rows were too old. */
export async function prune(
  t: Tx,
  { moves_from, days_from, limit }: { moves_from: number; days_from: number; limit: number },
): Promise<number> {
  const moves = await run(
    t,
    "delete from segments_moves where ctid = any(array(select ctid from segments_moves where day < $1 limit $2))",
    [moves_from, limit],
  )
  const days = await run(
    t,
    "delete from segments_days where ctid = any(array(select ctid from segments_days where day < $1 limit $2))",
    [days_from, limit],
  )
  const gone = await rows<{ segment_id: string }>(
    t,
    `delete from segments_followed f using segments_segments s where s.id = f.segment_id and s.deleted_at is not null
     returning f.segment_id`,
  )
  const ids = gone.map((g) => g.segment_id)
  for (const table of ["segments_standing", "segments_days"])
    if (ids.length > 0) await run(t, `delete from ${table} where segment_id = any($1::uuid[])`, [ids])
  return moves + days
}
