import { beforeAll, beforeEach, describe, expect, it } from "vitest"
import { dayNumber } from "../../kernel/day.ts"
import { newId } from "../../kernel/ids.ts"
import { isRefused } from "../../kernel/result.ts"
import { type Db, oneRow, rows, run, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import {
  approveSend,
  askReceipts,
  assignmentsOf,
  cancelSend,
  closeCircuit,
  correctLimit,
  createSend,
  deliverOnce,
  doAssignment,
  dryRun,
  limitHistory,
  openCircuits,
  pauseSend,
  placeUnplaced,
  planPiece,
  planTouches,
  progressOf,
  publishLimits,
  resolveOpen,
  resumeSend,
  saveMessages,
  sendById,
  tendSends,
  type World,
} from "./index.ts"
import {
  approvedSend,
  befriend,
  company,
  days,
  emptyOutbox,
  everybody,
  memoryChannel,
  message,
  minutes,
  NOON,
  only,
  statesOf,
} from "./outbox.fixture.ts"

let db: Db
beforeAll(async () => {
  db = await testDb()
})
beforeEach(() => emptyOutbox(db))

const send = (world: World, over?: Parameters<typeof approvedSend>[2]) => approvedSend(db, world, over)
const states = (cause: string) => statesOf(db, cause)

async function place(world: World, now: Date) {
  while ((await tx(db, (t) => placeUnplaced(t, world, now, 500))) > 0);
}

describe("a platform's monthly limit a person", () => {
  it("is kept before anything is handed over, told by the dry run, and counts at once when the team corrects it", async () => {
    const { channel } = memoryChannel("monthly")
    const { world, accounts } = await company(db, channel)
    const people = only(await befriend(db, accounts[0]!.id, 3))
    const limit = { name: "monthly.mass_send.per_customer", per: "month customer", source: "the platform" }
    await publishLimits(db, [{ ...limit, unit: "count", value: 2, effective_from: "2026-01-01" }])
    const sendOn = (day: number) =>
      send(world, { audience: people, at: days(day), until: days(day + 1), nature: "service" })
    const dry = (day: number) =>
      dryRun(
        db,
        world,
        {
          audience: people,
          nature: "service",
          account_function: null,
          text: "您好",
          at: days(day),
          expires_at: days(day + 1),
        },
        NOON,
      )
    expect(await states(await sendOn(0))).toEqual({ planned: 3 })
    expect(await states(await sendOn(1))).toEqual({ planned: 3 })
    expect(await dry(2)).toMatchObject({ reached: 0, left_out: [{ reason: "month_full", people: 3 }] })
    expect(await states(await sendOn(2))).toEqual({ "left_out:month_full": 3 })
    // NOON is the 23rd: ten days later is another month
    expect(await states(await sendOn(10))).toEqual({ planned: 3 })
    await correctLimit(db, { ...limit, value: 3, effective_from: "2026-11-01" }, newId())
    expect(await dry(3)).toMatchObject({ reached: 3, left_out: [] })
    expect(await states(await sendOn(3))).toEqual({ planned: 3 })
    await run(db, "delete from outbox_limits where name = $1", [limit.name])
  })

  it("is corrected only where it exists, and to what it can be", async () => {
    const from = { source: "运营总监 11 月例会", effective_from: "2026-11-20" }
    const correct = (name: string, per: string, value: number) =>
      correctLimit(db, { name, per, value, ...from }, newId())
    expect(await correct("person.sellin", "day", 2)).toMatchObject({
      refused: "no_such_limit",
      field: "name",
    })
    expect(await correct("quiet.from_minute", "day", 1_440)).toMatchObject({ refused: "limit_impossible" })
    expect(await correct("person.selling", "day", -1)).toMatchObject({ refused: "limit_impossible" })
    expect(await correct("quiet.from_minute", "day", 1_320)).toEqual({ name: "quiet.from_minute" })
    const on = async (day: string) =>
      (await limitHistory(db, new Date(day)))
        .filter((row) => row.name === "quiet.from_minute")
        .map(({ value, unit, own, in_force }) => ({ value, unit, own, in_force }))
    const house = { value: 1_290, unit: "minute_of_day", own: false }
    const ours = { value: 1_320, unit: "minute_of_day", own: true }
    expect(await on("2026-11-19T15:59:00Z")).toEqual([
      { ...house, in_force: true },
      { ...ours, in_force: false },
    ])
    expect(await on("2026-11-19T16:00:00Z")).toEqual([
      { ...house, in_force: false },
      { ...ours, in_force: true },
    ])
    await run(db, "delete from outbox_limits where corrected_by is not null")
  })
})

describe("a send reaches everybody it may reach, once", () => {
  it("goes out in parcels of the channel's size, under one text, and is done when all is known", async () => {
    const { channel, seen } = memoryChannel("m1", { size: 40 })
    const { world, accounts } = await company(db, channel)
    await befriend(db, accounts[0]!.id, 100)
    const id = await send(world, { size: 33 })
    expect(await states(id)).toEqual({ planned: 100 })
    await deliverOnce(db, world, minutes(1))
    expect(seen.map((p) => p.recipients.length).sort()).toEqual([20, 40, 40])
    expect(await states(id)).toEqual({ delivered: 100 })
    await tendSends(db, minutes(2))
    expect((await sendById(db, id))?.state).toBe("done")
    const facts = await oneRow<{ n: number }>(
      db,
      "select count(*) as n from facts where type = 'touch.delivered'",
    )
    expect(facts.n).toBe(100)
  })

  it("a text with the person's name goes to each with their own, and nobody's name can change the text", async () => {
    const { channel, seen } = memoryChannel("names")
    const { world, accounts } = await company(db, channel)
    const [one] = await befriend(db, accounts[0]!.id, 2)
    await run(db, "update test_contacts set name = '{{name}}$&' where customer_id = $1", [one])
    await send(world, { content: { text: "{{name}},您好" } })
    await deliverOnce(db, world, minutes(1))
    expect(seen.map((p) => (p.payload as { content: { text: string } }).content.text).sort()).toContain(
      "{{name}}$&,您好",
    )
    expect(seen).toHaveLength(2)
  })

  it("two workers side by side never send one twice, and lose none", async () => {
    const { channel, seen } = memoryChannel("pair", { size: 10 })
    const { world, accounts } = await company(db, channel, { accounts: 5 })
    for (const a of accounts) await befriend(db, a.id, 60)
    const id = await send(world)
    await Promise.all(Array.from({ length: 4 }, () => deliverOnce(db, world, minutes(1))))
    await deliverOnce(db, world, minutes(1))
    const keys = seen.flatMap((p) => p.recipients.map((r) => r.key))
    expect(keys).toHaveLength(300)
    expect(new Set(keys).size).toBe(300)
    expect(await states(id)).toEqual({ delivered: 300 })
  })
})

describe("who is left out is told with the reason", () => {
  it("no contact, opted out, no account of the function, capped: each its own number", async () => {
    const { channel } = memoryChannel("why")
    const { world, accounts } = await company(db, channel, { accounts: 2 })
    const ids = await befriend(db, accounts[0]!.id, 10)
    await run(db, "update test_contacts set opted_out = true where customer_id = any($1)", [ids.slice(0, 3)])
    await send(world, { audience: only(ids.slice(3, 5)) })
    const stranger = newId()
    const id = await send(world, { audience: only([...ids, stranger].sort()) })
    expect(await states(id)).toEqual({
      "left_out:capped": 2,
      "left_out:no_contact": 1,
      "left_out:opted_out": 3,
      planned: 5,
    })
    const wanted = await send(world, {
      account_function: "member",
      audience: only(ids.slice(5)),
      nature: "service",
      until: minutes(60),
    })
    await place(world, NOON)
    expect(await states(wanted)).toEqual({ "expired:no_account": 5 })
  })

  it("of two accounts that know a person the one that met them last writes, or the one of the function that is asked for", async () => {
    const { channel } = memoryChannel("last_met")
    const { world, accounts } = await company(db, channel, { accounts: 2 })
    const [first, second] = [accounts[0]!, accounts[1]!]
    const ids = await befriend(db, first.id, 2)
    await run(
      db,
      `insert into test_contacts (customer_id, account_id, ref, name, added_at)
       select customer_id, $1, 'wm2_' || customer_id, name, '2026-02-01' from test_contacts where account_id = $2`,
      [second.id, first.id],
    )
    const writer = async (id: string) =>
      rows(db, "select distinct account_id from outbox_touches where cause_id = $1", [id])
    const service = { audience: only(ids), nature: "service" } as const
    expect(await writer(await send(world, service))).toEqual([{ account_id: second.id }])
    const asked = await send(world, { ...service, account_function: "ip" })
    expect(await writer(asked)).toEqual([{ account_id: first.id }])
    // A small team's account that plays several functions writes for each of them.
    accounts[1] = { ...second, functions: ["sales", "ip", "member"] }
    for (const account_function of ["ip", "member"])
      expect(await writer(await send(world, { ...service, account_function }))).toEqual([
        { account_id: second.id },
      ])
  })

  it("who opts out or leaves between plan and sending gets nothing and keeps the room for others", async () => {
    const { channel, seen } = memoryChannel("late_no")
    const { world, accounts } = await company(db, channel)
    const ids = await befriend(db, accounts[0]!.id, 4)
    const id = await send(world, { at: minutes(60) })
    await run(db, "update test_contacts set opted_out = true where customer_id = $1", [ids[0]])
    await run(db, "delete from test_contacts where customer_id = $1", [ids[1]])
    await deliverOnce(db, world, minutes(61))
    await deliverOnce(db, world, minutes(61))
    expect(seen.flatMap((p) => p.recipients)).toHaveLength(2)
    expect(await states(id)).toEqual({ delivered: 2, "left_out:no_contact": 1, "left_out:opted_out": 1 })
    expect((await oneRow<{ n: number }>(db, "select count(*) as n from outbox_slots")).n).toBe(2)
    expect((await oneRow<{ used: number }>(db, "select used from outbox_use")).used).toBe(2)
  })
})

describe("nobody exceeds the cap", () => {
  it("eight campaigns racing for the same people: one selling touch a day and three in seven days", async () => {
    const { channel } = memoryChannel("race")
    const { world, accounts } = await company(db, channel)
    await befriend(db, accounts[0]!.id, 50)
    await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        send(world, { at: days(i % 5), when_capped: i % 2 ? "next_day" : "leave_out", size: 7 }),
      ),
    )
    await place(world, NOON)
    const worst = await oneRow<{ day: number; week: number }>(
      db,
      `select max(a) as day, max(w) as week from (
         select count(*) filter (where o.day = s.day) as a, count(*) as w from outbox_slots s
         join outbox_slots o on o.customer_id = s.customer_id and o.day between s.day and s.day + 6
         group by s.customer_id, s.day) x`,
    )
    expect(worst).toEqual({ day: 1, week: 3 })
    const planned = await oneRow<{ n: number }>(
      db,
      "select count(*) as n from outbox_touches where state = 'planned'",
    )
    expect(planned.n).toBe((await oneRow<{ n: number }>(db, "select count(*) as n from outbox_slots")).n)
  })

  it("a slot comes back only when it is proven that nothing went out; unknown keeps it", async () => {
    const { channel, told } = memoryChannel("unknown")
    const { world, accounts } = await company(db, channel)
    const ids = await befriend(db, accounts[0]!.id, 2)
    told.answer = (p) => ({
      outcomes: p.recipients.map(({ key }) =>
        key.endsWith(ids[0]!)
          ? { key, outcome: "unknown", detail: "timeout" }
          : { key, outcome: "refused", failure: { class: "never", code: "not_friend" } },
      ),
    })
    told.resolve = () => null
    const id = await send(world)
    await deliverOnce(db, world, minutes(1))
    expect(await states(id)).toEqual({ "not_friend:not_friend": 1, "unknown:timeout": 1 })
    const again = await send(world)
    expect(await states(again)).toEqual({ "left_out:capped": 1, planned: 1 })
    told.resolve = (p) => ({ outcomes: p.recipients.map(({ key }) => ({ key, outcome: "accepted" })) })
    await run(
      db,
      "update outbox_parcels set lease_until = '2000-01-01', next_try_at = '2000-01-01' where state = 'unknown'",
    )
    await resolveOpen(db, world, minutes(2))
    expect(await states(id)).toEqual({ "not_friend:not_friend": 1, delivered: 1 })
  })
})

