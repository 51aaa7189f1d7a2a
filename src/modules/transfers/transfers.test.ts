import { beforeAll, beforeEach, describe, expect, it } from "vitest"
import {
  type Delivery,
  defineChannel,
  type Parcel,
  type TransferResult,
} from "../../channels/protocol/index.ts"
import { dayNumber } from "../../kernel/day.ts"
import { newId } from "../../kernel/ids.ts"
import { isRefused } from "../../kernel/result.ts"
import { type Db, oneRow, rows, run, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { drain, registerHandlers } from "../../spine/facts/index.ts"
import { createRegistry } from "../../spine/offers/index.ts"
import { doDeeds, openAssignments, type World } from "../../spine/outbox/index.ts"
import { prepareTraits } from "../../spine/traits/index.ts"
import { accountsById, meetAccounts } from "../accounts/index.ts"
import { CONTACTS_SQL, offers as customerOffers, endContacts, takeContacts } from "../customers/index.ts"
import { saveMember, takeGone, takeListed } from "../staff/index.ts"
import { cancel, make } from "./commands.ts"
import { handlers, takeTransferFailures } from "./handlers.ts"
import { callOff, close, note, passOn, start } from "./leaving/commands.ts"
import { holdingsOf } from "./leaving/holdings.ts"
import { countUnowned, tendLeavings } from "./leaving/unowned.ts"
import { planTransfer, type TransferDeps, type Who } from "./plan.ts"
import { beginTransfers, pollTransfers } from "./run.ts"

const now = new Date("2026-11-23T04:00:00Z")
const hours = (n: number) => new Date(now.getTime() + n * 3_600_000)
let db: Db
const seen: Parcel[] = []
let answer: (parcel: Parcel) => Delivery
let results: TransferResult[] = []
const accept = (parcel: Parcel): Delivery => ({
  outcomes: parcel.recipients.map(({ key }) => ({ key, outcome: "accepted" })),
})
const deliver = async (parcel: Parcel) => {
  seen.push(parcel)
  return answer(parcel)
}
const resolve = async (parcel: Parcel) => ({ known: true as const, delivery: accept(parcel) })
const common = { parcel_size: 100, repeatable: false, confirmed_by_staff: false, deliver, resolve }
const channel = defineChannel({
  name: "wecom",
  touches: { transfer_customer: common, transfer_group: common },
  services: { transfer_results: async () => ({ results }) },
  senses: [],
  limits: [],
})
const registry = createRegistry([customerOffers])
let deps: TransferDeps
let world: World

type Held = { staff_id: string; account_id: string; ref: string }
let made = 0
/** Somebody at work with an account of their own. */
async function colleague(name: string): Promise<Held> {
  const ref = `${name}_${++made}`
  await tx(db, (t) => takeListed(t, [{ ref, name, position: "", status: "active" }], now))
  const [account] = await tx(db, (t) => meetAccounts(t, "wecom", [ref], now))
  return { staff_id: account!.custodian_staff_id!, account_id: account!.id, ref }
}
async function friends(of: Held, n: number): Promise<string[]> {
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
const people = (customer_ids: string[]): Who => ({ customer_ids })
const pass = (who: Who, to: Held, over: { confirmed?: number; effective_at?: Date } = {}) =>
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
async function passed(who: Who, to: Held): Promise<string> {
  const one = await pass(who, to)
  if (isRefused(one)) throw new Error(one.refused)
  return one.id
}
/** Loops and handlers, until nothing is left to do at this moment. */
async function settle(at: Date) {
  await beginTransfers(db, at)
  await doDeeds(db, world, at)
  await drain(db, handlers, () => at)
}
const states = async (transfer: string) =>
  Object.fromEntries(
    (
      await rows<{ state: string; n: number }>(
        db,
        "select state, count(*)::int as n from transfers_customers where transfer_id = $1 group by 1",
        [transfer],
      )
    ).map((r) => [r.state, r.n]),
  )
const ownerOf = async (id: string) =>
  (await oneRow<{ o: string }>(db, "select owner_staff_id as o from customers_customers where id = $1", [id]))
    .o
const told = async (id: string) =>
  (
    await rows<{ type: string }>(
      db,
      "select type from facts where subject = $1 and type like 'customer.transfer%' order by tx, id",
      [id],
    )
  ).map((r) => r.type)

let boss: string
const owner = () => ({ staff_id: boss, role: "owner", scope: null })
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
  seen.length = 0
  results = []
  answer = accept
})

