import { rows, run, type Tx } from "../../platform/db.ts"
import { type Carry, carryRows, type Merged } from "../facts/index.ts"
import { giveBackTouches } from "./give-back.ts"
import { lockPlanner } from "./plan.ts"
import { changeTouches, type TouchKey } from "./touches.ts"

const REASON = "merged"
/** Columns of a touch that say when and by whom it goes out. */
const PLACED = [
  ...["state", "reason", "account_id", "parcel_id", "settled_at", "day", "due_at", "attempts", "retry_at"],
]
/** States in which a channel or a member of staff may still name the touch by its old key. */
const ON_THE_WAY = "('sending', 'sent_to_staff', 'confirmed', 'unknown')"

/**
 * What was said to both was said to one: slots of the frequency cap add up, and what is still to come is placed anew under them.
 * What the same cause would say twice is called off. A touch that is with a channel stays under its key until it is settled; a
 * later carrying takes it along.
 */
export const carry: Carry = {
  name: "outbox",
  tables: [
    // What waits is placed anew, under whom it is: day and account stay as they are today.
    { table: "outbox_touches", by: ["id", "part"], stands: [...PLACED] },
    { table: "outbox_slots", by: ["kind", "day", "touch_id"], told: true },
    "outbox_assignments",
    "outbox_welcomes",
  ],
  hold: (t) => lockPlanner(t),
  async giveBack(t, pair, now) {
    await giveBackTouches(t, pair, now)
    return undefined
  },
  async carry(t, pair, now) {
    await callOffTwice(t, pair, now)
    await placeAnew(t, pair, now)
    await carrySlots(t, pair)
    await carryTouches(t, pair)
    await carryRows(t, pair, "outbox_assignments")
    await carryRows(t, pair, "outbox_welcomes")
  },
}

const KEY = "o.customer_id, o.cause_kind, o.cause_id, o.visit, o.part::text as part"
const WAITING = ["planned", "unplaced"] as const

async function callOffTwice(t: Tx, { from, into }: Merged, now: Date): Promise<void> {
  const twice = await rows<TouchKey>(
    t,
    `select ${KEY} from outbox_touches o where o.customer_id = $1 and o.state in ('planned', 'unplaced')
       and exists (select from outbox_touches s where (s.customer_id, s.cause_kind, s.cause_id, s.visit, s.part)
         = ($2, o.cause_kind, o.cause_id, o.visit, o.part)) for update`,
    [from, into],
  )
  await changeTouches(
    t,
    twice.map((key) => ({ key, state: "cancelled" as const, reason: REASON })),
    now,
    { from: WAITING },
  )
}

/** Back to those that look for a day and an account: the caps are asked again, of the one person. */
async function placeAnew(t: Tx, { from }: Merged, now: Date): Promise<void> {
  const planned = await rows<TouchKey>(
    t,
    `select ${KEY} from outbox_touches o where o.customer_id = $1 and o.state = 'planned' for update`,
    [from],
  )
  await changeTouches(
    t,
    planned.map((key) => ({ key, state: "unplaced" as const, reason: null })),
    now,
    { from: ["planned"] },
  )
}

async function carrySlots(t: Tx, { from, into }: Merged): Promise<void> {
  await run(
    t,
    `update outbox_slots s set customer_id = $2, slot = s.slot + coalesce((select max(o.slot) from outbox_slots o
       where o.customer_id = $2 and o.kind = s.kind and o.day = s.day), 0)
     where s.customer_id = $1`,
    [from, into],
  )
}

/** A later visit where the same cause reached both. */
async function carryTouches(t: Tx, { from, into }: Merged): Promise<void> {
  await run(
    t,
    `update outbox_touches o set customer_id = $2, visit = o.visit + coalesce((select max(s.visit) + 1 from outbox_touches s
       where (s.customer_id, s.cause_kind, s.cause_id, s.part) = ($2, o.cause_kind, o.cause_id, o.part)
         and exists (select from outbox_touches same where (same.customer_id, same.cause_kind, same.cause_id, same.visit, same.part)
           = ($2, o.cause_kind, o.cause_id, o.visit, o.part))), 0)
     where o.customer_id = $1 and o.state not in ${ON_THE_WAY}`,
    [from, into],
  )
}