describe("quotas of an account are never exceeded and nothing is dropped", () => {
  it("120 messages through an account of 50 a day go out as 50, 50 and 20, at the same hour", async () => {
    const { channel } = memoryChannel("quota")
    const { world, accounts } = await company(db, channel, { quota: 50 })
    await befriend(db, accounts[0]!.id, 120)
    const id = await send(world, { size: 45 })
    await place(world, NOON)
    const per = await rows<{ day: number; n: number; at: string }>(
      db,
      "select day, count(*)::int as n, min(due_at::time)::text as at from outbox_touches where cause_id = $1 and state = 'planned' group by 1 order by 1",
      [id],
    )
    const first = dayNumber(NOON)
    expect(per).toEqual([
      { day: first, n: 50, at: "04:00:00" },
      { day: first + 1, n: 50, at: "04:00:00" },
      { day: first + 2, n: 20, at: "04:00:00" },
    ])
  })

  it("what finds no room before its end is reported", async () => {
    const { channel } = memoryChannel("short")
    const { world, accounts } = await company(db, channel, { quota: 10 })
    await befriend(db, accounts[0]!.id, 25)
    const id = await send(world, { until: days(1.5) })
    await place(world, NOON)
    expect(await states(id)).toEqual({ "expired:no_room": 5, planned: 20 })
  })

  it("an account with a hazard stops at once: another account that knows the customer takes over, the rest waits", async () => {
    const { channel, seen } = memoryChannel("hazard")
    const { world, accounts } = await company(db, channel, { accounts: 2 })
    const ids = await befriend(db, accounts[0]!.id, 4)
    await run(
      db,
      "insert into test_contacts (customer_id, account_id, ref, name, added_at) values ($1, $2, 'other', '客', '2025-01-01')",
      [ids[0], accounts[1]!.id],
    )
    const id = await send(world)
    accounts[0]!.usable = false
    await deliverOnce(db, world, minutes(1))
    await deliverOnce(db, world, minutes(2))
    expect(seen.flatMap((p) => p.recipients.map((r) => r.ref))).toEqual(["other"])
    expect(await states(id)).toEqual({ delivered: 1, "unplaced:no_account": 3 })
    accounts[0]!.usable = true
    await place(world, days(1.01))
    expect((await states(id)).planned).toBe(3)
  })
})

