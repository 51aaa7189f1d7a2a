import { isRefused, type Refusal, refuse } from "../../kernel/result.ts"
import { type Db, maybeRow, oneRow, type Queryable, rows, run, type Tx, tx } from "../../platform/db.ts"
import { capsOn } from "./limit-table.ts"
import { PLACE_CHUNK, PLAN_CHUNK } from "./limits.ts"
import { lockPlanner, type Message, planChunk, saveMessages } from "./plan.ts"
import { nextAllowed } from "./rules.ts"
import { callOffHandwork } from "./tasks.ts"
import { cancelTouches, type TouchState } from "./touches.ts"
import type { World } from "./world.ts"

export type SendState =
  | "awaiting_approval"
  | "rejected"
  | "planning"
  | "running"
  | "paused"
  | "cancelled"
  | "done"

export type Send = {
  id: string
  made_at: Date
  author_id: string
  approver_id: string | null
  approved_at: Date | null
  state: SendState
  paused_from: SendState | null
  message_id: string
  not_before: Date
  expires_at: Date
  planned_through: string | null
  planned_at: Date | null
  problem: string | null
}

/** Stores a send and its message; it does nothing until a second person approves it (or at once, where the team wants none). */
export async function createSend(
  t: Tx,
  send: {
    id: string
    author_id: string
    message: Message
    not_before: Date
    expires_at: Date
    approved: boolean
  },
  now: Date,
): Promise<void> {
  await saveMessages(t, [send.message])
  await run(
    t,
    `insert into outbox_sends (id, made_at, author_id, state, message_id, not_before, expires_at, approver_id, approved_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      send.id,
      now,
      send.author_id,
      send.approved ? "planning" : "awaiting_approval",
      send.message.id,
      send.not_before,
      send.expires_at,
      send.approved ? send.author_id : null,
      send.approved ? now : null,
    ],
  )
}

type Wrong = Refusal<"not_found" | "not_now" | "own_send" | "send_in_past">

/** A second person says yes. Two at once: one has the effect, the other is told that it is decided. */
export async function approveSend(t: Tx, id: string, staff_id: string, now: Date): Promise<Send | Wrong> {
  const send = await sendForUpdate(t, id)
  if (!send) return refuse("not_found")
  if (send.state !== "awaiting_approval") return refuse("not_now", { detail: { state: send.state } })
  if (send.author_id === staff_id) return refuse("own_send")
  if (send.expires_at <= now) return refuse("send_in_past")
  return set(t, id, "state = 'planning', approver_id = $2, approved_at = $3", [staff_id, now])
}

export async function rejectSend(
  t: Tx,
  id: string,
  staff_id: string,
  reason: string,
  now: Date,
): Promise<Send | Wrong> {
  const send = await sendForUpdate(t, id)
  if (!send) return refuse("not_found")
  if (send.state !== "awaiting_approval") return refuse("not_now", { detail: { state: send.state } })
  return set(t, id, "state = 'rejected', approver_id = $2, problem = $3, ended_at = $4", [
    staff_id,
    reason,
    now,
  ])
}

/** Nothing more is handed over from the next claim on; what a channel has keeps its course. */
export async function pauseSend(t: Tx, id: string): Promise<Send | Wrong> {
  const send = await sendForUpdate(t, id)
  if (!send) return refuse("not_found")
  if (send.state !== "planning" && send.state !== "running")
    return refuse("not_now", { detail: { state: send.state } })
  return set(t, id, "paused_from = state, state = 'paused'", [])
}

export async function resumeSend(t: Tx, id: string): Promise<Send | Wrong> {
  const send = await sendForUpdate(t, id)
  if (!send) return refuse("not_found")
  if (send.state !== "paused") return refuse("not_now", { detail: { state: send.state } })
  return set(t, id, "state = paused_from, paused_from = null", [])
}

/**
 * Ends a send for good. Touches not yet handed over are called off by the next passes of the worker, and so is what staff have
 * not pressed of the tasks they were given.
 */
export async function cancelSend(t: Tx, id: string, staff_id: string, now: Date): Promise<Send | Wrong> {
  const send = await sendForUpdate(t, id)
  if (!send) return refuse("not_found")
  if (send.state === "cancelled" || send.state === "done" || send.state === "rejected")
    return refuse("not_now", { detail: { state: send.state } })
  await callOffHandwork(t, { kind: "send", ids: [id] }, "send_cancelled", now, PLACE_CHUNK)
  return set(t, id, "state = 'cancelled', cancelled_by = $2, ended_at = $3", [staff_id, now])
}

export function sendForUpdate(t: Tx, id: string): Promise<Send | undefined> {
  return maybeRow<Send>(t, "select * from outbox_sends where id = $1 for update", [id])
}

function set(t: Tx, id: string, what: string, values: unknown[]): Promise<Send> {
  return oneRow<Send>(t, `update outbox_sends set ${what} where id = $1 returning *`, [id, ...values])
}

export function sendById(q: Queryable, id: string): Promise<Send | undefined> {
  return maybeRow(q, "select * from outbox_sends where id = $1", [id])
}

export async function sendsByIds(q: Queryable, ids: readonly string[]): Promise<Map<string, Send>> {
  const found = await rows<Send>(q, "select * from outbox_sends where id = any($1::uuid[])", [ids])
  return new Map(found.map((s) => [s.id, s]))
}

export function sendsIn(q: Queryable, states: readonly SendState[], limit: number): Promise<Send[]> {
  return rows(q, "select * from outbox_sends where state = any($1) order by id limit $2", [states, limit])
}

export type AudienceSql = { sql: string; params: unknown[] }

/**
 * Plans the next piece of a send; the send's row keeps how far it is, in the same transaction, so that a kill anywhere neither
 * loses nor doubles a recipient. `done` when the audience is through. A paused or cancelled send plans nothing.
 */
export async function planPiece(
  db: Db,
  world: World,
  id: string,
  audience: AudienceSql | Refusal,
  now: Date,
  size = PLAN_CHUNK,
): Promise<{ planned: number; done: boolean }> {
  return tx(db, async (t) => {
    await lockPlanner(t)
    // a piece sorts a few MB: in memory rather than on disk
    await t.query("set local work_mem = '64MB'")
    const send = await sendForUpdate(t, id)
    if (send?.state !== "planning") return { planned: 0, done: true }
    if (isRefused(audience)) {
      await set(t, id, "state = 'paused', paused_from = 'planning', problem = $2", [audience.refused])
      return { planned: 0, done: true }
    }
    const message = await oneRow<Message>(t, "select * from outbox_messages where id = $1", [send.message_id])
    const caps = await capsOn(t, now)
    const wanted = send.not_before > now ? send.not_before : now
    const chunk = await planChunk(t, world, {
      cause: { kind: "send", id, at: send.made_at },
      message,
      audience,
      after: send.planned_through,
      size,
      due_at: message.nature === "answer" ? wanted : nextAllowed(wanted, caps),
      expires_at: send.expires_at,
    })
    const done = chunk.planned < size
    await set(
      t,
      id,
      "planned_through = coalesce($2, planned_through), state = $3, planned_at = $4, problem = null",
      [chunk.through, done ? "running" : "planning", done ? now : null],
    )
    return { planned: chunk.planned, done }
  })
}

/** Calls off the touches of cancelled sends and closes sends that have nothing open. Gives how many rows it touched. */
export async function tendSends(db: Db, now: Date): Promise<number> {
  const cancelled = await rows<{ id: string }>(
    db,
    `select id from outbox_sends s where state = 'cancelled' and exists (
       select from outbox_touches o where o.cause_id = s.id and o.state in ('planned', 'unplaced')) limit 20`,
  )
  let touched = 0
  if (cancelled.length > 0)
    touched = await tx(db, (t) =>
      cancelTouches(t, { kind: "send", ids: cancelled.map((c) => c.id) }, "send_cancelled", now, PLACE_CHUNK),
    )
  const byHand = await rows<{ id: string }>(
    db,
    `select id from outbox_sends s where state = 'cancelled' and exists (
       select from outbox_touches o where o.cause_id = s.id and o.state = 'sent_to_staff') order by id desc limit 20`,
  )
  touched += await tx(db, (t) =>
    callOffHandwork(t, { kind: "send", ids: byHand.map((c) => c.id) }, "send_cancelled", now, PLACE_CHUNK),
  )
  touched += await run(
    db,
    `update outbox_sends s set state = 'done', ended_at = $1, tally = (select coalesce(jsonb_object_agg(o.state, o.n), '{}')
       from (select state, count(*) as n from outbox_touches where cause_id = s.id and cause_kind = 'send' group by state) o)
     where state = 'running' and not exists (
       select from outbox_touches o where o.cause_id = s.id
         and o.state in ('planned', 'unplaced', 'sending', 'unknown', 'sent_to_staff', 'confirmed'))`,
    [now],
  )
  return touched
}

export type AccountProgress = {
  account_id: string | null
  state: TouchState
  reason: string | null
  n: number
}

/** How many touches of a send stand in which state, by account and reason. */
export function progressOf(q: Queryable, id: string): Promise<AccountProgress[]> {
  return rows(
    q,
    `select account_id, state, reason, count(*)::int as n from outbox_touches where cause_id = $1 and cause_kind = 'send'
     group by 1, 2, 3 order by 1, 2, 3`,
    [id],
  )
}
