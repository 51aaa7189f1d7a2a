import { beforeAll, beforeEach } from "vitest"
import {
  type Delivery,
  defineChannel,
  type Parcel,
  type TransferResult,
} from "../../channels/protocol/index.ts"
import { dayNumber } from "../../kernel/day.ts"
import { newId } from "../../kernel/ids.ts"
import { isRefused } from "../../kernel/result.ts"
import { type Db, oneRow, rows, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { drain, registerHandlers } from "../../spine/facts/index.ts"
import { createRegistry } from "../../spine/offers/index.ts"
import { doDeeds, openAssignments, type World } from "../../spine/outbox/index.ts"
import { prepareTraits } from "../../spine/traits/index.ts"
import { accountsById, meetAccounts } from "../accounts/index.ts"
import { CONTACTS_SQL, offers as customerOffers, takeContacts } from "../customers/index.ts"
import { saveMember, takeListed } from "../staff/index.ts"
import { make } from "./commands.ts"
import { handlers } from "./handlers.ts"
import type { TransferDeps, Who } from "./plan.ts"
import { beginTransfers } from "./run.ts"

export const now = new Date("2026-11-23T04:00:00Z")
export const hours = (n: number) => new Date(now.getTime() + n * 3_600_000)
export let db: Db
export const accept = (parcel: Parcel): Delivery => ({
  outcomes: parcel.recipients.map(({ key }) => ({ key, outcome: "accepted" })),
})
/** What the channel was given, and what it answers. */
export const wire = {
  seen: [] as Parcel[],
  answer: accept,
  results: [] as TransferResult[],
}
const deliver = async (parcel: Parcel) => {
  wire.seen.push(parcel)
  return wire.answer(parcel)
}
const resolve = async (parcel: Parcel) => ({ known: true as const, delivery: accept(parcel) })
const common = { parcel_size: 100, repeatable: false, confirmed_by_staff: false, deliver, resolve }
const channel = defineChannel({
  name: "wecom",
  touches: { transfer_customer: common, transfer_group: common },
  services: { transfer_results: async () => ({ results: wire.results }) },
  senses: [],
  limits: [],
})
const registry = createRegistry([customerOffers])
export let deps: TransferDeps
export let world: World

export type Held = { staff_id: string; account_id: string; ref: string }
let made = 0
/** Somebody at work with an account of their own. */
export async function colleague(name: string): Promise<Held> {
  const ref = `${name}_${++made}`
  await tx(db, (t) => takeListed(t, [{ ref, name, position: "", status: "active" }], now))
  const [account] = await tx(db, (t) => meetAccounts(t, "wecom", [ref], now))
  return { staff_id: account!.custodian_staff_id!, account_id: account!.id, ref }
}
export async function friends(of: Held, n: number): Promise<string[]> {
  return tx(db, (t) =>
    takeContacts(
      t,
      Array.from({ length: n }, () => ({
        account_id: of.account_id,
        custodian_staff_id: of.staff_id,
        external_userid: `wm${++made}`,
        at: hours(-100),
        origin: "history" as const,
      })),
      now,
    ),
  )
}
export const people = (customer_ids: string[]): Who => ({ customer_ids })
export const pass = (who: Who, to: Held, over: { confirmed?: number; effective_at?: Date } = {}) =>
  tx(db, (t) =>
    make(
      t,
      deps,
      {
        who,
        to_account_id: to.account_id,
        reason: "rearranged",
        note: "",
        message: "以后由我来服务您",
        ...over,
      },
      { staff_id: boss, scope: null },
      now,
    ),
  )
export async function passed(who: Who, to: Held): Promise<string> {
  const one = await pass(who, to)
  if (isRefused(one)) throw new Error(one.refused)
  return one.id
}
/** Loops and handlers, until nothing is left to do at this moment. */
export async function settle(at: Date) {
  await beginTransfers(db, at)
  await doDeeds(db, world, at)
  await drain(db, handlers, () => at)
}
export const states = async (transfer: string) =>
  Object.fromEntries(
    (
      await rows<{ state: string; n: number }>(
        db,
        "select state, count(*)::int as n from transfers_customers where transfer_id = $1 group by 1",
        [transfer],
      )
    ).map((r) => [r.state, r.n]),
  )
export const ownerOf = async (id: string) =>
  (await oneRow<{ o: string }>(db, "select owner_staff_id as o from customers_customers where id = $1", [id]))
    .o
export const told = async (id: string) =>
  (
    await rows<{ type: string }>(
      db,
      "select type from facts where subject = $1 and type like 'customer.transfer%' order by tx, id",
      [id],
    )
  ).map((r) => r.type)

export let boss: string
export const owner = () => ({ staff_id: boss, role: "owner", scope: null })
/** A company of its own for the file that calls it; nothing on the wire before each test. */
export function openCompany(): void {
  beforeAll(async () => {
    db = await testDb()
    await prepareTraits(db, registry)
    await registerHandlers(db, handlers)
    world = {
      contacts: CONTACTS_SQL,
      channels: new Map([["wecom", channel]]),
      accounts: async (q) =>
        (
          await accountsById(
            q,
            (await rows<{ id: string }>(q, "select id from accounts_accounts")).map((r) => r.id),
          )
        ).map((a) => ({
          ...a,
          ref: a.channel_ref,
          functions: [a.function],
          usable: true,
          quotas: { friends: 50, private_messages: 100, group_messages: 100 },
        })),
    }
    deps = { world, registry: () => registry }
    const owner = await tx(db, (t) =>
      saveMember(t, { name: "负责人", role: "owner", login: "owner" }, now, () => undefined),
    )
    boss = (owner as { id: string }).id
  })
  beforeEach(() => {
    wire.seen.length = 0
    wire.results = []
    wire.answer = accept
  })
}

export async function refsOf(ids: string[]): Promise<string[]> {
  const found = await rows<{ customer_id: string; ref: string }>(
    db,
    "select customer_id, external_userid as ref from customers_contacts where customer_id = any($1)",
    [ids],
  )
  return ids.map((id) => found.find((f) => f.customer_id === id)!.ref)
}

/** The platform says that the taker and these customers are friends now. */
export async function arrive(ids: string[], to: Held) {
  const refs = await refsOf(ids)
  await tx(db, (t) =>
    takeContacts(
      t,
      refs.map((external_userid) => ({
        account_id: to.account_id,
        custodian_staff_id: to.staff_id,
        external_userid,
        at: hours(24),
        origin: "live" as const,
      })),
      hours(24),
    ),
  )
}

export function openAssignmentFor(customer_id: string, staff_id: string) {
  return tx(db, (t) =>
    openAssignments(
      t,
      [
        {
          cause_key: `test:${newId()}`,
          kind: "task",
          title: "回访",
          customer_id,
          assignee_staff_id: staff_id,
          due_at: hours(dayNumber(now)),
        },
      ],
      now,
    ),
  )
}