describe("customers who pass to a colleague", () => {
  it("are handed over in parcels of 100 with the words for them, and are the colleague's when they have arrived, not before", async () => {
    const [from, to] = [await colleague("旧"), await colleague("新")]
    const ids = await friends(from, 130)
    const id = await passed(people(ids), to)
    await settle(now)
    expect(seen.map((p) => p.recipients.length).sort()).toEqual([100, 30])
    expect(seen[0]).toMatchObject({
      account_ref: from.ref,
      payload: { to_account_ref: to.ref, resigned: false, message: "以后由我来服务您" },
    })
    expect(await states(id)).toEqual({ waiting: 130 })
    expect(await ownerOf(ids[0]!)).toBe(from.staff_id)
    await openAssignmentFor(ids[0]!, from.staff_id)
    await arrive(ids.slice(0, 1), to)
    await settle(hours(24))
    expect(await ownerOf(ids[0]!)).toBe(to.staff_id)
    expect(await told(ids[0]!)).toEqual(["customer.transfer_asked", "customer.transferred"])
    const task = await oneRow<{ who: string }>(
      db,
      "select assignee_staff_id as who from outbox_assignments where customer_id = $1",
      [ids[0]],
    )
    expect(task.who).toBe(to.staff_id)
  })

  it("are no newcomers there: the journey of new friends does not begin again", async () => {
    const [from, to] = [await colleague("旧"), await colleague("新")]
    const [customer] = await friends(from, 1)
    const { ref } = await oneRow<{ ref: string }>(
      db,
      "select external_userid as ref from customers_contacts where customer_id = $1",
      [customer],
    )
    await tx(db, (t) =>
      endContacts(t, [
        { account_id: from.account_id, external_userid: ref, at: hours(24), origin: "live", by: "transfer" },
      ]),
    )
    await arrive([customer!], to)
    const added = await rows<{ first: boolean }>(
      db,
      "select (payload->>'first')::boolean as first from facts where subject = $1 and type = 'customer.contact_added' order by tx, id",
      [customer],
    )
    expect(added.map((f) => f.first)).toEqual([true, false])
  })

  it("who refuse, or whom the colleague has no room for, stay with whom they were, and it is told", async () => {
    const [from, to] = [await colleague("旧"), await colleague("新")]
    const [one, two] = await friends(from, 2)
    const id = await passed(people([one!, two!]), to)
    await settle(now)
    const refs = await refsOf([one!, two!])
    await tx(db, (t) =>
      takeTransferFailures(
        t,
        "wecom",
        [
          { to_ref: to.ref, external_ref: refs[0]!, reason: "refused" },
          { to_ref: to.ref, external_ref: refs[1]!, reason: "limit_exceeded" },
          { to_ref: "nobody", external_ref: "wm-unknown", reason: "refused" },
        ],
        hours(1),
      ),
    )
    expect(await states(id)).toEqual({ refused: 1, full: 1 })
    expect(await ownerOf(one!)).toBe(from.staff_id)
    expect(await told(one!)).toEqual(["customer.transfer_asked", "customer.transfer_failed"])
    await arrive([one!], to)
    await settle(hours(24))
    expect(await states(id)).toEqual({ refused: 1, full: 1 })
  })

  it("whose news were lost are asked about, and what the platform never answers ends as failed", async () => {
    const [from, to] = [await colleague("旧"), await colleague("新")]
    const ids = await friends(from, 3)
    const id = await passed(people(ids), to)
    await settle(now)
    const refs = await refsOf(ids)
    results = [
      { ref: refs[0]!, status: "done" },
      { ref: refs[1]!, status: "refused" },
      { ref: refs[2]!, status: "waiting" },
    ]
    await pollTransfers(db, deps, hours(25))
    expect(await states(id)).toEqual({ done: 1, refused: 1, waiting: 1 })
    await pollTransfers(db, deps, hours(25.5))
    expect(await ownerOf(ids[0]!)).toBe(to.staff_id)
    await pollTransfers(db, deps, hours(24 * 5))
    expect(await states(id)).toEqual({ done: 1, refused: 1, failed: 1 })
  })

  it("whom the platform refuses at once have not been handed over", async () => {
    const [from, to] = [await colleague("旧"), await colleague("新")]
    const [one] = await friends(from, 1)
    const id = await passed(people([one!]), to)
    answer = (parcel) => ({
      outcomes: parcel.recipients.map(({ key }) => ({
        key,
        outcome: "refused",
        failure: { class: "never", code: "40131" },
      })),
    })
    await settle(now)
    expect(await states(id)).toEqual({ failed: 1 })
    expect(await ownerOf(one!)).toBe(from.staff_id)
  })

  it("in service pass over twice in ninety days; the third time is held, and is said in the trial", async () => {
    const [from, to] = [await colleague("旧"), await colleague("新")]
    const ids = await friends(from, 1)
    for (const _ of [1, 2]) {
      await run(
        db,
        `insert into transfers_customers (customer_id, transfer_id, from_account_id, to_account_id, state, effective_at, asked_at)
         values ($1, $2, $3, $4, 'done', $5, $5)`,
        [ids[0], newId(), from.account_id, to.account_id, hours(-24 * 30)],
      )
    }
    const plan = await planTransfer(db, deps, { who: people(ids), to_account_id: to.account_id }, null, now)
    expect(isRefused(plan) ? plan : plan.decided[0]!.decision).toEqual({
      kind: "held",
      code: "transferred_often",
    })
    expect(await pass(people(ids), to)).toMatchObject({ refused: "nobody_to_pass" })
  })

  it("two people who pass one customer on at the same moment: one does, the other is told that the number changed", async () => {
    const [from, to] = [await colleague("旧"), await colleague("新")]
    const ids = await friends(from, 5)
    const both = await Promise.all([pass(people(ids), to), pass(people(ids), to)])
    const refused = both.filter(isRefused)
    expect(refused).toHaveLength(1)
    expect(["count_changed", "nobody_to_pass"]).toContain(refused[0]!.refused)
    const open = await oneRow<{ n: number }>(
      db,
      "select count(*)::int as n from transfers_customers where customer_id = any($1)",
      [ids],
    )
    expect(open.n).toBe(5)
  })

  it("wait for the day that was named, and are called off before it; what has begun runs its course", async () => {
    const [from, to] = [await colleague("旧"), await colleague("新")]
    const ids = await friends(from, 2)
    const later = await pass(people(ids), to, { effective_at: hours(48) })
    if (isRefused(later)) throw new Error(later.refused)
    await settle(now)
    expect(await states(later.id)).toEqual({ planned: 2 })
    expect(await tx(db, (t) => cancel(t, later.id, boss, now))).toEqual({ cancelled: 2 })
    expect(await tx(db, (t) => cancel(t, later.id, boss, now))).toEqual({ refused: "nothing_waits" })
    await settle(hours(48))
    expect(seen.filter((p) => p.account_ref === from.ref)).toEqual([])
    expect(await pass(people(ids), to, { effective_at: hours(-1) })).toMatchObject({
      refused: "time_invalid",
    })
    expect(await pass(people(ids), to, { confirmed: 7 })).toMatchObject({ refused: "count_changed" })
  })

  it("pass to nobody's account, one with a hazard, or one that is not there: refused before anything is written", async () => {
    const [from, to] = [await colleague("旧"), await colleague("新")]
    const ids = await friends(from, 1)
    expect(await pass(people(ids), { ...to, account_id: newId() })).toMatchObject({
      refused: "account_unknown",
    })
    await run(db, "update accounts_accounts set hazard = 'restricted' where id = $1", [to.account_id])
    expect(await pass(people(ids), to)).toMatchObject({ refused: "account_stopped" })
    await run(db, "update accounts_accounts set hazard = 'none', custodian_staff_id = null where id = $1", [
      to.account_id,
    ])
    expect(await pass(people(ids), to)).toMatchObject({ refused: "account_unheld", field: "to_account_id" })
  })
})

