import { createHash } from "node:crypto"
import type {
  Channel,
  Delivery,
  Outcome,
  Parcel,
  Payloads,
  TouchKind,
} from "../../channels/protocol/index.ts"
import { newId } from "../../kernel/ids.ts"
import { isRefused } from "../../kernel/result.ts"
import { type Db, rows, run, type Tx, tx } from "../../platform/db.ts"
import { openCircuit, openCircuits } from "./circuits.ts"
import { type DeedEnd, endDeeds } from "./deed-ends.ts"
import { DEEDS_A_ROUND, LEASE_MS, RESOLVE_TRIES, TOUCH_TRIES } from "./limits.ts"
import { backoff_ms } from "./rules.ts"
import type { World } from "./world.ts"

/** What a channel is asked for beside messages. */
export type DeedKind = Extract<TouchKind, "tag" | "remark" | "transfer_customer" | "transfer_group">

export type NewDeed<K extends DeedKind = DeedKind> = {
  [P in K]: {
    /** Once for all time. */
    key: string
    kind: P
    account_id: string
    ref: string
    payload: Payloads[P]
    /** Whom the facts are told of: a customer, a group. */
    subject_id: string
    /** What whoever holds the account is told where no interface does it. */
    by_hand: { title: string; script: string; customer_id: string | null }
    due_at: Date
    expires_at: Date
  }
}[K]

/** Orders deeds; a key that was ordered before is the same deed. Gives how many are new. */
export async function orderDeeds(t: Tx, deeds: readonly NewDeed[]): Promise<number> {
  if (deeds.length === 0) return 0
  return run(
    t,
    `insert into outbox_deeds (key, touch_kind, account_id, ref, payload, subject_id, by_hand, due_at, expires_at, state)
     select d.*, 'waiting' from unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::jsonb[], $6::uuid[], $7::jsonb[],
       $8::timestamptz[], $9::timestamptz[]) d on conflict (key) do nothing`,
    [
      deeds.map((d) => d.key),
      deeds.map((d) => d.kind),
      deeds.map((d) => d.account_id),
      deeds.map((d) => d.ref),
      deeds.map((d) => JSON.stringify(d.payload)),
      deeds.map((d) => d.subject_id),
      deeds.map((d) => JSON.stringify(d.by_hand)),
      deeds.map((d) => d.due_at.toISOString()),
      deeds.map((d) => d.expires_at.toISOString()),
    ],
  )
}

/** Calls off what has not been handed over yet. Gives the keys; what is under way runs its course. */
export async function callOffDeeds(t: Tx, keys: readonly string[], now: Date): Promise<string[]> {
  const gone = await rows<{ key: string }>(
    t,
    "update outbox_deeds set state = 'cancelled', ended_at = $2 where key = any($1) and state = 'waiting' returning key",
    [keys, now],
  )
  return gone.map((r) => r.key)
}

export type DeedRow = {
  key: string
  touch_kind: DeedKind
  account_id: string
  ref: string
  payload: never
  subject_id: string
  by_hand: { title: string; script: string; customer_id: string | null }
  parcel_id: string
  asked_at: Date
  attempts: number
}

const ROW = "key, touch_kind, account_id, ref, payload, subject_id, by_hand, parcel_id, asked_at, attempts"

/** Hands due deeds over, those of one account, kind and payload together, and asks about those of which nobody knows. */
export async function doDeeds(db: Db, world: World, now: Date): Promise<number> {
  const accounts = new Map((await world.accounts(db)).map((a) => [a.id, a]))
  const resting = new Set((await openCircuits(db)).map((c) => c.channel))
  const held = [...accounts.values()].filter((a) => resting.has(a.channel)).map((a) => a.id)
  const fresh = await tx(db, (t) => claim(t, held, accounts, world, now))
  const asked = await tx(db, (t) => takeOver(t, held))
  const bySame = [
    ...groups(fresh).map((g) => ({ ...g, again: false })),
    ...groups(asked).map((g) => ({ ...g, again: true })),
  ]
  await Promise.all(
    bySame.map(async ({ rows: list, again }) => {
      const account = accounts.get(list[0]!.account_id)
      const channel = account && world.channels.get(account.channel)
      const kind = list[0]!.touch_kind
      if (!account || !channel?.can(kind))
        return tx(db, (t) =>
          endDeeds(
            t,
            list.map((d) => ({ deed: d, end: "by_hand", reason: `cannot:${kind}` })),
            account?.custodian_staff_id ?? null,
            now,
          ),
        )
      const delivery = await call(channel, parcelOf(list, account.ref), again ? list[0]!.asked_at : null)
      await tx(db, (t) => record(t, list, delivery, channel.name, account.custodian_staff_id, now))
    }),
  )
  return fresh.length + asked.length
}

