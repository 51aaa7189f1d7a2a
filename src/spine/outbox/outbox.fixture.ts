import {
  type Channel,
  type Delivery,
  defineChannel,
  type Failure,
  type Parcel,
} from "../../channels/protocol/index.ts"
import { newId } from "../../kernel/ids.ts"
import { type Db, rows, run, tx } from "../../platform/db.ts"
import { createSend, type Message, planPiece } from "./index.ts"
import type { SenderAccount, World } from "./world.ts"

export const NOON = new Date("2026-11-23T04:00:00Z")
export const minutes = (n: number) => new Date(NOON.getTime() + n * 60_000)
export const days = (n: number) => new Date(NOON.getTime() + n * 86_400_000)

const WAITING = ["sent_to_staff", "confirmed"]

/** A channel that remembers what it was given and answers as told. */
export function memoryChannel(
  name: string,
  options: { size?: number; confirmed?: boolean; can?: boolean } = {},
) {
  const seen: Parcel[] = []
  const told = {
    answer: (parcel: Parcel): Delivery | Promise<Delivery> => ({
      task_ref: `task-${parcel.id}`,
      outcomes: parcel.recipients.map(({ key }) => ({ key, outcome: "accepted" })),
    }),
    resolve: (parcel: Parcel): Delivery | null => ({
      outcomes: parcel.recipients.map(({ key }) => ({ key, outcome: "accepted" })),
    }),
    receipts: (
      refs: string[],
    ): {
      ref: string
      state: "delivered" | "not_friend" | "over_quota" | "confirmed" | "sent_to_staff"
      at?: Date
    }[] => refs.map((ref) => ({ ref, state: "delivered" })),
    remind: (): { reminded: true } | { failure: Failure } => ({ reminded: true }),
    cancel: (): { cancelled: true } | { failure: Failure } => ({ cancelled: true }),
  }
  const asked = { remind: [] as string[], cancel: [] as string[] }
  const channel: Channel = defineChannel({
    name,
    touches:
      options.can === false
        ? {}
        : {
            send_private: {
              parcel_size: options.size ?? 100,
              repeatable: false,
              confirmed_by_staff: options.confirmed ?? false,
              async deliver(parcel) {
                seen.push(parcel)
                return told.answer(parcel)
              },
              async resolve(parcel) {
                const delivery = told.resolve(parcel)
                return delivery ? { known: true, delivery } : { known: false, retry_after_ms: 10 }
              },
            },
          },
    services: options.confirmed
      ? {
          receipts: async (task) => {
            const receipts = told.receipts(task.refs)
            return { receipts, done: receipts.every((r) => !WAITING.includes(r.state)) }
          },
          remind: async (task) => {
            asked.remind.push(task)
            return told.remind()
          },
          cancel: async (task) => {
            asked.cancel.push(task)
            return told.cancel()
          },
        }
      : {},
    senses: [],
    limits: [],
  })
  return { channel, seen, told, asked }
}

/** A little company: accounts and contacts in tables of the test's own. */
export async function company(db: Db, channel: Channel, options: { accounts?: number; quota?: number } = {}) {
  await run(
    db,
    `create table if not exists test_contacts (customer_id uuid, account_id uuid, ref text, name text, added_at timestamptz,
       opted_out boolean default false, primary key (customer_id, account_id))`,
  )
  const accounts: SenderAccount[] = Array.from({ length: options.accounts ?? 1 }, (_, i) => ({
    id: newId(),
    channel: channel.name,
    ref: `acct${i}`,
    functions: [i === 0 ? "ip" : "sales"],
    name: `账号${i}`,
    custodian_staff_id: newId(),
    usable: true,
    quotas: { friends: 50, private_messages: options.quota ?? 10_000, group_messages: 100 },
  }))
  const world: World = {
    contacts: "select customer_id, account_id, ref, name, added_at, opted_out from test_contacts",
    accounts: async () => accounts,
    channels: new Map([[channel.name, channel]]),
  }
  return { accounts, world }
}

/** Customers, each a contact of the account. */
export async function befriend(db: Db, account_id: string, count: number): Promise<string[]> {
  const made = await rows<{ customer_id: string }>(
    db,
    `insert into test_contacts (customer_id, account_id, ref, name, added_at)
     select id, $1, 'wm_' || id, '客户' || n, '2026-01-01' from (select gen_random_uuid() as id, n from generate_series(1, $2) n) g
     returning customer_id`,
    [account_id, count],
  )
  return made.map((r) => r.customer_id).sort()
}

export const everybody: { sql: string; params: unknown[] } = {
  sql: "select distinct customer_id from test_contacts",
  params: [],
}
export const only = (ids: string[]) => ({ sql: "select unnest($1::uuid[]) as customer_id", params: [ids] })

export const message = (over: Partial<Message> = {}): Message => ({
  id: newId(),
  touch_kind: "send_private",
  nature: "selling",
  when_capped: "leave_out",
  account_function: null,
  content: { text: "今晚八点上新" },
  ...over,
})

/** A send that was made and approved at noon, all of it planned. */
export async function approvedSend(
  db: Db,
  world: World,
  over: Partial<Message> & { at?: Date; until?: Date; audience?: typeof everybody; size?: number } = {},
): Promise<string> {
  const { at = NOON, until = days(20), audience = everybody, size = 1_000, ...rest } = over
  const id = newId()
  await tx(db, (t) =>
    createSend(
      t,
      { id, author_id: newId(), message: message(rest), not_before: at, expires_at: until, approved: true },
      NOON,
    ),
  )
  while (!(await planPiece(db, world, id, audience, NOON, size)).done);
  return id
}

/** How many touches of a cause stand in which state, as `state` or `state:reason`. */
export async function statesOf(db: Db, cause_id: string): Promise<Record<string, number>> {
  const found = await rows<{ k: string; n: number }>(
    db,
    "select state || coalesce(':' || reason, '') as k, count(*)::int as n from outbox_touches where cause_id = $1 group by 1 order by 1",
    [cause_id],
  )
  return Object.fromEntries(found.map((r) => [r.k, r.n]))
}

/** As before the first touch. */
export async function emptyOutbox(db: Db): Promise<void> {
  await run(db, "drop table if exists test_contacts")
  await run(
    db,
    `truncate outbox_touches, outbox_slots, outbox_use, outbox_sends, outbox_parcels, outbox_circuits, outbox_assignments,
       outbox_called_off`,
  )
}
