import { createHash } from "node:crypto"
import type { Channel, Delivery, Parcel, Payloads, TouchKind } from "../../channels/protocol/index.ts"
import { newId } from "../../kernel/ids.ts"
import { isRefused } from "../../kernel/result.ts"
import { type Db, rows, run, type Tx, tx } from "../../platform/db.ts"
import { openCircuits } from "./circuits.ts"
import { endDeeds, recordDeeds } from "./deed-ends.ts"
import { ask, holding } from "./hand-over.ts"
import { DEEDS_A_ROUND, LEASE_MS } from "./limits.ts"
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
  await Promise.all(
    [...together(fresh, false), ...together(asked, true)].map(async (parcel) => {
      const list = parcel.rows
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
      const delivery = await call(db, channel, parcel, account.ref)
      await tx(db, (t) =>
        recordDeeds(t, list, delivery, { channel: channel.name, custodian: account.custodian_staff_id }, now),
      )
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

/** Deeds of one parcel; `again`: it may have been handed over, so it is asked about. */
type Together = { rows: DeedRow[]; again: boolean }

function together(list: readonly DeedRow[], again: boolean): Together[] {
  const byParcel = new Map<string, DeedRow[]>()
  for (const d of list) {
    const same = byParcel.get(d.parcel_id)
    if (same) same.push(d)
    else byParcel.set(d.parcel_id, [d])
  }
  return [...byParcel.values()].map((rows) => ({ rows, again }))
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

/** Hands a parcel over, or asks what became of it, while its lease is renewed. Null: nobody knows yet. */
async function call(
  db: Db,
  channel: Channel,
  { rows: list, again }: Together,
  account_ref: string,
): Promise<Delivery | null> {
  const first = list[0]!
  const parcel = parcelOf(list, account_ref)
  const beat = () =>
    run(
      db,
      "update outbox_deeds set lease_until = clock_timestamp() + $3 * interval '1 ms' where parcel_id = $1 and attempts = $2",
      [first.parcel_id, first.attempts, LEASE_MS],
    )
  return holding(beat, async () => {
    if (!again) return ask(channel, parcel)
    const resolution = await channel.resolve(parcel, first.asked_at)
    return isRefused(resolution) || !resolution.known ? null : resolution.delivery
  })
}
