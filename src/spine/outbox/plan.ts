import { DAY_MS, dayNumber } from "../../kernel/day.ts"
import { maybeRow, type Queryable, run, type Tx } from "../../platform/db.ts"
import { type Common, columnOf, judge, Params, type Same } from "./judge.ts"
import { capsOn } from "./limit-table.ts"
import { PLACE_CHUNK, PLAN_DAYS_MAX } from "./limits.ts"
import { type Nature, nextAllowed, partOf } from "./rules.ts"
import { accountColumns, type World } from "./world.ts"

const PLANNER_LOCK = 7_318_140

/**
 * Whoever reserves slots and quota holds this lock until commit. It makes the rolling cap and the quotas exact without a lock a
 * person; planning is bound by inserts, so that two planners side by side would not be quicker.
 */
export async function lockPlanner(t: Tx): Promise<void> {
  await t.query("select pg_advisory_xact_lock($1)", [PLANNER_LOCK])
}

/** `leave_out`: who is capped on the day is told as left out. `next_day`: another day inside the window is looked for. */
export type WhenCapped = "leave_out" | "next_day"

export type Message = {
  id: string
  touch_kind: "send_private"
  nature: Nature
  when_capped: WhenCapped
  account_function: string | null
  content: { text: string; attachments?: unknown[] }
}

/** Stores messages; the same id again is the same message. */
export async function saveMessages(q: Queryable, messages: readonly Message[]): Promise<void> {
  await run(
    q,
    `insert into outbox_messages (id, touch_kind, nature, when_capped, account_function, content)
     select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[]) on conflict (id) do nothing`,
    [
      messages.map((m) => m.id),
      messages.map((m) => m.touch_kind),
      messages.map((m) => m.nature),
      messages.map((m) => m.when_capped),
      messages.map((m) => m.account_function),
      messages.map((m) => JSON.stringify(m.content)),
    ],
  )
}

export type Chunk = {
  cause: { kind: string; id: string; at: Date }
  message: Message
  /** SQL of a relation (customer_id uuid) with parameters $1…; each customer once. */
  audience: { sql: string; params: unknown[] }
  after: string | null
  size: number
  due_at: Date
  expires_at: Date
}

/**
 * Plans the next `size` customers of an audience in one statement: a row a recipient, slots and quota with it. Gives how many
 * and where it ended; the caller keeps that in the same transaction, which is what makes the plan happen once.
 */
export async function planChunk(
  t: Tx,
  world: World,
  chunk: Chunk,
): Promise<{ planned: number; through: string | null }> {
  const range = await nextRange(t, chunk)
  if (range === null) return { planned: 0, through: null }
  const p = new Params()
  p.values.push(...chunk.audience.params)
  const selling = chunk.message.nature === "selling"
  const within = (column: string) =>
    `${column} > ${p.add(range.after)}::uuid and ${column} <= ${p.add(range.through)}::uuid`
  const same: Same = {
    day: dayNumber(chunk.due_at),
    columns: {
      cause_kind: `${p.add(chunk.cause.kind)}::text`,
      cause_id: `${p.add(chunk.cause.id)}::uuid`,
      part: `${p.add(partOf(chunk.cause.at))}::date`,
      visit: "0",
      message_id: `${p.add(chunk.message.id)}::uuid`,
      account_function: `${p.add(chunk.message.account_function)}::text`,
      due_at: `${p.add(chunk.due_at)}::timestamptz`,
      expires_at: `${p.add(chunk.expires_at)}::timestamptz`,
      selling: String(selling),
      day: `${p.add(dayNumber(chunk.due_at))}::int`,
    },
    slots_within: within("s.customer_id"),
  }
  const judged = judge(p, {
    candidates: `select customer_id from (${chunk.audience.sql}) audience where ${within("customer_id")}`,
    contacts: `select * from (${world.contacts}) known where ${within("customer_id")}`,
    accounts: accountColumns(await world.accounts(t)),
    caps: await capsOn(t, chunk.due_at),
    same,
  })
  const later =
    chunk.message.when_capped === "next_day"
      ? "'no_room', 'no_account', 'capped', 'month_full'"
      : "'no_room', 'no_account'"
  const made = await maybeRow<{ planned: number; through: string | null }>(
    t,
    `with ${judged}, ${write(selling, later, same)}
     select count(*)::int as planned, max(customer_id::text collate "C") as through from made`,
    p.values,
  )
  return { planned: made?.planned ?? 0, through: made?.through ?? null }
}

const BEFORE_ALL = "00000000-0000-0000-0000-000000000000"

/**
 * The next piece of an audience by its bounds: with them, contacts and slots are read as ranges too instead of whole for every
 * piece.
 */
