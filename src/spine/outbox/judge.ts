import { sqlDay } from "../../kernel/day.ts"
import type { Caps } from "./rules.ts"

/** One more bound parameter; gives its place. */
export class Params {
  readonly values: unknown[] = []
  add(value: unknown): string {
    this.values.push(value)
    return `$${this.values.length}`
  }
}

export type JudgeOptions = {
  /** SQL of (customer_id, cause_kind, cause_id, part, visit, message_id, account_function, due_at, expires_at, selling). */
  candidates: string
  /** SQL of contacts, as World has it. */
  contacts: string
  accounts: readonly [readonly string[], readonly string[], readonly number[]]
  caps: Caps
  /**
   * What all candidates have in common: then they are customer_ids and nothing else, each once, and the common columns stand as
   * expressions instead of going through every sort (wide rows made every sort of a large plan spill to disk).
   */
  same?: Same
}

export type Same = {
  day: number
  columns: Readonly<Record<Common, string>>
  /** SQL by which slots `s` of these people are found as a range. */
  slots_within?: string
}
export type Common =
  | "cause_kind"
  | "cause_id"
  | "part"
  | "visit"
  | "message_id"
  | "account_function"
  | "due_at"
  | "expires_at"
  | "selling"
  | "day"

/** A column of a candidate: its own, or the expression that all have in common. */
export function columnOf(same: Same | undefined, row: string, column: Common): string {
  return same?.columns[column] ?? `${row}.${column}`
}

/** What a platform counts, or may yet count, as a message to a person. */
const OCCUPYING = "'planned', 'sending', 'sent_to_staff', 'confirmed', 'delivered', 'unknown'"

/** The first day of a day's month, or of the next one, as a day number. */
const monthEdge = (day: string, later: string, plus: number) =>
  `((date_trunc('month', date '1970-01-01' + ${day}) + interval '${later}')::date - date '1970-01-01' + ${plus})`

/**
 * The one judgement over a set of intended touches: who reaches the person, whether the person may be written to on that day,
 * and whether the account has room. Gives CTEs ending in `judged`, with `ruling`: null (placed), `no_room`, or why left out.
 * Whoever runs it holds the planner's lock, so that what it reads of slots and use cannot change under it.
 */
export function judge(p: Params, o: JudgeOptions): string {
  const { same } = o
  const [ids, functions, quotas] = o.accounts
  const week = p.add(o.caps.per_week)
  const perDay = p.add(o.caps.per_day)
  const slotRange = same ? `and s.day between ${p.add(same.day - 6)} and ${p.add(same.day + 6)}` : ""
  const slotPeople = same?.slots_within ?? "s.customer_id in (select customer_id from candidates)"
  const of = (row: string, column: Common) => columnOf(same, row, column)
  const [fn, selling, day] = [of("c", "account_function"), of("w", "selling"), of("w", "day")]
  const key = same ? "c.customer_id" : "c.customer_id, c.cause_kind, c.cause_id, c.visit"
  const own = same ? "c.customer_id" : `c.*, ${sqlDay("c.due_at")} as day`
  const monthFull =
    o.caps.per_month === null
      ? ""
      : `when (select count(*) from outbox_touches k where k.customer_id = w.customer_id and k.state in (${OCCUPYING})
          and k.day between ${monthEdge(day, "0 month", 0)} and ${monthEdge(day, "1 month", -1)}) >= ${p.add(o.caps.per_month)}::int then 'month_full'`
  // two selling touches for one person in one set: the second is judged again when the first has its slot
  const again = same
    ? ""
    : "when w.selling and row_number() over (partition by w.customer_id, w.selling order by w.due_at, w.cause_id, w.visit) > 1 then 'again'"
  return `
  candidates as ${same ? "" : "materialized"} (${o.candidates}),
  senders as materialized (
    select * from unnest(${p.add(ids)}::uuid[], ${p.add(functions)}::text[], ${p.add(quotas)}::int[]) as a(account_id, functions, quota)),
  ways as (
    select distinct on (${key}) ${own}, w.account_id as known_account, a.account_id,
      coalesce(w.opted_out, false) as opted_out
    from candidates c
    left join (${o.contacts}) w on w.customer_id = c.customer_id
    left join senders a on a.account_id = w.account_id and (${fn} is null or ${fn} = any(string_to_array(a.functions, ' ')))
    order by ${key}, (a.account_id is null), w.added_at desc),
  taken as (
    select s.customer_id, array_agg(s.day) as days from outbox_slots s
    where s.kind = 'selling' ${slotRange} and ${slotPeople}
    group by s.customer_id),
  weighed as (
    select w.*, t.days is not null as met, case
      when w.opted_out then 'opted_out'
      when w.account_id is null then case when w.known_account is null then 'no_contact' else 'no_account' end
      when ${selling} and t.days is not null and (
        cardinality(array_positions(t.days, ${day})) >= ${perDay}::int
        or exists (select from generate_series(${day} - 6, ${day}) f
          where (select count(*) from unnest(t.days) d where d between f and f + 6) >= ${week}::int)) then 'capped'
      ${monthFull} ${again} end as verdict
    from ways w left join taken t on t.customer_id = w.customer_id),
  judged as (
    select w.*, case when w.verdict is null
      and row_number() over (partition by w.account_id, ${same ? "" : "w.day,"} w.verdict order by w.customer_id) > a.quota - coalesce(u.used, 0)
      then 'no_room' else w.verdict end as ruling
    from weighed w
    left join senders a on a.account_id = w.account_id
    left join outbox_use u on u.account_id = w.account_id and u.class = 'private_messages' and u.day = ${day})`
}