/** Takes what is due; what is past its end is told as expired. Nothing has been called when this commits. */
async function claim(
  t: Tx,
  held: readonly string[],
  accounts: ReadonlyMap<string, { id: string; channel: string }>,
  world: World,
  now: Date,
): Promise<DeedRow[]> {
  const late = await rows<DeedRow>(
    t,
    `select ${ROW} from outbox_deeds where state = 'waiting' and expires_at <= $1 order by due_at limit $2 for update skip locked`,
    [now, DEEDS_A_ROUND],
  )
  await endDeeds(
    t,
    late.map((deed) => ({ deed, end: "expired" as const, reason: "window_passed" })),
    null,
    now,
  )
  const due = await rows<Omit<DeedRow, "parcel_id" | "asked_at">>(
    t,
    `select ${ROW} from outbox_deeds
     where state = 'waiting' and due_at <= $1 and (next_try_at is null or next_try_at <= clock_timestamp())
       and account_id <> all($2::uuid[]) order by due_at, account_id, key limit $3 for update skip locked`,
    [now, held, DEEDS_A_ROUND],
  )
  const parcels = new Map<string, { id: string; left: number }>()
  const given = due.map((d) => {
    const group = sameness(d)
    const account = accounts.get(d.account_id)
    const size = Math.max(1, (account && world.channels.get(account.channel)?.parcel_size(d.touch_kind)) || 1)
    let parcel = parcels.get(group)
    if (!parcel || parcel.left === 0) {
      parcel = { id: newId(now.getTime()), left: size }
      parcels.set(group, parcel)
    }
    parcel.left--
    return parcel.id
  })
  return rows<DeedRow>(
    t,
    `update outbox_deeds o set state = 'handing', parcel_id = k.parcel_id, asked_at = $3, attempts = o.attempts + 1,
       lease_until = clock_timestamp() + $4 * interval '1 ms'
     from unnest($1::text[], $2::uuid[]) k (key, parcel_id) where o.key = k.key
     returning ${ROW.split(", ")
       .map((c) => `o.${c}`)
       .join(", ")}`,
    [due.map((d) => d.key), given, now, LEASE_MS],
  )
}

/** Deeds whose holder is gone, or whose outcome is unknown: they are asked about, never blindly repeated. */
function takeOver(t: Tx, held: readonly string[]): Promise<DeedRow[]> {
  return rows<DeedRow>(
    t,
    `update outbox_deeds set state = 'unknown', attempts = attempts + 1, lease_until = clock_timestamp() + $1 * interval '1 ms'
     where parcel_id in (select parcel_id from outbox_deeds
       where state in ('handing', 'unknown') and lease_until < clock_timestamp() and account_id <> all($2::uuid[]) limit $3)
       and state in ('handing', 'unknown')
     returning ${ROW}`,
    [LEASE_MS, held, DEEDS_A_ROUND],
  )
}

const sameness = (d: { account_id: string; touch_kind: string; payload: unknown }) =>
  createHash("sha256")
    .update(`${d.account_id} ${d.touch_kind} ${JSON.stringify(d.payload)}`)
    .digest("hex")

function groups(list: readonly DeedRow[]): { rows: DeedRow[] }[] {
  const byParcel = new Map<string, DeedRow[]>()
  for (const d of list) byParcel.set(d.parcel_id, [...(byParcel.get(d.parcel_id) ?? []), d])
  return [...byParcel.values()].map((rows) => ({ rows }))
}

