import type { Delivery, Outcome } from "../../channels/protocol/index.ts"
import { isRefused } from "../../kernel/result.ts"
import { type Db, maybeRow, rows, run, type Tx, tx } from "../../platform/db.ts"
import { openAssignments } from "./assignments.ts"
import { openCircuit } from "./circuits.ts"
import { claim, type StoredParcel, settleStale } from "./claim.ts"
import { ask, holding } from "./hand-over.ts"
import { capsOn } from "./limit-table.ts"
import {
  CIRCUIT_MS,
  LEASE_MS,
  PARCELS_PER_PASS,
  RECEIPTS_EVERY_MS,
  RESOLVE_TRIES,
  TOUCH_TRIES,
} from "./limits.ts"
import { placeUnplaced } from "./plan.ts"
import { backoff_ms, endOfWork } from "./rules.ts"
import { type Change, changeTouches, keyText, readKey, type TouchKey, type TouchState } from "./touches.ts"
import type { World } from "./world.ts"

/** How a pass of the deliverer went. */
export type Delivered = { stale: number; placed: number; parcels: number }

/** One pass: report or re-plan what is past its day, place what has none, take what is due, hand it over after commit. */
export async function deliverOnce(db: Db, world: World, now: Date): Promise<Delivered> {
  const stale = await tx(db, (t) => settleStale(t, now))
  const placed = await tx(db, (t) => placeUnplaced(t, world, now))
  const parcels = await tx(db, (t) => claim(t, world, now))
  await Promise.all(parcels.map((p) => handOver(db, world, p, now)))
  return { stale, placed, parcels: parcels.length }
}

/** Hands one parcel over while renewing its lease, and records what became of it. */
async function handOver(db: Db, world: World, stored: StoredParcel, now: Date): Promise<void> {
  const channel = world.channels.get(stored.channel)
  if (!channel) return
  const delivery = await holding(beatOf(db, stored), () => ask(channel, stored.parcel))
  await tx(db, (t) => record(t, world, stored, delivery, now))
}

/** Renews the lease of a parcel in hand. A lost beat only lets somebody else ask what became of it. */
const beatOf = (db: Db, stored: StoredParcel) => () =>
  run(
    db,
    "update outbox_parcels set lease_until = clock_timestamp() + $3 * interval '1 ms' where id = $1 and attempts = $2",
    [stored.id, stored.attempts, LEASE_MS],
  )

/** Writes a delivery down, unless somebody else has taken the parcel over in the meantime. */
async function record(
  t: Tx,
  world: World,
  stored: StoredParcel,
  delivery: Delivery,
  now: Date,
): Promise<void> {
  const mine = await maybeRow<{ tries: number }>(
    t,
    "select attempts as tries from outbox_parcels where id = $1 and attempts = $2 and state <> 'done' for update",
    [stored.id, stored.attempts],
  )
  const channel = world.channels.get(stored.channel)
  if (!mine || !channel) return
  const attempts = await attemptsOf(t, stored.id)
  const confirmed = channel.touches[stored.parcel.kind]?.confirmed_by_staff ?? false
  const byHand = new Set(delivery.instructions?.map((i) => i.key))
  const changes = delivery.outcomes.map((o) =>
    changeFor(o, attempts.get(o.key) ?? 1, confirmed || byHand.has(o.key)),
  )
  await changeTouches(t, changes, now, { from: ["sending", "unknown"], parcel_id: stored.id })
  await openHandwork(t, world, stored, delivery, now)
  const stop = delivery.outcomes.find((o) => o.outcome === "refused" && o.failure.class === "stop")
  if (stop?.outcome === "refused") await openCircuit(t, stored.channel, stop.failure, now)
  const unknown = delivery.outcomes.some((o) => o.outcome === "unknown")
  const waits = delivery.task_ref !== undefined && confirmed && channel.can("receipts")
  await run(
    t,
    `update outbox_parcels set state = $2, task_ref = coalesce($3, task_ref), detail = $4,
       next_try_at = clock_timestamp() + $5 * interval '1 ms' where id = $1`,
    [
      stored.id,
      unknown ? "unknown" : waits ? "receipts" : "done",
      delivery.task_ref ?? null,
      detailOf(delivery),
      unknown ? backoff_ms(mine.tries, stored.id) : RECEIPTS_EVERY_MS,
    ],
  )
}

function detailOf(delivery: Delivery): string | null {
  for (const o of delivery.outcomes) {
    if (o.outcome === "unknown") return o.detail.slice(0, 500)
    if (o.outcome === "refused") return `${o.failure.code} ${o.failure.detail ?? ""}`.trim().slice(0, 500)
  }
  return null
}

async function attemptsOf(t: Tx, parcel_id: string): Promise<Map<string, number>> {
  const found = await rows<TouchKey & { attempts: number }>(
    t,
    `select customer_id, cause_kind, cause_id, visit, part::text as part, attempts from outbox_touches where parcel_id = $1`,
    [parcel_id],
  )
  return new Map(found.map((r) => [keyText(r), r.attempts]))
}

