import type { Parcel } from "../../channels/protocol/index.ts"
import { dayNumber } from "../../kernel/day.ts"
import { newId } from "../../kernel/ids.ts"
import { rows, run, type Tx } from "../../platform/db.ts"
import { type NewAssignment, openAssignments } from "./assignments.ts"
import { openCircuits } from "./circuits.ts"
import { capsOn } from "./limit-table.ts"
import { CLAIM_BATCH, LEASE_MS, PLACE_CHUNK } from "./limits.ts"
import { type Caps, endOfWork, hasVariables, isQuiet, type Nature, render } from "./rules.ts"
import { type Change, changeTouches, KEYS, keyColumns, keyText, SAME_KEY, type TouchKey } from "./touches.ts"
import type { SenderAccount, World } from "./world.ts"

export type StoredParcel = { id: string; channel: string; attempts: number; asked_at: Date; parcel: Parcel }

/** Touches whose end or whose day has passed: reported, or given another day. A send that is paused keeps its touches waiting. */
export async function settleStale(t: Tx, now: Date): Promise<number> {
  const stale = await rows<TouchKey & { over: boolean }>(
    t,
    `select customer_id, cause_kind, cause_id, visit, part::text as part, expires_at <= $1 as over from outbox_touches
     where state = 'planned' and due_at <= $1 and (expires_at <= $1 or day < $2)
     order by due_at limit $3 for update skip locked`,
    [now, dayNumber(now), PLACE_CHUNK],
  )
  await changeTouches(
    t,
    stale.map(({ over, ...key }) =>
      over
        ? { key, state: "expired" as const, reason: "window_passed" }
        : { key, state: "unplaced" as const, reason: "day_passed", day_shift: 0 },
    ),
    now,
    { from: ["planned"] },
  )
  return stale.length
}

type Due = TouchKey & {
  id: number
  account_id: string
  message_id: string
  expires_at: Date
  attempts: number
  ref: string | null
  name: string | null
  opted_out: boolean | null
  touch_kind: "send_private"
  nature: Nature
  content: { text: string; attachments?: unknown[] }
}

/**
 * Takes due touches, those of one account and message together, and stores what will be handed to which channel. Nothing has
 * been called yet when this commits. Two workers side by side take different touches.
 */
export async function claim(t: Tx, world: World, now: Date): Promise<StoredParcel[]> {
  const caps = await capsOn(t, now)
  const accounts = new Map((await world.accounts(t)).map((a) => [a.id, a]))
  const stopped = await openCircuits(t)
  const resting = [...accounts.values()]
    .filter((a) => stopped.some((s) => s.channel === a.channel))
    .map((a) => a.id)
  const due = await rows<Due>(
    t,
    `with held as (select id from outbox_sends where state in ('paused', 'cancelled')
       union all select cause_id from outbox_called_off),
     due as (
       select * from outbox_touches o
       where state = 'planned' and due_at <= $1 and day = $2 and expires_at > $1
         and account_id <> all($3::uuid[]) and (retry_at is null or retry_at <= clock_timestamp())
         and cause_id not in (select id from held)
         and (not $4 or exists (select from outbox_messages m where m.id = o.message_id and m.nature = 'answer'))
       order by due_at, account_id, message_id limit $5 for update skip locked)
     select due.id, due.customer_id, due.cause_kind, due.cause_id, due.visit, due.part::text as part, due.account_id, due.message_id,
       due.expires_at, due.attempts, w.ref, w.name, w.opted_out, m.touch_kind, m.nature, m.content
     from due join outbox_messages m on m.id = due.message_id
     left join (${world.contacts}) w on w.customer_id = due.customer_id and w.account_id = due.account_id
     order by due.due_at, due.account_id, due.message_id, due.customer_id`,
    [now, dayNumber(now), resting, isQuiet(now, caps), CLAIM_BATCH],
  )
  const over = (await world.over?.(t, ofPlays(due))) ?? new Map<string, string>()
  const { changes, parcels, byHand } = sort(wholeGroups(due), { accounts, world, over }, now, caps)
  await changeTouches(t, changes, now, { from: ["planned"] })
  await openAssignments(t, byHand, now)
  for (const one of parcels) await store(t, one)
  return parcels.map((p) => p.stored)
}

/** Leaves a last group that the batch cut through for the next look, so that it is not handed over in two parcels. */
function wholeGroups(due: Due[]): Due[] {
  if (due.length < CLAIM_BATCH) return due
  const last = due.at(-1)!
  const at = due.findIndex((d) => d.account_id === last.account_id && d.message_id === last.message_id)
  return at > 0 ? due.slice(0, at) : due
}

