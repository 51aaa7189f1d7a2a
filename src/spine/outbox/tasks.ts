import type { Service } from "../../channels/protocol/index.ts"
import { type Refusal, refuse } from "../../kernel/result.ts"
import { type Db, maybeRow, type Queryable, rows, run, type Tx } from "../../platform/db.ts"
import { cancelByCause } from "./assignments.ts"
import { capsOn, limitsOn, platformLimits } from "./limit-table.ts"
import { PARCELS_PER_PASS, REMIND_AFTER_MS, REMINDERS_A_DAY, TEND_AGAIN_MS } from "./limits.ts"
import { isQuiet } from "./rules.ts"
import { changeTouches, type TouchKey } from "./touches.ts"
import type { World } from "./world.ts"

type Task = { id: string; channel: string; task_ref: string }

/** Tasks (parcels that wait for staff) of which somebody has not pressed send yet. */
const PENDING = `p.state = 'receipts' and p.task_ref is not null and exists (
  select from outbox_touches o where o.parcel_id = p.id and o.state = 'sent_to_staff')`
const RESTED = "(p.tend_at is null or p.tend_at <= clock_timestamp())"

const channelsThat = (world: World, service: Service) =>
  [...world.channels.values()].filter((c) => c.can(service)).map((c) => c.name)

/**
 * Takes back what staff have not sent of tasks whose time is over or whose send is called off. What is left of them is settled
 * when their receipts are read the next time. Gives how many were tried.
 */
export async function recallTasks(db: Db, world: World, now: Date): Promise<number> {
  const due = await rows<Task>(
    db,
    `update outbox_parcels set recall = coalesce(recall, case when until <= $1 then 'window_passed' else 'send_cancelled' end),
       tend_at = clock_timestamp() + $2 * interval '1 ms'
     where id in (select id from outbox_parcels p where ${PENDING} and ${RESTED} and p.recalled_at is null and p.channel = any($3)
       and (p.until <= $1 or p.message_id in (select message_id from outbox_sends where state = 'cancelled'))
       order by p.id limit $4 for update skip locked)
     returning id, channel, task_ref`,
    [now, TEND_AGAIN_MS, channelsThat(world, "cancel"), PARCELS_PER_PASS],
  )
  for (const task of due) {
    const answer = await world.channels.get(task.channel)?.services.cancel?.(task.task_ref)
    if (answer && "cancelled" in answer)
      await run(
        db,
        "update outbox_parcels set recalled_at = $2, next_try_at = clock_timestamp() where id = $1",
        [task.id, now],
      )
  }
  return due.length
}

/**
 * Asks staff again to press send: when somebody asked for it, and once by itself when a task has waited for REMIND_AFTER_MS.
 * Never at night, never over the platform's limit for a task, never for a send that rests. A reminder is written down before it
 * is asked for, so that a worker that dies sends none twice. Gives how many tasks were reminded of.
 */
export async function remindStaff(db: Db, world: World, now: Date): Promise<number> {
  if (isQuiet(now, await capsOn(db, now))) return 0
  const due = await rows<Task>(
    db,
    `update outbox_parcels set reminders = reminders || $1::timestamptz, remind_wanted = false
     where id in (select id from outbox_parcels p where ${PENDING} and ${RESTED} and p.recall is null and p.channel = any($2)
       and (p.until is null or p.until > $1) and (p.remind_wanted or p.reminders = '{}' and p.asked_at <= $3)
       and ${REMINDED} < $4 and p.message_id not in (select message_id from outbox_sends where state in ('paused', 'cancelled'))
       order by p.id limit $5 for update skip locked)
     returning id, channel, task_ref`,
    [
      now,
      channelsThat(world, "remind"),
      new Date(now.getTime() - REMIND_AFTER_MS),
      await remindersADay(db, now),
      PARCELS_PER_PASS,
    ],
  )
  for (const task of due) {
    const answer = await world.channels.get(task.channel)?.services.remind?.(task.task_ref)
    if (answer && "failure" in answer && answer.failure.class === "retry_later")
      await run(
        db,
        `update outbox_parcels set reminders = array_remove(reminders, $2::timestamptz), remind_wanted = true,
           tend_at = clock_timestamp() + $3 * interval '1 ms' where id = $1`,
        [task.id, now, TEND_AGAIN_MS],
      )
  }
  return due.length
}

