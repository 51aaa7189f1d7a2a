import fc from "fast-check"
import { beforeAll, describe, expect, it } from "vitest"
import { dayNumber } from "../../kernel/day.ts"
import { newId } from "../../kernel/ids.ts"
import { type Db, rows, run, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { append, drain, registerHandlers } from "../../spine/facts/index.ts"
import { createRegistry } from "../../spine/offers/index.ts"
import {
  assignmentsOf,
  callOffPlay,
  doAssignment,
  outboxOffers,
  skipAssignment,
} from "../../spine/outbox/index.ts"
import { befriend, company, days, memoryChannel, minutes, NOON } from "../../spine/outbox/outbox.fixture.ts"
import {
  allPlays,
  type PlayWorld,
  playBySlug,
  playsHandler,
  setRunning,
  stepPlays,
} from "../../spine/plays/index.ts"
import { traitChanged } from "../../spine/traits/index.ts"
import * as classes from "../classes/index.ts"
import * as customers from "../customers/index.ts"
import { contactAdded } from "../customers/index.ts"
import * as orders from "../orders/index.ts"
import { BUILT_IN, type IntroductionDeps, installBuiltIn, introductionHandler } from "./index.ts"
import { chooseTarget } from "./rules.ts"
import { droppedLately, introductionFunnel } from "./store.ts"

let db: Db
beforeAll(async () => {
  db = await testDb()
})

describe("the account that a customer is introduced to", () => {
  const target = (over: object) => ({
    account_id: "a",
    team_id: "t1",
    quota: 50,
    open_customers: 10,
    taken: new Map<number, number>(),
    ...over,
  })
  it("same team first, then the earliest day with room, then fewest open customers", () => {
    const list = [
      target({ account_id: "other", team_id: "t2", open_customers: 0 }),
      target({ account_id: "busy", open_customers: 90 }),
      target({ account_id: "idle", open_customers: 3 }),
      target({ account_id: "full", open_customers: 0, taken: new Map([[7, 50]]) }),
    ]
    expect(chooseTarget(list, "t1", 7, 60)).toEqual({ account_id: "idle", day: 7 })
    expect(chooseTarget([], "t1", 7, 60)).toBeNull()
  })

  it("120 introductions to an account with a quota of 50 a day are planned 50, 50 and 20; no quota is ever exceeded", () => {
    const one = target({})
    for (let n = 0; n < 120; n++) {
      const { day } = chooseTarget([one], null, 7, 60)!
      one.taken.set(day, (one.taken.get(day) ?? 0) + 1)
    }
    expect([...one.taken]).toEqual([
      [7, 50],
      [8, 50],
      [9, 20],
    ])
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 4 }),
        fc.nat(40),
        (quotas, n) => {
          const all = quotas.map((quota, i) => target({ account_id: String(i), quota, taken: new Map() }))
          for (let k = 0; k < n; k++) {
            const choice = chooseTarget(all, null, 0, 5)
            if (!choice) break
            const chosen = all.find((t) => t.account_id === choice.account_id)!
            chosen.taken.set(choice.day, (chosen.taken.get(choice.day) ?? 0) + 1)
          }
          for (const t of all)
            for (const taken of t.taken.values()) expect(taken).toBeLessThanOrEqual(t.quota)
        },
      ),
    )
  })
})

