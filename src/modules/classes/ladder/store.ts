import { maybeRow, type Queryable, rows, run, type Tx } from "../../../platform/db.ts"
import { columnOf, TRAITS_TABLE } from "../../../spine/traits/index.ts"
import type { Stage } from "../shared.ts"
import type { StepDays } from "./rules.ts"

export async function knownSteps(q: Queryable, ids: readonly string[]): Promise<Map<string, StepDays>> {
  const found = await rows<StepDays & { customer_id: string }>(
    q,
    "select * from classes_steps where customer_id = any($1::uuid[])",
    [ids],
  )
  return new Map(found.map((s) => [s.customer_id, s]))
}

/** Who stands on no step beyond the first has no row. */
export async function saveSteps(t: Tx, list: readonly (StepDays & { customer_id: string })[]): Promise<void> {
  if (list.length === 0) return
  const sorted = [...list].sort((a, b) => (a.customer_id < b.customer_id ? -1 : 1))
  await run(
    t,
    `insert into classes_steps as s (customer_id, customer_day, member_day, partner_day)
     select * from unnest($1::uuid[], $2::int[], $3::int[], $4::int[])
     on conflict (customer_id) do update set customer_day = excluded.customer_day, member_day = excluded.member_day,
       partner_day = excluded.partner_day
     where (s.customer_day, s.member_day, s.partner_day) is distinct from (excluded.customer_day, excluded.member_day, excluded.partner_day)`,
    [
      sorted.map((s) => s.customer_id),
      sorted.map((s) => s.customer_day),
      sorted.map((s) => s.member_day),
      sorted.map((s) => s.partner_day),
    ],
  )
}

export type StepDown = {
  id: string
  customer_id: string
  from_stage: Stage
  to_stage: Stage
  why: Record<string, unknown>
  state: "open" | "accepted" | "declined" | "lapsed"
  proposed_at: Date
  decided_at: Date | null
  decided_by: string | null
  reason: string | null
}

/** The open question about each of these; where there is none, whether the last one was declined. */
export async function questionsOf(
  q: Queryable,
  ids: readonly string[],
): Promise<Map<string, { open_to: Stage | null; declined_to: Stage | null }>> {
  const found = await rows<{ customer_id: string; open_to: Stage | null; declined_to: Stage | null }>(
    q,
    `select distinct on (customer_id) customer_id, case when state = 'open' then to_stage end as open_to,
       case when state = 'declined' then to_stage end as declined_to
     from classes_step_downs where customer_id = any($1::uuid[]) order by customer_id, state = 'open' desc, id desc`,
    [ids],
  )
  return new Map(found.map((f) => [f.customer_id, f]))
}

/** Asks once: whose question is open already is not asked another. Gives those asked now. */
export function askStepDowns(
  t: Tx,
  list: readonly Pick<StepDown, "id" | "customer_id" | "from_stage" | "to_stage" | "why">[],
  now: Date,
): Promise<StepDown[]> {
  return rows(
    t,
    `insert into classes_step_downs (customer_id, id, from_stage, to_stage, why, state, proposed_at)
     select a.*, 'open', $6 from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::jsonb[]) a
     on conflict do nothing returning *`,
    [
      list.map((a) => a.customer_id),
      list.map((a) => a.id),
      list.map((a) => a.from_stage),
      list.map((a) => a.to_stage),
      list.map((a) => JSON.stringify(a.why)),
      now,
    ],
  )
}

/** Ends the open questions about these customers by themselves. Gives their ids. */
export async function lapseStepDowns(t: Tx, customers: readonly string[], now: Date): Promise<string[]> {
  const gone = await rows<{ id: string }>(
    t,
    `update classes_step_downs set state = 'lapsed', decided_at = $2
     where customer_id = any($1::uuid[]) and state = 'open' returning id`,
    [customers, now],
  )
  return gone.map((g) => g.id)
}

const SEEN = `($1::uuid[] is null or exists (select 1 from ${TRAITS_TABLE} t where t.customer_id = d.customer_id and t.scope_id = any($1)))`

