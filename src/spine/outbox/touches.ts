import { rows, run, type Tx } from "../../platform/db.ts"
import { append } from "../facts/index.ts"
import { touchDelivered, touchFailed, touchMissed } from "./events.ts"
import type { Nature } from "./rules.ts"

export type TouchState =
  | "unplaced"
  | "planned"
  | "sending"
  | "sent_to_staff"
  | "confirmed"
  | "delivered"
  | "not_friend"
  | "over_quota"
  | "failed"
  | "unknown"
  | "left_out"
  | "expired"
  | "cancelled"

/** The key under which a touch exists once. */
export type TouchKey = {
  customer_id: string
  cause_kind: string
  cause_id: string
  visit: number
  part: string
}

/** One text for a key, to be handed to a channel and back. */
export function keyText(k: TouchKey): string {
  return [k.cause_kind, k.cause_id, k.visit, k.part, k.customer_id].join("/")
}

export function readKey(text: string): TouchKey {
  const [cause_kind = "", cause_id = "", visit = "0", part = "", customer_id = ""] = text.split("/")
  return { cause_kind, cause_id, visit: Number(visit), part, customer_id }
}

export function keyColumns(keys: readonly TouchKey[]): unknown[] {
  return [
    keys.map((k) => k.customer_id),
    keys.map((k) => k.cause_kind),
    keys.map((k) => k.cause_id),
    keys.map((k) => k.visit),
    keys.map((k) => k.part),
  ]
}
/** `k (…)` over the first five parameters, as keyColumns gives them. */
export const KEYS = `unnest($1::uuid[], $2::text[], $3::uuid[], $4::int[], $5::date[]`
export const SAME_KEY = `(o.customer_id, o.cause_kind, o.cause_id, o.visit, o.part) = (k.customer_id, k.cause_kind, k.cause_id, k.visit, k.part)`

/** A new state for one touch. `retry_ms` and `day_shift` say when it comes again. */
export type Change = {
  key: TouchKey
  state: TouchState
  reason: string | null
  retry_ms?: number
  /** Days by which its time moves. */
  day_shift?: number
  attempt?: boolean
  /** When it happened outside, where that is told; never after `now`. */
  at?: Date
}

/** States in which it is proven that nothing went out: slot and quota are given back. */
const NOT_SENT: readonly TouchState[] = [
  "not_friend",
  "over_quota",
  "failed",
  "left_out",
  "expired",
  "cancelled",
  "unplaced",
]

type Changed = TouchKey & {
  id: number
  account_id: string | null
  day: number
  nature: Nature
  state: TouchState
  reason: string | null
}

/**
 * Moves touches to new states in one statement: only those that are still in one of `from` (and in `parcel_id`, where given).
 * What is proven not sent gives back its slot and its part of the quota; ends are told as facts. Gives those that moved.
 */
