import type { Receipt, ReceiptState } from "../../channels/protocol/index.ts"
import { type Db, rows, run, type Tx, tx } from "../../platform/db.ts"
import { PARCELS_PER_PASS, RECEIPTS_EVERY_MS } from "./limits.ts"
import { changeTouches, type TouchKey, type TouchState } from "./touches.ts"
import type { World } from "./world.ts"

type Waiting = {
  id: string
  channel: string
  task_ref: string
  touch_kind: "send_private"
  account_ref: string
  recall: "send_cancelled" | "window_passed" | null
  recalled_at: Date | null
}

/** Asks channels what became of tasks that staff were to confirm. Gives how many tasks were asked about. */
export async function askReceipts(db: Db, world: World, now: Date): Promise<number> {
  const waiting = await rows<Waiting>(
    db,
    `update outbox_parcels set next_try_at = clock_timestamp() + $1 * interval '1 ms'
     where id in (select id from outbox_parcels where state = 'receipts' and task_ref is not null and next_try_at <= clock_timestamp()
       order by next_try_at limit $2 for update skip locked)
     returning id, channel, task_ref, touch_kind, account_ref, recall, recalled_at`,
    [RECEIPTS_EVERY_MS, PARCELS_PER_PASS],
  )
  for (const parcel of waiting) {
    const receipts = world.channels.get(parcel.channel)?.services.receipts
    if (!receipts) continue
    const touches = await rows<TouchKey & { ref: string }>(
      db,
      `select customer_id, cause_kind, cause_id, visit, part::text as part, ref from outbox_touches where parcel_id = $1`,
      [parcel.id],
    )
    const answer = await receipts({
      task_ref: parcel.task_ref,
      kind: parcel.touch_kind,
      account_ref: parcel.account_ref,
      refs: touches.map((r) => r.ref),
    })
    if ("failure" in answer) continue
    await tx(db, (t) => takeReceipts(t, parcel, touches, answer, now))
  }
  return waiting.length
}

/** Everything that waits for receipts is due now: for whoever lets the shop's time pass faster than the machine's. */
export async function hurryReceipts(db: Db): Promise<void> {
  await run(
    db,
    "update outbox_parcels set next_try_at = clock_timestamp() where state = 'receipts' and next_try_at > clock_timestamp()",
  )
}

/** A receipt never takes a touch back: these are the states each may follow. */
const BEFORE: Record<string, TouchState[]> = {
  sent_to_staff: ["unknown", "sending"],
  confirmed: ["sent_to_staff", "unknown", "sending"],
}
const WAITING: readonly TouchState[] = ["sent_to_staff", "confirmed"]
const OPEN: TouchState[] = ["sending", "unknown", "sent_to_staff", "confirmed"]

/** What nobody pressed of a task that is taken back will not be pressed any more. */
function settled(parcel: Waiting, state: ReceiptState): { state: TouchState; reason: string | null } {
  const open = state === "cancelled" || (state === "sent_to_staff" && parcel.recalled_at !== null)
  if (!open) return { state, reason: null }
  return parcel.recall === "window_passed"
    ? { state: "expired", reason: "not_confirmed" }
    : { state: "cancelled", reason: parcel.recall ?? "cancelled_outside" }
}

async function takeReceipts(
  t: Tx,
  parcel: Waiting,
  touches: readonly (TouchKey & { ref: string })[],
  answer: { receipts: readonly Receipt[]; done: boolean },
  now: Date,
): Promise<void> {
  const byRef = new Map(answer.receipts.map((r) => [r.ref, { ...settled(parcel, r.state), at: r.at }]))
  const changes = touches.flatMap(({ ref, ...key }) => {
    const one = byRef.get(ref)
    return one ? [{ key, ...one }] : []
  })
  for (const state of new Set(changes.map((c) => c.state)))
    await changeTouches(
      t,
      changes.filter((c) => c.state === state),
      now,
      { from: BEFORE[state] ?? OPEN, parcel_id: parcel.id },
    )
  const done =
    answer.done || (parcel.recalled_at !== null && changes.every((c) => !WAITING.includes(c.state)))
  if (done) await run(t, "update outbox_parcels set state = 'done' where id = $1", [parcel.id])
}