/** The question, locked, if its customer may be seen. */
export function stepDownForUpdate(
  t: Tx,
  id: string,
  scope: readonly string[] | null,
): Promise<StepDown | undefined> {
  return maybeRow(t, `select d.* from classes_step_downs d where d.id = $2 and ${SEEN} for update`, [
    scope,
    id,
  ])
}

export async function decideStepDown(
  t: Tx,
  id: string,
  state: "accepted" | "declined",
  by: string,
  reason: string,
  now: Date,
): Promise<void> {
  await run(
    t,
    "update classes_step_downs set state = $2, decided_at = $3, decided_by = $4, reason = nullif($5, '') where id = $1",
    [id, state, now, by, reason],
  )
}

export function stepDownRows(
  q: Queryable,
  filter: { scope: readonly string[] | null; state: string; before: string | null; limit: number },
): Promise<StepDown[]> {
  return rows(
    q,
    `select d.* from classes_step_downs d where ${SEEN} and d.state = $2 and ($3::uuid is null or d.id < $3)
     order by d.id desc limit $4`,
    [filter.scope, filter.state, filter.before, filter.limit],
  )
}

export async function openStepDowns(q: Queryable, scope: readonly string[] | null): Promise<number> {
  const found = await maybeRow<{ n: number }>(
    q,
    `select count(*)::int as n from classes_step_downs d where ${SEEN} and d.state = 'open'`,
    [scope],
  )
  return found?.n ?? 0
}

export type FunnelRow = {
  key: string | null
  people: number
  customers: number
  members: number
  partners: number
  /** Median whole days from the beginning to the first order, from there to the membership, from there to partner. */
  to_customer: number | null
  to_member: number | null
  to_partner: number | null
}

const [FRIEND, FIRST, SOURCE] = [
  "customers.friend_since_day",
  "orders.first_day",
  "customers.source_code",
].map(columnOf)
/** Whoever ordered before becoming a friend began with that order. */
const BEGAN = `least(t.${FRIEND}, t.${FIRST})`
const median = (from: string, to: string) =>
  `percentile_disc(0.5) within group (order by greatest(0, ${to} - ${from})) filter (where ${to} is not null and ${from} is not null)`

/** How many stand on each step and how long the median took, of everybody, by source or by whose customers they are. */
export function funnel(
  q: Queryable,
  by: "all" | "source" | "operator",
  scope: readonly string[] | null,
  limit: number,
): Promise<FunnelRow[]> {
  const key = by === "all" ? "null::text" : by === "source" ? `coalesce(t.${SOURCE}, '')` : "t.scope_id::text"
  return rows(
    q,
    `select ${key} as key, count(*)::int as people, count(s.customer_day)::int as customers,
       count(s.member_day)::int as members, count(s.partner_day)::int as partners,
       ${median(BEGAN, "s.customer_day")} as to_customer, ${median("s.customer_day", "s.member_day")} as to_member,
       ${median("s.member_day", "s.partner_day")} as to_partner
     from ${TRAITS_TABLE} t left join classes_steps s using (customer_id)
     where ($1::uuid[] is null or t.scope_id = any($1)) group by 1 order by people desc, 1 limit $2`,
    [scope, limit],
  )
}

/** The earlier day of each step; who goes leaves the pyramid until tomorrow; of two open questions that about the one who stays. */
export async function carrySteps(t: Tx, { from, into }: { from: string; into: string }): Promise<void> {
  const days = ["customer_day", "member_day", "partner_day"]
  await run(
    t,
    `with gone as (delete from classes_steps where customer_id = $1 returning *)
     insert into classes_steps as s (customer_id, ${days.join(", ")}) select $2::uuid, ${days.join(", ")} from gone
     on conflict (customer_id) do update set ${days.map((day) => `${day} = least(s.${day}, excluded.${day})`).join(", ")}`,
    [from, into],
  )
  await run(t, "delete from classes_layers where customer_id = $1", [from])
  await run(
    t,
    `update classes_step_downs d set state = 'lapsed' where customer_id = $1 and state = 'open'
       and exists (select 1 from classes_step_downs o where o.customer_id = $2 and o.state = 'open')`,
    [from, into],
  )
  await run(t, "update classes_step_downs set customer_id = $2 where customer_id = $1", [from, into])
}