type ParcelToStore = { stored: StoredParcel; account: SenderAccount; touches: Due[] }

const ofPlays = (due: readonly Due[]) =>
  due
    .filter((d) => d.cause_kind === "play")
    .map((d) => ({ customer_id: d.customer_id, enrolment_id: d.cause_id }))

function sort(
  due: readonly Due[],
  {
    accounts,
    world,
    over,
  }: { accounts: Map<string, SenderAccount>; world: World; over: Map<string, string> },
  now: Date,
  caps: Caps,
) {
  const changes: Change[] = []
  const byHand: NewAssignment[] = []
  const groups = new Map<string, Due[]>()
  for (const d of due) {
    const key = {
      customer_id: d.customer_id,
      cause_kind: d.cause_kind,
      cause_id: d.cause_id,
      visit: d.visit,
      part: d.part,
    }
    const account = accounts.get(d.account_id)
    const channel = account && world.channels.get(account.channel)
    const ended = d.cause_kind === "play" ? over.get(d.cause_id) : undefined
    if (ended !== undefined) changes.push({ key, state: "cancelled", reason: ended })
    else if (!account?.usable) changes.push({ key, state: "unplaced", reason: "account_stopped" })
    else if (d.ref === null) changes.push({ key, state: "unplaced", reason: "contact_gone" })
    else if (d.opted_out) changes.push({ key, state: "left_out", reason: "opted_out" })
    else if (!channel?.can(d.touch_kind)) {
      changes.push({ key, state: "sent_to_staff", reason: `cannot:${d.touch_kind}` })
      byHand.push(handwork(d, account, now, caps))
    } else {
      const text = hasVariables(d.content.text)
        ? render(d.content.text, { name: d.name ?? "" })
        : d.content.text
      const group = `${d.account_id}|${d.message_id}|${text}`
      const others = groups.get(group)
      if (others) others.push(d)
      else groups.set(group, [{ ...d, content: { ...d.content, text } }])
    }
  }
  const parcels: ParcelToStore[] = []
  for (const touches of groups.values()) {
    const account = accounts.get(touches[0]!.account_id)!
    const size = world.channels.get(account.channel)!.parcel_size(touches[0]!.touch_kind)
    for (let at = 0; at < touches.length; at += size)
      parcels.push(toParcel(account, touches.slice(at, at + size), now))
  }
  return { changes, parcels, byHand }
}

function toParcel(account: SenderAccount, touches: Due[], now: Date): ParcelToStore {
  const id = newId(now.getTime())
  const parcel: Parcel = {
    id,
    kind: touches[0]!.touch_kind,
    account_ref: account.ref,
    recipients: touches.map((d) => ({ key: keyText(d), ref: d.ref! })),
    payload: { content: touches[0]!.content as never },
  }
  return { stored: { id, channel: account.channel, attempts: 1, asked_at: now, parcel }, account, touches }
}

async function store(t: Tx, { stored, account, touches }: ParcelToStore): Promise<void> {
  await run(
    t,
    `insert into outbox_parcels (id, channel, account_id, account_ref, message_id, touch_kind, payload, touches, state, asked_at, until, lease_until)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'handing', $9, $10, clock_timestamp() + $11 * interval '1 ms')`,
    [
      stored.id,
      stored.channel,
      account.id,
      account.ref,
      touches[0]!.message_id,
      stored.parcel.kind,
      JSON.stringify(stored.parcel.payload),
      touches.length,
      stored.asked_at,
      new Date(Math.max(...touches.map((d) => d.expires_at.getTime()))),
      LEASE_MS,
    ],
  )
  await run(
    t,
    `update outbox_touches o set state = 'sending', parcel_id = $7, ref = k.ref, attempts = o.attempts + 1
     from ${KEYS}, $6::text[]) k (customer_id, cause_kind, cause_id, visit, part, ref) where ${SAME_KEY}`,
    [...keyColumns(touches), touches.map((d) => d.ref), stored.id],
  )
}

/** What no interface does is given to whoever holds the account, with the text to be pasted. */
function handwork(d: Due, account: SenderAccount, now: Date, caps: Caps): NewAssignment {
  const name = d.name ?? ""
  return {
    cause_key: `touch:${keyText(d)}`,
    kind: "send_by_hand",
    title: `给${name || "客户"}发消息`,
    script: render(d.content.text, { name }),
    reason: `cannot:${d.touch_kind}`,
    customer_id: d.customer_id,
    account_id: account.id,
    assignee_staff_id: account.custodian_staff_id,
    due_at: endOfWork(now, caps),
    evidence: "none",
    touch_key: keyText(d),
  }
}