function parcelOf(list: readonly DeedRow[], account_ref: string): Parcel {
  const first = list[0]!
  return {
    id: first.parcel_id,
    kind: first.touch_kind,
    account_ref,
    recipients: list.map((d) => ({ key: d.key, ref: d.ref })),
    payload: first.payload,
  }
}

/** Null: nobody knows yet. */
async function call(channel: Channel, parcel: Parcel, asked_at: Date | null): Promise<Delivery | null> {
  const all = (outcome: (key: string) => Outcome): Delivery => ({
    outcomes: parcel.recipients.map(({ key }) => outcome(key)),
  })
  try {
    if (asked_at) {
      const resolution = await channel.resolve(parcel, asked_at)
      if (isRefused(resolution)) return null
      return resolution.known ? resolution.delivery : null
    }
    const answer = await channel.deliver(parcel)
    if (!isRefused(answer)) return answer
    return all((key) => ({ key, outcome: "refused", failure: { class: "fix", code: answer.refused } }))
  } catch (error) {
    // channels never throw for what the outside does; if one does, nobody knows whether it was done
    return all((key) => ({ key, outcome: "unknown", detail: error instanceof Error ? error.message : "" }))
  }
}

async function record(
  t: Tx,
  list: readonly DeedRow[],
  delivery: Delivery | null,
  channel: string,
  custodian: string | null,
  now: Date,
): Promise<void> {
  const mine = await rows<{ key: string }>(
    t,
    `select key from outbox_deeds where key = any($1) and parcel_id = $2 and attempts = $3 and state in ('handing', 'unknown')
     order by key for update`,
    [list.map((d) => d.key), list[0]!.parcel_id, list[0]!.attempts],
  )
  const open = new Map(list.filter((d) => mine.some((m) => m.key === d.key)).map((d) => [d.key, d]))
  const ends: DeedEnd[] = []
  const byHand = new Set(delivery?.instructions?.map((i) => i.key))
  for (const deed of open.values()) {
    const o = delivery?.outcomes.find((one) => one.key === deed.key)
    if (!o || o.outcome === "unknown") {
      if (deed.attempts >= RESOLVE_TRIES) ends.push({ deed, end: "failed", reason: "nobody_knows" })
      else
        await later(
          t,
          deed,
          "unknown",
          o?.outcome === "unknown" ? o.detail : "no_answer",
          backoff_ms(deed.attempts, deed.key),
        )
    } else if (byHand.has(deed.key)) ends.push({ deed, end: "by_hand", reason: `cannot:${deed.touch_kind}` })
    else if (o.outcome === "accepted") ends.push({ deed, end: "done", reason: null })
    else {
      const { class: kind, code, retry_after_ms = 0 } = o.failure
      if (kind === "stop") await openCircuit(t, channel, o.failure, now)
      if (kind === "stop" || (kind === "retry_later" && deed.attempts < TOUCH_TRIES))
        await later(t, deed, "waiting", code, Math.max(retry_after_ms, backoff_ms(deed.attempts, deed.key)))
      else if (kind === "wait_window") await nextDay(t, deed, code)
      else ends.push({ deed, end: "failed", reason: code })
    }
  }
  await endDeeds(t, ends, custodian, now)
}

function later(
  t: Tx,
  deed: DeedRow,
  state: "waiting" | "unknown",
  reason: string,
  ms: number,
): Promise<number> {
  return run(
    t,
    `update outbox_deeds set state = $2, reason = $3, next_try_at = clock_timestamp() + $4 * interval '1 ms',
       lease_until = clock_timestamp() + $4 * interval '1 ms' where key = $1`,
    [deed.key, state, reason.slice(0, 200), ms],
  )
}

/** A quota of the platform is used up: the same again when its window has passed. */
function nextDay(t: Tx, deed: DeedRow, reason: string): Promise<number> {
  return run(
    t,
    "update outbox_deeds set state = 'waiting', reason = $2, due_at = due_at + interval '1 day', attempts = 0 where key = $1",
    [deed.key, reason],
  )
}