async function nextRange(t: Tx, chunk: Chunk): Promise<{ after: string; through: string } | null> {
  const params = [...chunk.audience.params]
  const after = chunk.after ?? BEFORE_ALL
  const found = await maybeRow<{ through: string | null }>(
    t,
    `select max(customer_id::text collate "C") as through from (
       select customer_id from (${chunk.audience.sql}) audience where customer_id > $${params.push(after)}::uuid
       order by customer_id limit $${params.push(chunk.size)}) piece`,
    params,
  )
  return found?.through ? { after, through: found.through } : null
}

const nextSlot = (row: string, day: string) => `case when not ${row}.met then 1 else
          (select coalesce(max(s.slot), 0) + 1 from outbox_slots s where s.customer_id = ${row}.customer_id and s.kind = 'selling' and s.day = ${day}) end`

/** CTEs that write the judged rows as touches, slots and use. */
function write(maySell: boolean, later: string, same?: Same): string {
  const of = (column: Common) => columnOf(same, "m", column)
  const slots = maySell
    ? `slots as (
      insert into outbox_slots (customer_id, kind, day, slot, touch_id)
      select m.customer_id, 'selling', ${of("day")}, ${nextSlot("m", of("day"))}, m.id
      from made m where m.ruling is null and ${of("selling")}),`
    : ""
  return `
  made as materialized (select nextval('outbox_touch_id') as id, j.* from judged j),
  ${slots}
  use as (
    insert into outbox_use as u (account_id, class, day, used)
    select m.account_id, 'private_messages', ${of("day")}, count(*) from made m where m.ruling is null group by m.account_id, ${of("day")}
    on conflict (account_id, class, day) do update set used = u.used + excluded.used),
  touches as (
    insert into outbox_touches (id, part, customer_id, cause_id, visit, cause_kind, message_id, account_id, day, due_at, expires_at, state, reason)
    select m.id, ${of("part")}, m.customer_id, ${of("cause_id")}, ${of("visit")}, ${of("cause_kind")}, ${of("message_id")},
      case when m.ruling is null then m.account_id end, ${of("day")}, ${of("due_at")}, ${of("expires_at")},
      case when m.ruling is null then 'planned' when m.ruling in (${later}, 'again') then 'unplaced' else 'left_out' end, m.ruling
    from made m)`
}

/** One intended touch of a play, a service or a person. `cause.at` is fixed for the cause, since it names the partition. */
export type TouchAsk = {
  customer_id: string
  cause: { kind: string; id: string; at: Date }
  visit: number
  message_id: string
  due_at: Date
  expires_at: Date
}

/** Plans a few thousand touches of any causes at once; what was planned before under the same key is left as it is. */
export async function planTouches(
  t: Tx,
  world: World,
  asks: readonly TouchAsk[],
  now: Date,
): Promise<number> {
  if (asks.length === 0) return 0
  await lockPlanner(t)
  const caps = await capsOn(t, now)
  const p = new Params()
  const columns = [
    [asks.map((a) => a.customer_id), "uuid"],
    [asks.map((a) => a.cause.kind), "text"],
    [asks.map((a) => a.cause.id), "uuid"],
    [asks.map((a) => partOf(a.cause.at)), "date"],
    [asks.map((a) => a.visit), "int"],
    [asks.map((a) => a.message_id), "uuid"],
    [asks.map((a) => nextAllowed(a.due_at, caps).toISOString()), "timestamptz"],
    [asks.map((a) => a.expires_at.toISOString()), "timestamptz"],
    [asks.map((a) => a.due_at.toISOString()), "timestamptz"],
  ] as const
  const candidates = `
    select distinct on (n.customer_id, n.cause_kind, n.cause_id, n.visit)
      n.customer_id, n.cause_kind, n.cause_id, n.part, n.visit, n.message_id, m.account_function,
      case when m.nature = 'answer' then n.asked_at else n.due_at end as due_at, n.expires_at,
      m.nature = 'selling' as selling, m.when_capped
    from unnest(${columns.map(([list, type]) => `${p.add(list)}::${type}[]`).join(", ")})
      n (customer_id, cause_kind, cause_id, part, visit, message_id, due_at, expires_at, asked_at)
    join outbox_messages m on m.id = n.message_id
    where not exists (select from outbox_touches k where (k.customer_id, k.cause_kind, k.cause_id, k.visit, k.part)
      = (n.customer_id, n.cause_kind, n.cause_id, n.visit, n.part))`
  const judged = judge(p, {
    candidates,
    contacts: world.contacts,
    accounts: accountColumns(await world.accounts(t)),
    caps,
  })
  const made = await maybeRow<{ planned: number }>(
    t,
    `with ${judged}, ${write(true, "'no_room', 'no_account', case when m.when_capped = 'next_day' then 'capped' else 'no_room' end, case when m.when_capped = 'next_day' then 'month_full' else 'no_room' end")}
     select count(*)::int as planned from made`,
    p.values,
  )
  return made?.planned ?? 0
}