describe("times are kept", () => {
  it("nothing goes out at night; what was due then goes out in the morning under that day's cap", async () => {
    const { channel, seen } = memoryChannel("night")
    const { world, accounts } = await company(db, channel)
    await befriend(db, accounts[0]!.id, 3)
    const evening = new Date("2026-11-23T13:00:00Z")
    await send(world, { at: evening })
    const night = new Date("2026-11-23T14:00:00Z")
    await deliverOnce(db, world, night)
    expect(seen).toHaveLength(0)
    await deliverOnce(db, world, new Date("2026-11-23T23:00:00Z"))
    expect(seen).toHaveLength(0)
    await deliverOnce(db, world, new Date("2026-11-24T00:31:00Z"))
    expect(seen.flatMap((p) => p.recipients)).toHaveLength(3)
    const slots = await rows<{ day: number }>(db, "select distinct day from outbox_slots")
    expect(slots).toEqual([{ day: dayNumber(NOON) + 1 }])
  })

  it("a channel down for an hour: touches wait and go out once each; those past their window are reported", async () => {
    const { channel, seen, told } = memoryChannel("outage")
    const { world, accounts } = await company(db, channel)
    const ids = await befriend(db, accounts[0]!.id, 6)
    const answer = told.answer
    told.answer = (p) => ({
      outcomes: p.recipients.map(({ key }) => ({
        key,
        outcome: "refused",
        failure: { class: "retry_later", code: "busy", retry_after_ms: 1 },
      })),
    })
    const short = await send(world, { until: minutes(30), audience: only(ids.slice(0, 3)) })
    const long = await send(world, { until: days(1), audience: only(ids.slice(3)) })
    await deliverOnce(db, world, minutes(1))
    expect(await states(long)).toEqual({ "planned:busy": 3 })
    told.answer = answer
    seen.length = 0
    await deliverOnce(db, world, minutes(2))
    expect(seen).toHaveLength(0)
    await run(db, "update outbox_touches set retry_at = null")
    await deliverOnce(db, world, minutes(61))
    expect(await states(short)).toEqual({ "expired:window_passed": 3 })
    expect(await states(long)).toEqual({ delivered: 3 })
    expect(seen.flatMap((p) => p.recipients)).toHaveLength(3)
  })

  it("a wrong secret closes the channel until somebody looks; nothing is lost", async () => {
    const { channel, seen, told } = memoryChannel("stop", { size: 1 })
    const { world, accounts } = await company(db, channel)
    await befriend(db, accounts[0]!.id, 2)
    told.answer = (p) => ({
      outcomes: p.recipients.map(({ key }) => ({
        key,
        outcome: "refused",
        failure: { class: "stop", code: "bad_secret" },
      })),
    })
    const id = await send(world)
    await deliverOnce(db, world, minutes(1))
    const calls = seen.length
    await run(db, "update outbox_touches set retry_at = null")
    await deliverOnce(db, world, minutes(2))
    expect(seen).toHaveLength(calls)
    expect(await states(id)).toEqual({ "planned:bad_secret": 2 })
  })

  it("somebody mended the channel and says so: what waited goes out at once, not when the rest is over", async () => {
    const { channel, seen, told } = memoryChannel("mended")
    const { world, accounts } = await company(db, channel)
    await befriend(db, accounts[0]!.id, 2)
    const answer = told.answer
    told.answer = (p) => ({
      outcomes: p.recipients.map(({ key }) => ({
        key,
        outcome: "refused",
        failure: { class: "stop", code: "bad_secret" },
      })),
    })
    const id = await send(world)
    await deliverOnce(db, world, minutes(1))
    expect(await openCircuits(db)).toMatchObject([{ channel: "mended", code: "bad_secret" }])
    told.answer = answer
    expect(await tx(db, (t) => closeCircuit(t, world, "mended"))).toEqual({ waiting: 2 })
    expect(await tx(db, (t) => closeCircuit(t, world, "mended"))).toEqual({ refused: "channel_not_stopped" })
    seen.length = 0
    await deliverOnce(db, world, minutes(2))
    expect(await states(id)).toEqual({ delivered: 2 })
    expect(seen.flatMap((p) => p.recipients)).toHaveLength(2)
  })
})