/** Reminders of a task in the 24 hours before $1. */
const REMINDED =
  "(select count(*) from unnest(p.reminders) r where r > $1::timestamptz - interval '24 hours')"

async function remindersADay(q: Queryable, now: Date): Promise<number> {
  const rowsOf = platformLimits(await limitsOn(q, now), "mass_send.reminders")
  return Math.min(REMINDERS_A_DAY, ...rowsOf.map((l) => l.value))
}

/**
 * Wants staff reminded of what they have not pressed of a send. Refused: the send rests, it is night, nobody has anything open in
 * a channel that can remind, or every open task has had its reminders of the last 24 hours.
 */
export async function remindSend(
  t: Tx,
  world: World,
  id: string,
  now: Date,
): Promise<
  | { tasks: number }
  | Refusal<"not_found" | "not_now" | "quiet_hours" | "nothing_to_remind" | "reminded_enough">
> {
  const send = await maybeRow<{ state: string; message_id: string }>(
    t,
    "select state, message_id from outbox_sends where id = $1",
    [id],
  )
  if (!send) return refuse("not_found")
  if (send.state !== "running" && send.state !== "planning")
    return refuse("not_now", { detail: { state: send.state } })
  const caps = await capsOn(t, now)
  if (isQuiet(now, caps)) return refuse("quiet_hours")
  const open = await rows<{ id: string; reminded: number }>(
    t,
    `select id, ${REMINDED}::int as reminded from outbox_parcels p
     where ${PENDING} and p.recall is null and p.message_id = $2 and p.channel = any($3) order by id for update`,
    [now, send.message_id, channelsThat(world, "remind")],
  )
  if (open.length === 0) return refuse("nothing_to_remind")
  const most = await remindersADay(t, now)
  const may = open.filter((p) => p.reminded < most).map((p) => p.id)
  if (may.length === 0) return refuse("reminded_enough", { detail: { per_day: most } })
  await run(t, "update outbox_parcels set remind_wanted = true where id = any($1::uuid[])", [may])
  return { tasks: may.length }
}

/** Open tasks of a send by account, and when staff were last reminded of one. */
export function openTasks(
  q: Queryable,
  send_id: string,
): Promise<{ account_id: string; tasks: number; reminded_at: Date | null }[]> {
  return rows(
    q,
    `select account_id, count(*)::int as tasks, max(last) as reminded_at
     from outbox_parcels p left join lateral (select max(r) as last from unnest(p.reminders) r) l on true
     where ${PENDING} and p.message_id = (select message_id from outbox_sends where id = $1) group by account_id`,
    [send_id],
  )
}

/** The assignment `a` of the touch `o` that somebody still has to send by hand. */
export const OPEN_HANDWORK = `a.cause_key = 'touch:' || concat_ws('/', o.cause_kind, o.cause_id, o.visit, o.part, o.customer_id)
  and o.state in ('sent_to_staff', 'expired') and a.state in ('open', 'missed')`

/** Calls off what a cause gave people to send by hand: assignments not yet done, and their touches. */
export async function callOffHandwork(
  t: Tx,
  cause: { kind: string; ids: readonly string[] },
  reason: string,
  now: Date,
  limit: number,
): Promise<number> {
  const open = await rows<TouchKey & { cause_key: string }>(
    t,
    `select o.customer_id, o.cause_kind, o.cause_id, o.visit, o.part::text as part, a.cause_key
     from outbox_touches o join outbox_assignments a on ${OPEN_HANDWORK}
     where o.cause_id = any($1::uuid[]) and o.cause_kind = $2 limit $3 for update of o`,
    [cause.ids, cause.kind, limit],
  )
  await cancelByCause(
    t,
    open.map((o) => o.cause_key),
    reason,
    now,
  )
  await changeTouches(
    t,
    open.map(({ cause_key, ...key }) => ({ key, state: "cancelled" as const, reason })),
    now,
    { from: ["sent_to_staff"] },
  )
  return open.length
}