/**
 * Looks for a day for touches that have none: the next one with room, at the same hour, on which the person may be written to.
 * What finds none before its end is reported with the reason. Gives how many rows it moved or ended.
 */
export async function placeUnplaced(t: Tx, world: World, now: Date, limit = PLACE_CHUNK): Promise<number> {
  await lockPlanner(t)
  const caps = await capsOn(t, now)
  const [ids, functions, quotas] = accountColumns(await world.accounts(t))
  const p = new Params()
  const today = dayNumber(now)
  const candidates = `
    select u.id, u.customer_id, u.cause_kind, u.cause_id, u.part, u.visit, u.message_id, m.account_function, u.expires_at, u.reason,
      u.due_at > ${p.add(now)}::timestamptz as ahead,
      greatest(u.due_at, ${p.add(nextAllowed(now, caps))}::timestamptz) as due_at, m.nature = 'selling' as selling, m.when_capped
    from (select * from outbox_touches where state = 'unplaced'
        -- who waits for an account to come back is looked at again when the time has come, not before
        and due_at <= case when reason = 'no_account' then ${p.add(now)}::timestamptz else ${p.add(horizonOf(now))}::timestamptz end
      order by due_at limit ${p.add(limit)} for update skip locked) u
    join outbox_messages m on m.id = u.message_id`
  const judged = judge(p, { candidates, contacts: world.contacts, accounts: [ids, functions, quotas], caps })
  const day = p.add(today)
  const moved = await maybeRow<{ moved: number }>(
    t,
    `with ${judged},
     -- per account the days that have room, so that full days are skipped in one go
     horizon as materialized (
       select s.account_id, d.day from senders s cross join generate_series(${day}::int, ${day}::int + ${PLAN_DAYS_MAX}) d (day)
       left join outbox_use u on u.account_id = s.account_id and u.class = 'private_messages' and u.day = d.day
       where s.quota > coalesce(u.used, 0)),
     next_room as materialized (
       select f.account_id, f.day, (select min(h.day) from horizon h where h.account_id = f.account_id and h.day > f.day) as next_day
       from (select distinct account_id, day from judged where ruling = 'no_room') f),
     decided as materialized (
       select j.*, case
         when j.ruling is null then j.day
         when j.ruling = 'no_room' then n.next_day
         -- whose time has not come keeps it: the account may be back by then
         when j.ruling = 'no_account' and j.ahead then j.day
         when j.ruling in ('no_account', 'capped', 'month_full') then j.day + 1
         when j.ruling = 'again' then j.day end as new_day
       from judged j left join next_room n on n.account_id = j.account_id and n.day = j.day and j.ruling = 'no_room'),
     timed as materialized (
       select d.*, case
         when new_day = d.day then due_at
         else due_at + (new_day - d.day) * interval '1 day' end as new_due
       from decided d),
     final as materialized (
       select t.*, case
         when ruling is null and due_at < expires_at then 'planned'
         when ruling in ('capped', 'month_full') and when_capped = 'leave_out' then 'left_out'
         when ruling in ('opted_out', 'no_contact') then 'left_out'
         when new_due is null or new_due >= expires_at then 'expired'
         else 'unplaced' end as new_state
       from timed t),
     slots as (
       insert into outbox_slots (customer_id, kind, day, slot, touch_id)
       select f.customer_id, 'selling', f.day,
         ${nextSlot("f", "f.day")}, f.id
       from final f where f.new_state = 'planned' and f.selling),
     use as (
       insert into outbox_use as u (account_id, class, day, used)
       select account_id, 'private_messages', day, count(*) from final where new_state = 'planned' group by account_id, day
       on conflict (account_id, class, day) do update set used = u.used + excluded.used),
     touches as (
       update outbox_touches o set state = f.new_state, account_id = case when f.new_state = 'planned' then f.account_id end,
         day = coalesce(case when f.new_state = 'planned' then f.day else f.new_day end, o.day),
         due_at = coalesce(case when f.new_state = 'planned' then f.due_at else f.new_due end, o.due_at),
         reason = case when f.new_state = 'planned' then null else coalesce(f.ruling, f.reason) end,
         retry_at = case when f.new_state = 'planned' then null else o.retry_at end
       from final f
       where (o.customer_id, o.cause_kind, o.cause_id, o.visit, o.part) = (f.customer_id, f.cause_kind, f.cause_id, f.visit, f.part))
     select count(*)::int as moved from final`,
    p.values,
  )
  return moved?.moved ?? 0
}

const horizonOf = (now: Date) => new Date(now.getTime() + PLAN_DAYS_MAX * DAY_MS)