describe("somebody who leaves", () => {
  it("holds accounts, customers and tasks that must find other hands: closing is refused with what is left, until nothing is", async () => {
    const [goes, stays] = [await colleague("走"), await colleague("留")]
    const ids = await friends(goes, 3)
    await openAssignmentFor(ids[0]!, goes.staff_id)
    expect(await tx(db, (t) => close(t, goes.staff_id, owner(), now))).toMatchObject({
      refused: "not_leaving",
    })
    expect(
      await tx(db, (t) =>
        start(t, goes.staff_id, { note: "", by: { ...owner(), staff_id: goes.staff_id } }, now),
      ),
    ).toEqual({
      refused: "oneself",
    })
    await tx(db, (t) => start(t, goes.staff_id, { note: "", by: owner() }, now))
    const refused = await tx(db, (t) => close(t, goes.staff_id, owner(), now))
    expect(refused).toMatchObject({
      refused: "still_holds",
      detail: { accounts: [goes.ref], customers: 3, assignments: 1 },
    })
    const to = {
      customers_to_account_id: stays.account_id,
      assignments_to_staff_id: stays.staff_id,
      message: "",
    }
    const own = { ...to, customers_to_account_id: goes.account_id }
    expect(await tx(db, (t) => passOn(t, deps, goes.staff_id, own, owner(), now))).toMatchObject({
      refused: "same_person",
    })
    expect(await tx(db, (t) => passOn(t, deps, goes.staff_id, to, owner(), now))).toEqual({
      customers: 3,
      groups: 0,
      assignments: 1,
    })
    await settle(now)
    await arrive(ids, stays)
    await settle(hours(24))
    await run(db, "update accounts_accounts set custodian_staff_id = $2 where id = $1", [
      goes.account_id,
      stays.staff_id,
    ])
    expect(await holdingsOf(db, goes.staff_id)).toMatchObject({
      accounts: [],
      customers: 0,
      groups: [],
      assignments: 0,
    })
    expect(await tx(db, (t) => close(t, goes.staff_id, owner(), hours(25)))).toEqual({})
    expect((await told(ids[0]!)).at(-1)).toBe("customer.transferred")
  })

  it("of whom the channel says so leaves at once, whoever wanted it, and is handed over in the way of those who are gone", async () => {
    const [goes, stays] = [await colleague("走"), await colleague("留")]
    const ids = await friends(goes, 2)
    await tx(db, (t) => takeListed(t, [{ ref: goes.ref, name: "走", position: "", status: "left" }], now))
    await tendLeavings(db, now)
    const { status } = await oneRow<{ status: string }>(
      db,
      "select status from staff_members where id = $1",
      [goes.staff_id],
    )
    expect(status).toBe("leaving")
    await tx(db, (t) =>
      passOn(
        t,
        deps,
        goes.staff_id,
        { customers_to_account_id: stays.account_id, message: "" },
        owner(),
        now,
      ),
    )
    await settle(now)
    expect(seen[0]).toMatchObject({ payload: { resigned: true } })
    await arrive(ids, stays)
    await settle(hours(24))
    await run(db, "update accounts_accounts set custodian_staff_id = null where id = $1", [goes.account_id])
    await tendLeavings(db, hours(30))
    expect(
      await oneRow(
        db,
        "select m.status, l.closed_at is not null as closed, l.began_by from staff_members m join transfers_leavings l on l.staff_id = m.id where m.id = $1",
        [goes.staff_id],
      ),
    ).toEqual({ status: "left", closed: true, began_by: null })
  })

  it("is not for everybody to send away: not for a lead of another team, and an owner only for another owner", async () => {
    const somebody = await colleague("同事")
    const stranger = { staff_id: newId(), role: "lead", scope: [newId()] }
    const begin = (id: string, by: typeof stranger | ReturnType<typeof owner>) =>
      tx(db, (t) => start(t, id, { note: "", by }, now))
    expect(await begin(somebody.staff_id, stranger)).toEqual({ refused: "not_found" })
    expect(await begin(boss, { staff_id: newId(), role: "lead", scope: null })).toEqual({
      refused: "owner_only",
    })
    expect(await begin(somebody.staff_id, { ...stranger, scope: [somebody.staff_id] })).toHaveProperty(
      "due_day",
    )
    expect(await tx(db, (t) => close(t, somebody.staff_id, stranger, now))).toEqual({ refused: "not_found" })
  })

  it("and is gone in the channel by then does not stay by a word here", async () => {
    const goes = await colleague("走")
    await tx(db, (t) => start(t, goes.staff_id, { note: "", by: owner() }, now))
    await tx(db, (t) => takeGone(t, [goes.ref], now))
    expect(await tx(db, (t) => callOff(t, goes.staff_id, owner(), now))).toEqual({ refused: "gone" })
  })

  it("with groups: they pass to the other owner through the channel, and the groups say so", async () => {
    const [goes, stays] = [await colleague("走"), await colleague("留")]
    const group = newId()
    await run(
      db,
      `insert into groups_groups (id, channel, channel_ref, name, owner_ref, seen_at, created_at)
       values ($1::uuid, 'wecom', $1::uuid::text, '福利群', $2, $3, $3)`,
      [group, goes.ref, now],
    )
    await tx(db, (t) => start(t, goes.staff_id, { note: "", by: owner() }, now))
    const to = { groups_to_account_id: stays.account_id, message: "" }
    expect(await tx(db, (t) => passOn(t, deps, goes.staff_id, to, owner(), now))).toMatchObject({ groups: 1 })
    expect(await tx(db, (t) => passOn(t, deps, goes.staff_id, to, owner(), now))).toMatchObject({ groups: 0 })
    await settle(now)
    expect(seen.map((p) => [p.kind, p.account_ref])).toEqual([["transfer_group", goes.ref]])
    const { owner_ref } = await oneRow<{ owner_ref: string }>(
      db,
      "select owner_ref from groups_groups where id = $1",
      [group],
    )
    expect(owner_ref).toBe(stays.ref)
  })
})