describe("introductions from standing to contact", () => {
  it("who begins to pay is introduced to a member account by whoever serves them, once; the contact closes it", async () => {
    const { channel } = memoryChannel("plans")
    const { world, accounts } = await company(db, channel, { accounts: 3 })
    const [ip, , member] = accounts
    member!.functions = ["member"]
    member!.name = "小会员"
    const [customer] = await befriend(db, ip!.id, 1)
    const deps: IntroductionDeps = {
      world,
      teams: async () => new Map(),
      contactCounts: async () => new Map(),
    }
    const handler = introductionHandler(deps)
    await registerHandlers(db, [handler])
    const standing = (to: string) =>
      traitChanged.of({
        subject: customer!,
        occurred_at: NOON,
        payload: { trait: "customers.standing", from: null, to },
      })
    const tell = async (facts: Parameters<typeof append>[1], now = NOON) => {
      await tx(db, (t) => append(t, facts))
      await drain(db, [handler], () => now)
    }
    await tell([standing("paid")])
    await tell([standing("repeat"), standing("paid")])
    const mine = await assignmentsOf(db, { staff_ids: [ip!.custodian_staff_id!], from: NOON, until: days(1) })
    expect(mine.map((a) => [a.kind, a.title])).toEqual([["introduction", "把客户1引荐给会员号「小会员」"]])
    await tx(db, (t) => doAssignment(t, mine[0]!.id, { staff_id: ip!.custodian_staff_id }, minutes(5)))
    await drain(db, [handler], () => minutes(5))
    expect(await introductionFunnel(db)).toEqual([
      { function: "member", proposed: 1, introduced: 1, closed: 0, dropped: 0 },
    ])
    await run(
      db,
      "insert into test_contacts (customer_id, account_id, ref, name, added_at) values ($1, $2, 'x', '客', $3)",
      [customer, member!.id, NOON],
    )
    await tell(
      [
        contactAdded.of({
          subject: customer!,
          occurred_at: minutes(10),
          payload: {
            account_id: member!.id,
            external_userid: "x",
            state: null,
            add_way: 0,
            welcome_code: null,
            welcome_until: null,
            first: false,
          },
        }),
      ],
      minutes(10),
    )
    expect(await introductionFunnel(db)).toEqual([
      { function: "member", proposed: 1, introduced: 1, closed: 1, dropped: 0 },
    ])
    expect(
      (await rows(db, "select 1 from plans_introductions where day = $1", [dayNumber(NOON)])).length,
    ).toBe(1)
  })

  it("120 who begin to pay in one hour stand on three days of an account with a quota of 50: 50, 50 and 20, each with an assignment of that day", async () => {
    const { channel } = memoryChannel("many")
    const { world, accounts } = await company(db, channel, { accounts: 2 })
    const [ip, member] = accounts
    member!.functions = ["member"]
    member!.quotas = { ...member!.quotas, friends: 50 }
    const customers = await befriend(db, ip!.id, 120)
    const { propose } = await import("./index.ts")
    const deps = { world, teams: async () => new Map(), contactCounts: async () => new Map() }
    const some = Array.from({ length: 8 }, (_, n) => customers.slice(n * 15, n * 15 + 15))
    const made = await Promise.all(
      some.map((few) => tx(db, (t) => propose(t, deps, new Map(few.map((one) => [one, "member"])), NOON))),
    )
    expect(made).toEqual(Array.from({ length: 8 }, () => 15))
    const perDay = await rows<{ day: number; n: number }>(
      db,
      "select day, count(*)::int as n from plans_introductions where account_id = $1 group by day order by day",
      [member!.id],
    )
    const day = dayNumber(NOON)
    expect(perDay).toEqual([
      { day, n: 50 },
      { day: day + 1, n: 50 },
      { day: day + 2, n: 20 },
    ])
    const work = await assignmentsOf(db, {
      staff_ids: [ip!.custodian_staff_id!],
      from: NOON,
      until: days(4),
    })
    expect(work.filter((a) => a.kind === "introduction")).toHaveLength(120)
  })

  it("one that whoever serves the customer skipped is dropped with their reason, its day is free again; a new standing asks anew", async () => {
    const { channel } = memoryChannel("skipped")
    const { world, accounts } = await company(db, channel, { accounts: 2 })
    const [ip, agent] = accounts
    agent!.functions = ["agent"]
    agent!.quotas = { ...agent!.quotas, friends: 1 }
    const [first, second] = await befriend(db, ip!.id, 2)
    const staff_id = ip!.custodian_staff_id!
    const handler = introductionHandler({
      world,
      teams: async () => new Map(),
      contactCounts: async () => new Map(),
    })
    const tell = async (facts: Parameters<typeof append>[1], now: Date) => {
      await tx(db, (t) => append(t, facts))
      await drain(db, [handler], () => now)
    }
    const becomes = (subject: string, to: string, now: Date) =>
      traitChanged.of({
        subject,
        occurred_at: now,
        payload: { trait: "customers.standing", from: null, to },
      })
    const open = async () =>
      (await assignmentsOf(db, { staff_ids: [staff_id], from: NOON, until: days(9) })).filter(
        (a) => a.state === "open",
      )
    const funnel = async () => (await introductionFunnel(db)).find((f) => f.function === "agent")

    await tell([becomes(first!, "agent", NOON)], NOON)
    const [asked] = await open()
    await tx(db, (t) => skipAssignment(t, asked!.id, { staff_id, reason: "客户说下个月再谈" }, minutes(5)))
    await drain(db, [handler], () => minutes(5))
    expect(await funnel()).toEqual({ function: "agent", proposed: 0, introduced: 0, closed: 0, dropped: 1 })
    expect(await droppedLately(db, [staff_id])).toEqual([
      {
        customer_id: first,
        function: "agent",
        reason: "客户说下个月再谈",
        dropped_at: minutes(5),
        assignee_staff_id: staff_id,
      },
    ])
    expect(await droppedLately(db, [newId()])).toEqual([])

    await tell([becomes(second!, "agent", minutes(6))], minutes(6))
    const days_of = () =>
      rows<{ customer_id: string; day: number; state: string }>(
        db,
        "select customer_id, day, state from plans_introductions where account_id = $1 order by proposed_at",
        [agent!.id],
      )
    expect((await days_of()).map((r) => [r.customer_id, r.day - dayNumber(NOON), r.state])).toEqual([
      [first, 0, "dropped"],
      [second, 0, "proposed"],
    ])

    await tell([becomes(first!, "paid", days(2)), becomes(first!, "agent", days(3))], days(3))
    expect((await open()).map((a) => a.customer_id).sort()).toEqual([first, second].sort())
    expect(await funnel()).toEqual({ function: "agent", proposed: 2, introduced: 0, closed: 0, dropped: 0 })
    const again = (await open()).find((a) => a.customer_id === first)!
    await tx(db, (t) => doAssignment(t, again.id, { staff_id }, days(3)))
    await drain(db, [handler], () => days(3))
    expect(await funnel()).toMatchObject({ proposed: 2, introduced: 1 })
  })

  it("who has a contact that plays that function already, be it beside another, is introduced to nobody", async () => {
    const { channel } = memoryChannel("served")
    const { world, accounts } = await company(db, channel, { accounts: 2 })
    accounts[0]!.functions = ["ip", "member"]
    const [customer] = await befriend(db, accounts[0]!.id, 1)
    const { propose } = await import("./index.ts")
    const deps = {
      world,
      teams: async () => new Map(),
      contactCounts: async () => new Map(),
    }
    expect(
      await tx(db, (t) =>
        propose(
          t,
          deps,
          new Map([
            [customer!, "member"],
            [newId(), "member"],
          ]),
          NOON,
        ),
      ),
    ).toBe(0)
  })
})