/** Codes of "never" that stand in columns of their own. */
const NAMED: readonly TouchState[] = ["not_friend", "over_quota"]

/** What an outcome makes of its touch. `by_person`: accepted means that a person has been asked, nobody has it yet. */
export function changeFor(o: Outcome, attempts: number, by_person: boolean): Change {
  const key = readKey(o.key)
  if (o.outcome === "accepted") return { key, state: by_person ? "sent_to_staff" : "delivered", reason: null }
  if (o.outcome === "unknown") return { key, state: "unknown", reason: o.detail.slice(0, 200) }
  const { class: kind, code, retry_after_ms = 0 } = o.failure
  if (kind === "wait_window") return { key, state: "unplaced", reason: code, day_shift: 1 }
  if (kind === "stop") return { key, state: "planned", reason: code, retry_ms: CIRCUIT_MS }
  if (kind === "retry_later" && attempts < TOUCH_TRIES)
    return {
      key,
      state: "planned",
      reason: code,
      retry_ms: Math.max(retry_after_ms, backoff_ms(attempts, o.key)),
    }
  return { key, state: NAMED.find((state) => state === code) ?? "failed", reason: code }
}

async function openHandwork(
  t: Tx,
  world: World,
  stored: StoredParcel,
  delivery: Delivery,
  now: Date,
): Promise<void> {
  const list = delivery.instructions ?? []
  if (list.length === 0) return
  const account = (await world.accounts(t)).find(
    (a) => a.channel === stored.channel && a.ref === stored.parcel.account_ref,
  )
  const due_at = endOfWork(now, await capsOn(t, now))
  await openAssignments(
    t,
    list.map((i) => ({
      cause_key: `touch:${i.key}`,
      kind: "send_by_hand",
      title: i.title,
      script: i.copy_text ?? "",
      customer_id: readKey(i.key).customer_id,
      account_id: account?.id ?? null,
      assignee_staff_id: account?.custodian_staff_id ?? null,
      target: { attachments: i.attachments },
      due_at,
      evidence: i.evidence === "screenshot" ? "screenshot" : "none",
      touch_key: i.key,
    })),
    now,
  )
}

/** Parcels whose holder is gone or whose outcome is unknown are asked about, never blindly repeated. Gives how many. */
export async function resolveOpen(db: Db, world: World, now: Date): Promise<number> {
  const taken = await tx(db, (t) => takeOver(t))
  await Promise.all(
    taken.map(async (stored) => {
      const channel = world.channels.get(stored.channel)
      if (!channel) return
      const answer = await holding(beatOf(db, stored), () => channel.resolve(stored.parcel, stored.asked_at))
      if (isRefused(answer)) return
      if (answer.known) await tx(db, (t) => record(t, world, stored, answer.delivery, now))
      else await stillUnknown(db, stored, answer.retry_after_ms)
    }),
  )
  return taken.length
}

async function takeOver(t: Tx): Promise<StoredParcel[]> {
  const taken = await rows<{
    id: string
    channel: string
    attempts: number
    asked_at: Date
    account_ref: string
    touch_kind: "send_private"
    payload: never
  }>(
    t,
    `update outbox_parcels p set attempts = p.attempts + 1, lease_until = clock_timestamp() + $1 * interval '1 ms', state = 'unknown'
     where id in (select id from outbox_parcels
       where (state = 'handing' and lease_until < clock_timestamp())
         or (state = 'unknown' and lease_until < clock_timestamp() and next_try_at < clock_timestamp() and attempts < $3)
         or (state = 'unknown' and lease_until < clock_timestamp() and next_try_at is null)
       order by lease_until limit $2 for update skip locked)
     returning id, channel, attempts, asked_at, account_ref, touch_kind, payload`,
    [LEASE_MS, PARCELS_PER_PASS, RESOLVE_TRIES],
  )
  const recipients = await rows<TouchKey & { parcel_id: string; ref: string }>(
    t,
    `update outbox_touches set state = 'unknown', reason = coalesce(reason, 'holder_gone')
     where parcel_id = any($1::uuid[]) and state in ('sending', 'unknown')
     returning parcel_id, ref, customer_id, cause_kind, cause_id, visit, part::text as part`,
    [taken.map((p) => p.id)],
  )
  return taken.map((p) => ({
    id: p.id,
    channel: p.channel,
    attempts: p.attempts,
    asked_at: p.asked_at,
    parcel: {
      id: p.id,
      kind: p.touch_kind,
      account_ref: p.account_ref,
      payload: p.payload,
      recipients: recipients
        .filter((r) => r.parcel_id === p.id)
        .map((r) => ({ key: keyText(r), ref: r.ref })),
    },
  }))
}

async function stillUnknown(db: Db, stored: StoredParcel, retry_after_ms: number): Promise<void> {
  await run(
    db,
    `update outbox_parcels set lease_until = clock_timestamp(), next_try_at = clock_timestamp() + $3 * interval '1 ms'
     where id = $1 and attempts = $2`,
    [stored.id, stored.attempts, Math.max(retry_after_ms, backoff_ms(stored.attempts, stored.id))],
  )
}
