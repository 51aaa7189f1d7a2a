import { maybeRow, oneRow, type Queryable, rows, run, type Tx } from "../../../platform/db.ts"
import { TRAITS_TABLE } from "../../../spine/traits/index.ts"
import type { Slot } from "./rules.ts"
import { lineOfDay } from "./store-line.ts"

export type Diversion = {
  id: string
  name: string
  segment_id: string | null
  rule: unknown
  opening: string
  account_ids: string[]
  from_day: number
  state: "running" | "ended" | "cancelled"
  people: number
  made_by: string
  made_at: Date
  ended_at: Date | null
}

export async function saveDiversion(t: Tx, d: Diversion): Promise<void> {
  await run(
    t,
    `insert into plans_diversions (id, name, segment_id, rule, opening, account_ids, from_day, state, people, made_by, made_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...[d.id, d.name, d.segment_id, JSON.stringify(d.rule), d.opening, d.account_ids, d.from_day],
      ...[d.state, d.people, d.made_by, d.made_at],
    ],
  )
}

export async function setPeople(t: Tx, id: string, people: number): Promise<void> {
  await run(t, "update plans_diversions set people = $2 where id = $1", [id, people])
}

export function runningDiversions(q: Queryable, limit: number): Promise<Diversion[]> {
  return rows(q, "select * from plans_diversions where state = 'running' order by id limit $1", [limit])
}

/** The diversion, locked; nothing where another process has it in hand. */
export function lockRunning(t: Tx, id: string): Promise<Diversion | undefined> {
  return maybeRow(
    t,
    "select * from plans_diversions where id = $1 and state = 'running' for update skip locked",
    [id],
  )
}

/** The diversion if it may be seen; locked where it is to be changed. */
export function diversionById(
  q: Queryable,
  id: string,
  seen: readonly string[] | null,
  lock = false,
): Promise<Diversion | undefined> {
  return maybeRow(
    q,
    `select * from plans_diversions where id = $1 and ($2::uuid[] is null or made_by = any($2)) ${lock ? "for update" : ""}`,
    [id, seen],
  )
}

export function diversionRows(
  q: Queryable,
  seen: readonly string[] | null,
  after: string | null,
  limit: number,
): Promise<Diversion[]> {
  return rows(
    q,
    `select * from plans_diversions where ($1::uuid[] is null or made_by = any($1)) and ($2::uuid is null or id < $2)
     order by id desc limit $3`,
    [seen, after, limit],
  )
}

export async function endDiversion(
  t: Tx,
  id: string,
  state: "ended" | "cancelled",
  now: Date,
): Promise<void> {
  await run(t, "update plans_diversions set state = $2, ended_at = $3 where id = $1", [id, state, now])
}

export type Funnel = { invited: number; added: number; grouped: number; held: number; dropped: number }

/** How far those of each diversion have come; who stands further has been through what is before it. Who stands in line without a day is held. */
export async function funnelOf(q: Queryable, ids: readonly string[]): Promise<Map<string, Funnel>> {
  const found = await rows<Funnel & { diversion_id: string }>(
    q,
    `select i.diversion_id, coalesce(n.invited, 0) as invited, coalesce(n.added, 0) as added, coalesce(n.grouped, 0) as grouped,
       (coalesce(l.waiting, 0) - coalesce(s.placed, 0))::int as held,
       -- Who stood in line when it was stopped was dropped without a line of their own.
       (coalesce(n.dropped, 0) + case v.state when 'cancelled' then greatest(v.people - coalesce(n.named, 0), 0) else 0 end)::int as dropped
     from unnest($1::uuid[]) i (diversion_id) join plans_diversions v on v.id = i.diversion_id
     left join (select diversion_id, sum(people) as waiting from plans_diversion_line where diversion_id = any($1::uuid[]) group by 1) l using (diversion_id)
     left join (select diversion_id, sum(people - given) as placed from plans_diversion_slots where diversion_id = any($1::uuid[]) group by 1) s using (diversion_id)
     left join (
       select diversion_id, (count(*) filter (where state <> 'back'))::int as named,
         (count(*) filter (where state in ('invited', 'added', 'grouped')))::int as invited,
         (count(*) filter (where state in ('added', 'grouped')))::int as added,
         (count(*) filter (where state = 'grouped'))::int as grouped, (count(*) filter (where state = 'dropped'))::int as dropped
       from plans_diverted where diversion_id = any($1::uuid[]) group by 1) n using (diversion_id)`,
    [ids],
  )
  return new Map(found.map((f) => [f.diversion_id, f]))
}

export function slotsOf(q: Queryable, id: string, from_day: number, days: number): Promise<Slot[]> {
  return rows(
    q,
    `select account_id, day, people from plans_diversion_slots
     where diversion_id = $1 and day >= $2 and day < $2::int + $3::int and people > 0 order by day, account_id`,
    [id, from_day, days],
  )
}

export async function spanOf(
  q: Queryable,
  id: string,
): Promise<{ first: number | null; last: number | null }> {
  return oneRow(
    q,
    "select min(day) as first, max(day) as last from plans_diversion_slots where diversion_id = $1 and people > 0",
    [id],
  )
}

export type DayRow = { customer_id: string; account_id: string; state: string }

/** One day's list, account by account, of the customers whom somebody may see: those who were named, then who comes as things stand. */
export function dayRows(
  q: Queryable,
  id: string,
  day: number,
  scope: readonly string[] | null,
  after: { account_id: string; customer_id: string } | null,
  limit: number,
): Promise<DayRow[]> {
  return rows(
    q,
    `select d.customer_id, d.account_id, d.state from (
       select customer_id, account_id, state from plans_diverted where diversion_id = $1 and day = $2 and state <> 'back'
       union all
       select customer_id, account_id, 'planned' from (${lineOfDay("$1", "$2")}) l) d
     where ($3::uuid[] is null or exists (
         select 1 from ${TRAITS_TABLE} t where t.customer_id = d.customer_id and t.scope_id = any($3)))
       and ($4::uuid is null or (d.account_id, d.customer_id) > ($4, $5::uuid))
     order by d.account_id, d.customer_id limit $6`,
    [id, day, scope, after?.account_id ?? null, after?.customer_id ?? null, limit],
  )
}