describe("what has no owner who is here", () => {
  it("is found: accounts, friends, groups and tasks of nobody or of whoever is gone, and leavings past their day", async () => {
    const before = await countUnowned(db, now)
    const goes = await colleague("走")
    await friends(goes, 2)
    await openAssignmentFor(newId(), goes.staff_id)
    await run(
      db,
      `insert into groups_groups (id, channel, channel_ref, name, owner_ref, seen_at, created_at)
       values ($1::uuid, 'wecom', $1::uuid::text, '群', $2, $3, $3)`,
      [newId(), goes.ref, now],
    )
    expect(await countUnowned(db, now)).toEqual(before)
    const later = (await countUnowned(db, hours(24 * 8))).leavings_overdue
    await run(db, "update staff_members set status = 'leaving' where id = $1", [goes.staff_id])
    await tx(db, (t) => note(t, goes.staff_id, { note: "", by: boss }, now))
    expect(await countUnowned(db, now)).toEqual({
      accounts: before.accounts + 1,
      customers: before.customers + 2,
      groups: before.groups + 1,
      assignments: before.assignments + 1,
      leavings_overdue: before.leavings_overdue,
    })
    expect((await countUnowned(db, hours(24 * 8))).leavings_overdue).toBe(later + 1)
  })
})

async function refsOf(ids: string[]): Promise<string[]> {
  const found = await rows<{ customer_id: string; ref: string }>(
    db,
    "select customer_id, external_userid as ref from customers_contacts where customer_id = any($1)",
    [ids],
  )
  return ids.map((id) => found.find((f) => f.customer_id === id)!.ref)
}

/** The platform says that the taker and these customers are friends now. */
async function arrive(ids: string[], to: Held) {
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

function openAssignmentFor(customer_id: string, staff_id: string) {
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