describe("plays that stand in every new company", () => {
  it("are made once and published, and one that a team switched off stays off", async () => {
    const { world } = await company(db, memoryChannel("builtin").channel)
    const registry = createRegistry([outboxOffers(world), customers.offers, orders.offers, classes.offers])
    await Promise.all([installBuiltIn(db, registry, NOON), installBuiltIn(db, registry, NOON)])
    expect((await allPlays(db)).map((p) => [p.slug, p.running, p.published])).toEqual(
      expect.arrayContaining(BUILT_IN.map((b) => [b.slug, true, 1])),
    )
    const play = await playBySlug(db, "newcomer")
    await tx(db, (t) => setRunning(t, play!.id, false, NOON))
    expect(await installBuiltIn(db, registry, days(1))).toBe(0)
    expect((await playBySlug(db, "newcomer"))?.running).toBe(false)
  })

  it("lead a newcomer through the whole week: every step is done, none fails", async () => {
    const { world, accounts } = await company(db, memoryChannel("week").channel)
    const [customer] = await befriend(db, accounts[0]!.id, 1)
    const registry = createRegistry([outboxOffers(world), customers.offers, orders.offers, classes.offers])
    await installBuiltIn(db, registry, NOON)
    await tx(db, async (t) => setRunning(t, (await playBySlug(t, "newcomer"))!.id, true, NOON))
    const plays: PlayWorld = { registry, onStopped: callOffPlay }
    const handler = playsHandler(plays)
    await registerHandlers(db, [handler])
    await tx(db, (t) =>
      append(t, [
        contactAdded.of({
          subject: customer!,
          occurred_at: minutes(1),
          origin: "live",
          payload: {
            account_id: accounts[0]!.id,
            external_userid: "wm_week",
            state: null,
            add_way: 1,
            welcome_code: null,
            welcome_until: null,
            first: true,
          },
        }),
      ]),
    )
    await handler.refresh(db)
    await drain(db, [handler], () => minutes(2))
    await stepPlays(db, plays, minutes(2))
    for (let hour = 1; hour <= 8 * 24; hour++) await stepPlays(db, plays, minutes(hour * 60))
    const trail = await rows<{ node: string; outcome: string }>(
      db,
      "select node, outcome from plays_steps where customer_id = $1 and play_id = $2 and outcome <> 'passed' order by step",
      [customer, (await playBySlug(db, "newcomer"))!.id],
    )
    expect(trail.map((s) => `${s.node} ${s.outcome}`)).toEqual([
      "greet done",
      "care done",
      "offer done",
      "review done",
    ])
    const todo = await assignmentsOf(db, {
      staff_ids: [accounts[0]!.custodian_staff_id!],
      from: NOON,
      until: days(9),
    })
    expect(todo.filter((a) => a.kind === "journey").map((a) => a.title)).toEqual([
      "认识新朋友客户1",
      "回访客户1：认识一周",
    ])
  })

  it("invite whoever is a member for thirty days to a salon and then to a talk alone, and nobody who is a partner by then", async () => {
    const { world, accounts } = await company(db, memoryChannel("partner").channel)
    const [stays, climbs] = await befriend(db, accounts[0]!.id, 2)
    const registry = createRegistry([outboxOffers(world)])
    await installBuiltIn(db, registry, NOON)
    const plays: PlayWorld = { registry, onStopped: callOffPlay }
    const handler = playsHandler(plays)
    await registerHandlers(db, [handler])
    const stage = (subject: string, to: string, at: Date) =>
      traitChanged.of({
        subject,
        occurred_at: at,
        payload: { trait: "customers.stage", from: "customer", to },
      })
    await tx(db, (t) =>
      append(t, [stage(stays!, "member", minutes(1)), stage(climbs!, "member", minutes(1))]),
    )
    // a quarter past ten and past three, when each day's work is put before people
    const steps = async (from: number, to: number) => {
      for (let day = from; day <= to; day++)
        for (const minute of [-105, 195]) await stepPlays(db, plays, minutes(day * 1_440 + minute))
    }
    await handler.refresh(db)
    await drain(db, [handler], () => minutes(2))
    await steps(0, 33)
    await tx(db, (t) => append(t, [stage(climbs!, "partner", days(33))]))
    await drain(db, [handler], () => days(33))
    await steps(33, 40)
    const work = await assignmentsOf(db, {
      staff_ids: [accounts[0]!.custodian_staff_id!],
      from: NOON,
      until: days(60),
    })
    const of = (customer: string) =>
      work
        .filter((a) => a.customer_id === customer && a.state === "open")
        .map((a) => a.title.replace(/客户\d/, "某"))
    expect(of(stays!)).toEqual(["邀请某参加线下沙龙", "和某一对一沟通：合伙人"])
    expect(of(climbs!)).toEqual([])
  })
})