describe("a send can be held, resumed and ended", () => {
  it("two approvals at once have one effect, and the author cannot approve", async () => {
    const author = newId()
    const id = newId()
    await tx(db, (t) =>
      createSend(
        t,
        { id, author_id: author, message: message(), not_before: NOON, expires_at: days(1), approved: false },
        NOON,
      ),
    )
    expect(await tx(db, (t) => approveSend(t, id, author, NOON))).toMatchObject({ refused: "own_send" })
    const both = await Promise.all(
      [newId(), newId()].map((who) => tx(db, (t) => approveSend(t, id, who, NOON))),
    )
    expect(both.filter((b) => isRefused(b))).toHaveLength(1)
    expect(both.filter((b) => isRefused(b))[0]).toMatchObject({ refused: "not_now" })
  })

  it("pause stops the next claim, resume goes on, cancel calls off what is left and gives the caps back", async () => {
    const { channel, seen } = memoryChannel("hold")
    const { world, accounts } = await company(db, channel)
    await befriend(db, accounts[0]!.id, 20)
    const id = await send(world)
    await tx(db, (t) => pauseSend(t, id))
    await deliverOnce(db, world, minutes(1))
    expect(seen).toHaveLength(0)
    await tx(db, (t) => resumeSend(t, id))
    await deliverOnce(db, world, minutes(1))
    expect(seen).toHaveLength(1)
    const other = await send(world, { nature: "service", at: minutes(90) })
    await tx(db, (t) => cancelSend(t, other, newId(), NOON))
    await tendSends(db, minutes(2))
    await deliverOnce(db, world, minutes(91))
    expect(await states(other)).toEqual({ "cancelled:send_cancelled": 20 })
    expect(seen).toHaveLength(1)
  })

  it("a plan killed half way goes on where it was: planned = all, none twice", async () => {
    const { channel } = memoryChannel("killed")
    const { world, accounts } = await company(db, channel)
    await befriend(db, accounts[0]!.id, 30)
    const id = newId()
    await tx(db, (t) =>
      createSend(
        t,
        { id, author_id: newId(), message: message(), not_before: NOON, expires_at: days(1), approved: true },
        NOON,
      ),
    )
    await planPiece(db, world, id, everybody, NOON, 7)
    const broken = { ...world, accounts: () => Promise.reject(new Error("killed")) }
    await expect(planPiece(db, broken, id, everybody, NOON, 7)).rejects.toThrow("killed")
    await Promise.all(
      [1, 2].map(async () => {
        while (!(await planPiece(db, world, id, everybody, NOON, 7)).done);
      }),
    )
    expect(await states(id)).toEqual({ planned: 30 })
  })

  it("a worker that dies after the call leaves no double: the parcel is asked about, not repeated", async () => {
    const { channel, seen, told } = memoryChannel("dies")
    const { world, accounts } = await company(db, channel)
    await befriend(db, accounts[0]!.id, 5)
    const id = await send(world)
    const { claim } = await import("./index.ts")
    await tx(db, (t) => claim(t, world, minutes(1)))
    await deliverOnce(db, world, minutes(1))
    expect(seen).toHaveLength(0)
    await run(db, "update outbox_parcels set lease_until = '2000-01-01'")
    let asked = 0
    told.resolve = (p) => {
      asked++
      return { outcomes: p.recipients.map(({ key }) => ({ key, outcome: "accepted" })) }
    }
    await Promise.all([resolveOpen(db, world, minutes(2)), resolveOpen(db, world, minutes(2))])
    expect(asked).toBe(1)
    expect(await states(id)).toEqual({ delivered: 5 })
  })
})