export async function changeTouches(
  t: Tx,
  changes: readonly Change[],
  now: Date,
  options: { from: readonly TouchState[]; parcel_id?: string },
): Promise<Changed[]> {
  if (changes.length === 0) return []
  const changed = await rows<Changed>(
    t,
    `with before as (
       select o.customer_id, o.cause_kind, o.cause_id, o.visit, o.part, o.account_id, o.day, k.state as new_state, k.reason as new_reason,
         k.retry_ms, k.day_shift, k.attempt
       from ${KEYS}, $6::text[], $7::text[], $8::bigint[], $9::int[], $10::boolean[])
         k (customer_id, cause_kind, cause_id, visit, part, state, reason, retry_ms, day_shift, attempt)
       join outbox_touches o on ${SAME_KEY}
       where o.state = any($11) and ($12::uuid is null or o.parcel_id = $12) for update of o)
     update outbox_touches o set state = k.new_state, reason = k.new_reason,
       attempts = o.attempts + k.attempt::int,
       retry_at = case when k.retry_ms is null then o.retry_at else clock_timestamp() + k.retry_ms * interval '1 ms' end,
       day = o.day + k.day_shift, due_at = o.due_at + k.day_shift * interval '1 day',
       account_id = case when k.new_state = 'unplaced' then null else o.account_id end,
       parcel_id = case when k.new_state in ('unplaced', 'planned') then null else o.parcel_id end,
       settled_at = case when k.new_state in ('unplaced', 'planned', 'sending', 'unknown', 'sent_to_staff', 'confirmed') then null else $13::timestamptz end
     from before k join outbox_messages m on true
     where ${SAME_KEY} and m.id = o.message_id
     returning o.id, o.customer_id, o.cause_kind, o.cause_id, o.visit, o.part::text as part, k.account_id, k.day, m.nature, o.state, o.reason`,
    [
      ...keyColumns(changes.map((c) => c.key)),
      changes.map((c) => c.state),
      changes.map((c) => c.reason),
      changes.map((c) => c.retry_ms ?? null),
      changes.map((c) => c.day_shift ?? 0),
      changes.map((c) => c.attempt ?? false),
      options.from,
      options.parcel_id ?? null,
      now,
    ],
  )
  await release(
    t,
    changed.filter((c) => NOT_SENT.includes(c.state)),
  )
  const told = new Map(changes.flatMap((c) => (c.at && c.at < now ? [[keyText(c.key), c.at] as const] : [])))
  await tell(t, changed, (c) => told.get(keyText(c)) ?? now)
  return changed
}

/** Gives back what touches had reserved. */
async function release(t: Tx, touches: readonly Changed[]): Promise<void> {
  if (touches.length === 0) return
  await run(
    t,
    `delete from outbox_slots s using unnest($1::uuid[], $2::int[], $3::bigint[]) k (customer_id, day, id)
     where s.customer_id = k.customer_id and s.kind = 'selling' and s.day = k.day and s.touch_id = k.id`,
    [touches.map((c) => c.customer_id), touches.map((c) => c.day), touches.map((c) => c.id)],
  )
  const placed = touches.filter((c) => c.account_id !== null)
  await run(
    t,
    `update outbox_use u set used = greatest(0, u.used - k.n)
     from (select account_id, day, count(*) as n from unnest($1::uuid[], $2::int[]) f (account_id, day) group by 1, 2 order by 1, 2) k
     where u.account_id = k.account_id and u.class = 'private_messages' and u.day = k.day`,
    [placed.map((c) => c.account_id), placed.map((c) => c.day)],
  )
}

async function tell(t: Tx, changed: readonly Changed[], when: (c: Changed) => Date): Promise<void> {
  await append(
    t,
    changed.flatMap((c) => {
      const payload = {
        touch_id: c.id,
        cause_kind: c.cause_kind,
        cause_id: c.cause_id,
        visit: c.visit,
        account_id: c.account_id,
        nature: c.nature,
      }
      const fact = { subject: c.customer_id, occurred_at: when(c) }
      const reason = c.reason ?? c.state
      if (c.state === "delivered") return [touchDelivered.of({ ...fact, payload })]
      if (c.state === "expired") return [touchMissed.of({ ...fact, payload: { ...payload, reason } })]
      if (c.state === "failed" || c.state === "not_friend" || c.state === "over_quota")
        return [touchFailed.of({ ...fact, payload: { ...payload, state: c.state, reason } })]
      return []
    }),
  )
}

/** Calls off what a cause still intends for some customers (all, where none are named): what is with the channel stays. */
export async function cancelTouches(
  t: Tx,
  cause: { kind: string; ids: readonly string[] },
  reason: string,
  now: Date,
  limit: number,
): Promise<number> {
  const open = await rows<TouchKey>(
    t,
    `select customer_id, cause_kind, cause_id, visit, part::text as part from outbox_touches
     where cause_id = any($1::uuid[]) and cause_kind = $2 and state in ('planned', 'unplaced') limit $3 for update`,
    [cause.ids, cause.kind, limit],
  )
  const changed = await changeTouches(
    t,
    open.map((key) => ({ key, state: "cancelled", reason })),
    now,
    { from: ["planned", "unplaced"] },
  )
  return changed.length
}
