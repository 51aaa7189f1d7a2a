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
  /** All candidates have one moment, message and nature: the statement then asks for it once. */
  same_day?: number
  /** SQL by which slots `s` of these people are found as a range; else by their ids. */
  slots_within?: string
}

/**
 * The one judgement over a set of intended touches: who reaches the person, whether the person may be written to on that day,
 * and whether the account has room. Gives CTEs ending in `judged`, with `verdict`: null (placed), `no_room`, or why left out.
 * Whoever runs it holds the planner's lock, so that what it reads of slots and use cannot change under it.
 */
export function judge(p: Params, o: JudgeOptions): string {
  const [ids, functions, quotas] = o.accounts
  const day = o.same_day === undefined ? sqlDay("c.due_at") : p.add(o.same_day) + "::int"
  const week = p.add(o.caps.per_week)
  const perDay = p.add(o.caps.per_day)
  const slotRange =
    o.same_day === undefined ? "" : `and s.day between ${p.add(o.same_day - 6)} and ${p.add(o.same_day + 6)}`
  // two selling touches for one person in one set: the second is judged again when the first has its slot
  const again =
    o.same_day === undefined
      ? "when w.selling and row_number() over (partition by w.customer_id, w.selling order by w.due_at, w.cause_id, w.visit) > 1 then 'again'"
      : ""
  return `
  candidates as materialized (${o.candidates}),
  senders as materialized (
    select * from unnest(${p.add(ids)}::uuid[], ${p.add(functions)}::text[], ${p.add(quotas)}::int[]) as a(account_id, function, quota)),
  ways as (
    select distinct on (c.customer_id, c.cause_kind, c.cause_id, c.visit) c.*, ${day} as day, w.account_id as known_account, a.account_id,
      coalesce(w.opted_out, false) as opted_out
    from candidates c
    left join (${o.contacts}) w on w.customer_id = c.customer_id
    left join senders a on a.account_id = w.account_id and (c.account_function is null or a.function = c.account_function)
    order by c.customer_id, c.cause_kind, c.cause_id, c.visit, (a.account_id is null), w.added_at desc),
  taken as (
    select s.customer_id, array_agg(s.day) as days from outbox_slots s
    where s.kind = 'selling' ${slotRange} and ${o.slots_within ?? "s.customer_id in (select customer_id from candidates where selling)"}
    group by s.customer_id),
  weighed as (
    select w.*, t.days is not null as met, case
      when w.opted_out then 'opted_out'
      when w.account_id is null then case when w.known_account is null then 'no_contact' else 'no_account' end
      when w.selling and t.days is not null and (
        cardinality(array_positions(t.days, w.day)) >= ${perDay}::int
        or exists (select from generate_series(w.day - 6, w.day) f
          where (select count(*) from unnest(t.days) d where d between f and f + 6) >= ${week}::int)) then 'capped'
      ${again} end as verdict
    from ways w left join taken t on t.customer_id = w.customer_id),
  judged as materialized (
    select w.*, case when w.verdict is null
      and row_number() over (partition by w.account_id, w.day, w.verdict order by w.customer_id) > a.quota - coalesce(u.used, 0)
      then 'no_room' else w.verdict end as ruling
    from weighed w
    left join senders a on a.account_id = w.account_id
    left join outbox_use u on u.account_id = w.account_id and u.class = 'private_messages' and u.day = w.day)`
}