describe("what staff confirm, and what no interface does", () => {
  it("asked, confirmed and delivered are separate; an over-quota customer gets the cap back", async () => {
    const { channel, told } = memoryChannel("staffed", { confirmed: true })
    const { world, accounts } = await company(db, channel)
    await befriend(db, accounts[0]!.id, 3)
    const id = await send(world)
    await deliverOnce(db, world, minutes(1))
    expect(await states(id)).toEqual({ sent_to_staff: 3 })
    told.receipts = (refs) =>
      refs.map((ref, i) => ({ ref, state: i === 0 ? "over_quota" : "delivered", at: minutes(5) }))
    await run(db, "update outbox_parcels set next_try_at = '2000-01-01'")
    await askReceipts(db, world, minutes(30))
    expect(await states(id)).toEqual({ delivered: 2, over_quota: 1 })
    const facts = await rows<{ at: Date }>(
      db,
      "select occurred_at as at from facts where type = 'touch.delivered' and payload->>'cause_id' = $1",
      [id],
    )
    expect(facts.map((f) => f.at)).toEqual([minutes(5), minutes(5)])
    expect((await oneRow<{ n: number }>(db, "select count(*) as n from outbox_slots")).n).toBe(2)
    expect((await progressOf(db, id)).map((p) => [p.state, p.n])).toEqual([
      ["delivered", 2],
      ["over_quota", 1],
    ])
  })

  it("a channel that cannot send gives the text to whoever holds the account; the tick is the receipt", async () => {
    const { channel } = memoryChannel("plain", { can: false })
    const { world, accounts } = await company(db, channel)
    await befriend(db, accounts[0]!.id, 2)
    const id = await send(world, { content: { text: "{{name}},今晚八点" } })
    await deliverOnce(db, world, minutes(1))
    const mine = await assignmentsOf(db, {
      staff_ids: [accounts[0]!.custodian_staff_id!],
      from: NOON,
      until: days(1),
    })
    expect(mine.map((a) => [a.kind, a.reason])).toEqual([
      ["send_by_hand", "cannot:send_private"],
      ["send_by_hand", "cannot:send_private"],
    ])
    expect(mine[0]!.script).toMatch(/^客户\d,今晚八点$/)
    await tx(db, (t) => doAssignment(t, mine[0]!.id, { staff_id: mine[0]!.assignee_staff_id }, minutes(5)))
    expect(
      await tx(db, (t) => doAssignment(t, mine[0]!.id, { staff_id: newId() }, minutes(6))),
    ).toMatchObject({ refused: "already_closed" })
    expect(await states(id)).toEqual({ delivered: 1, "sent_to_staff:cannot:send_private": 1 })
  })
})

describe("touches of plays", () => {
  it("the same cause, customer and visit is one touch; two selling texts for one person on a day become two days", async () => {
    const { channel } = memoryChannel("plays")
    const { world, accounts } = await company(db, channel)
    const [customer] = await befriend(db, accounts[0]!.id, 1)
    const m = message({ when_capped: "next_day" })
    await tx(db, (t) => saveMessages(t, [m]))
    const ask = (visit: number) => ({
      customer_id: customer!,
      cause: { kind: "play", id: "019ab000-0000-7000-8000-000000000001", at: NOON },
      visit,
      message_id: m.id,
      due_at: minutes(5),
      expires_at: days(5),
    })
    await tx(db, (t) => planTouches(t, world, [ask(1), ask(2), ask(1)], NOON))
    await tx(db, (t) => planTouches(t, world, [ask(1), ask(2)], NOON))
    await place(world, NOON)
    const made = await rows<{ visit: number; day: number }>(
      db,
      "select visit, day from outbox_touches where state = 'planned' order by visit",
    )
    expect(made).toEqual([
      { visit: 1, day: dayNumber(NOON) },
      { visit: 2, day: dayNumber(NOON) + 1 },
    ])
  })
})
