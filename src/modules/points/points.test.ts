import fc from "fast-check"
import { afterEach, describe, expect, it } from "vitest"
import { atTime, parseDay } from "../../kernel/day.ts"
import { newId } from "../../kernel/ids.ts"
import { isRefused } from "../../kernel/result.ts"
import { rows, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { append, drain, type Fact, registerHandlers } from "../../spine/facts/index.ts"
import { balancesOf, verify } from "../../spine/ledger/index.ts"
import { createRegistry } from "../../spine/offers/index.ts"
import { enrolCustomers, prepareTraits, readTraits } from "../../spine/traits/index.ts"
import { orderCancelled, orderExtended, orderPaid, orderRefunded } from "../orders/events.ts"
import { pointsSettings } from "./contract.ts"
import {
  createPoints,
  handlers,
  movePoints,
  type PointsAnswer,
  type PointsAsk,
  publishExpiring,
  sweepPoints,
  verifyPoints,
} from "./index.ts"
import { offers } from "./offers.ts"
import { saveSettings } from "./settings.ts"
import { lotsShown } from "./store.ts"

const db = await testDb({ max: 12 })
const points = createPoints(db)
const DAY = parseDay("2026-11-23")!
const at = (day: number, hour = 12) => atTime(DAY + day, hour)
const outcome = (a: PointsAnswer) => (isRefused(a) ? a.refused : a.points)
const posting = (a: PointsAnswer) => (isRefused(a) ? a.refused : a.posting)
const common = (customer_id: string, day = 0) => ({
  key: newId(),
  customer_id,
  rule: "test",
  source: "test",
  at: at(day),
})
const give = (who: string, n: number, day = 0, valid_days: number | null = null): PointsAsk => ({
  ...{ ...common(who, day), do: "give", points: n, valid_days },
})
const spend = (who: string, n: number, day = 0): PointsAsk => ({
  ...common(who, day),
  do: "spend",
  points: n,
})
const balances = async (who: string) => {
  const { customer = 0, owed = 0, reserved = 0 } = await balancesOf(db, "points", who)
  return { customer, owed, reserved }
}

afterEach(async () => {
  expect(await verifyPoints(db)).toEqual([])
  expect((await verify(db)).findings).toEqual([])
})

describe("a customer's points", () => {
  it("are spent first-in first-out by the day they expire, and nobody spends what is over", async () => {
    const who = newId()
    await points.ask(give(who, 30, 0, 10))
    await points.ask(give(who, 20, 0, 2))
    await points.ask(give(who, 50, 0, null))
    expect(outcome(await points.ask(spend(who, 25, 1)))).toBe(25)
    expect((await lotsShown(db, who)).map((l) => l.left)).toEqual([25, 50])
    expect(outcome(await points.ask(spend(who, 80, 9)))).toBe("not_enough_points")
    expect(outcome(await points.ask(spend(who, 51, 10)))).toBe("not_enough_points")
    expect(await balances(who)).toMatchObject({ customer: 50 })
    expect(outcome(await points.ask(spend(who, 50, 10)))).toBe(50)
  })

  it("expire by the nightly sweep for everybody, once, however often it runs", async () => {
    const all = Array.from({ length: 30 }, () => newId())
    await Promise.all(all.map((who, i) => points.ask(give(who, 10 + i, 40, 3))))
    await Promise.all(all.map((who) => points.ask(give(who, 5, 40, 400))))
    expect((await sweepPoints(db, at(42, 23))).expired).toBe(0)
    const swept = await Promise.all([1, 2, 3].map(() => sweepPoints(db, at(43, 0))))
    expect(swept.reduce((sum, s) => sum + s.expired, 0)).toBe(all.reduce((sum, _, i) => sum + 10 + i, 0))
    expect(await balances(all[7]!)).toMatchObject({ customer: 5 })
  })

  it("that a refund of spent points returns have the days they had before", async () => {
    const who = newId()
    await points.ask(give(who, 30, 0, 5))
    await points.ask(give(who, 30, 0, 100))
    const spent = await points.ask(spend(who, 40, 1))
    const back = { ...common(who, 2), do: "take_back" as const, target: posting(spent), points: 15 }
    expect(outcome(await points.ask(back))).toBe(15)
    expect((await lotsShown(db, who)).map((l) => [l.left, l.expires_day! - DAY])).toEqual([
      [5, 5],
      [30, 100],
    ])
    expect(outcome(await points.ask({ ...back, key: newId(), points: 26 }))).toBe("more_than_left")
  })

  it("held for an order come back when it is released, in part when it is settled in part, by themselves when it takes too long", async () => {
    const who = newId()
    await points.ask(give(who, 100, 0, 30))
    const hold = async (n: number) =>
      posting(await points.ask({ ...common(who), do: "hold", points: n, expires_at: at(1) }))
    const [one, two, three] = [await hold(20), await hold(30), await hold(10)]
    expect(outcome(await points.ask({ ...common(who), do: "hold", points: 41, expires_at: at(1) }))).toBe(
      "not_enough",
    )
    expect(outcome(await points.ask({ ...common(who), do: "release", target: one! }))).toBe(20)
    const settled = await points.ask({ ...common(who), do: "settle", target: two!, points: 12 })
    expect(outcome(settled)).toBe(12)
    expect(await balances(who)).toEqual({ customer: 78, owed: 0, reserved: 10 })
    expect((await sweepPoints(db, at(1))).released).toBe(1)
    expect(outcome(await points.ask({ ...common(who, 1), do: "settle", target: three! }))).toBe("hold_closed")
    expect(outcome(await points.ask({ ...common(who, 2), do: "take_back", target: posting(settled) }))).toBe(
      12,
    )
    expect(await balances(who)).toEqual({ customer: 100, owed: 0, reserved: 0 })
  })

  it("survive a thousand people redeeming at once: each spends what they have, nobody more", async () => {
    const all = Array.from({ length: 50 }, () => newId())
    await Promise.all(all.map((who) => points.ask(give(who, 30))))
    const other = createPoints(db)
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, (_, n) => (n % 2 ? points : other).ask(spend(all[n % 50]!, 10))),
    )
    expect(answers.filter((a) => !isRefused(a)).length).toBe(150)
    for (const who of all) expect(await balances(who)).toMatchObject({ customer: 0 })
  })

  it("move once for one key, also when the retry overlaps", async () => {
    const who = newId()
    const ask = give(who, 40, 0, 10)
    const answers = await Promise.all(Array.from({ length: 10 }, () => createPoints(db).ask(ask)))
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect(outcome(await points.ask({ ...ask, points: 41 } as PointsAsk))).toBe("key_reused")
    expect(await balances(who)).toMatchObject({ customer: 40 })
  })

  it("keep lots and ledger equal whatever happens in whatever order", async () => {
    const step = fc.record({
      what: fc.constantFrom("give", "spend", "back", "hold", "settle", "release", "sweep"),
      who: fc.nat(2),
      n: fc.integer({ min: 1, max: 40 }),
      days: fc.integer({ min: 0, max: 3 }),
      pick: fc.nat(20),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const people = [newId(), newId(), newId()]
        const made: { who: string; posting: string }[] = []
        let day = 0
        for (const s of steps) {
          day += s.days
          if (s.what === "sweep") {
            await sweepPoints(db, at(day))
            continue
          }
          const target = made.length > 0 ? made[s.pick % made.length]! : undefined
          const who = ["back", "settle", "release"].includes(s.what) ? target?.who : people[s.who]!
          if (!who) continue
          const base = common(who, day)
          const t = target?.posting ?? newId()
          const ask: PointsAsk =
            s.what === "give"
              ? { ...base, do: "give", points: s.n, valid_days: s.pick % 3 === 0 ? null : 1 + (s.pick % 6) }
              : s.what === "spend"
                ? { ...base, do: "spend", points: s.n }
                : s.what === "hold"
                  ? { ...base, do: "hold", points: s.n, expires_at: at(day + 2) }
                  : s.what === "back"
                    ? { ...base, do: "take_back", target: t, points: s.n }
                    : s.what === "settle"
                      ? { ...base, do: "settle", target: t, points: s.n }
                      : { ...base, do: "release", target: t }
          const answer = await points.ask(ask)
          if (!isRefused(answer)) made.push({ who, posting: answer.posting })
        }
        expect(await verifyPoints(db)).toEqual([])
      }),
      { numRuns: 40 },
    )
  })
})

describe("limits of a rule", () => {
  it("hold for everybody who comes at once: the day's cap for each, the month's budget for all", async () => {
    await tx(db, (t) =>
      saveSettings(t, pointsSettings.parse({ rules: { chat: { daily_cap: 10, monthly_budget: 100 } } })),
    )
    const all = Array.from({ length: 20 }, () => newId())
    const ask = (who: string, day: number): PointsAsk => ({ ...give(who, 4, day), rule: "chat" })
    const answers = await Promise.all(all.flatMap((who) => [1, 2, 3].map(() => points.ask(ask(who, 0)))))
    const given = answers.reduce((sum, a) => sum + (isRefused(a) ? 0 : a.points), 0)
    expect(given).toBeLessThanOrEqual(100)
    expect(given).toBeGreaterThan(96)
    expect(answers.some((a) => isRefused(a) && a.refused === "budget_spent")).toBe(true)
    const who = newId()
    const next = await Promise.all([1, 2, 3, 4].map(() => points.ask(ask(who, 10))))
    expect(next.map(outcome).sort()).toEqual([2, 4, 4, "daily_cap_reached"])
  })
})

describe("orders", () => {
  const reader = handlers.filter((h) => h.name === "points.orders")
  const order = (who: string, order_id = newId()) => {
    const identity = { order_id, order_no: null, source: "shop" }
    const about = { subject: who, occurred_at: at(0) }
    return {
      paid: (paid_fen: number, origin: "live" | "history" = "live") =>
        orderPaid.of({ ...about, origin, payload: { ...identity, paid_fen, lines: [], lead_only: false } }),
      extended: (added_fen: number) =>
        orderExtended.of({ ...about, payload: { ...identity, added_fen, lines: [], lead_only: false } }),
      refunded: (refund_fen: number) =>
        orderRefunded.of({ ...about, payload: { ...identity, refund_no: newId(), refund_fen } }),
      cancelled: (refund_fen: number) =>
        orderCancelled.of({ ...about, payload: { ...identity, refund_fen } }),
    }
  }
  const tell = async (...facts: Parameters<typeof append>[1][number][]) => {
    await registerHandlers(db, reader)
    await tx(db, (t) => append(t, facts))
    await drain(db, reader, () => at(0))
  }

  it("earn a point a yuan, rounded down, and lose them in step with what is refunded", async () => {
    const who = newId()
    const { paid, refunded, extended, cancelled } = order(who)
    await tell(paid(19_999), refunded(5_050), extended(3_051))
    expect(await balances(who)).toMatchObject({ customer: 180, owed: 0 })
    await tell(cancelled(18_000))
    expect(await balances(who)).toMatchObject({ customer: 0, owed: 0 })
  })

  it("refunded after their points were spent leave a debt that the next order pays first, and never a balance below 0", async () => {
    const who = newId()
    const first = order(who)
    await tell(first.paid(10_000))
    await points.ask(spend(who, 70))
    await tell(first.refunded(10_000))
    expect(await balances(who)).toEqual({ customer: 0, owed: -70, reserved: 0 })
    await tell(order(who).paid(5_000))
    expect(await balances(who)).toEqual({ customer: 0, owed: -20, reserved: 0 })
    await tell(order(who).paid(5_000))
    expect(await balances(who)).toEqual({ customer: 30, owed: 0, reserved: 0 })
  })

  it("read again from the start, or imported from the past, earn nothing more", async () => {
    const who = newId()
    const { paid, refunded } = order(who)
    await tell(paid(10_000), refunded(2_000), order(who).paid(50_000, "history"))
    const before = await balances(who)
    expect(before.customer).toBe(80)
    const facts = await rows<Fact>(
      db,
      "select id, type, subject, 'live' as origin, occurred_at, payload from facts where subject = $1 and origin = 'l' order by id",
      [who],
    )
    await tx(db, (t) => reader[0]!.handle(t, facts, at(0)))
    expect(await balances(who)).toEqual(before)
  })
})

describe("offers", () => {
  it("a play gives points once for its key, and measures count them on the day they moved", async () => {
    const who = newId()
    const action = offers.actions![0]!
    const ask = {
      key: newId(),
      customer_id: who,
      args: { points: 25, valid_days: 30 },
      cause: { kind: "play", id: "p1" },
    }
    const day = DAY + 200
    for (let n = 0; n < 2; n++) {
      const [answer] = await tx(db, (t) => action.perform(t, [ask], at(200)))
      expect(answer).toMatchObject({ points: 25 })
    }
    await points.ask(spend(who, 5, 200))
    const range = { from_day: day, to_day: day }
    const read = (name: string) =>
      tx(db, (t) => offers.measures!.find((m) => m.name === name)!.read(t, range))
    expect(await read("points.issued")).toBe(25)
    expect(await read("points.redeemed")).toBe(5)
    expect(await read("points.outstanding")).toBeGreaterThanOrEqual(20)
  })

  it("segments see the balance, and what comes to its end, also when only a day has passed", async () => {
    await prepareTraits(db, createRegistry([offers]))
    const who = newId()
    await tx(db, (t) => enrolCustomers(t, [{ customer_id: who, number: 1, scope_id: null }]))
    const reader = handlers.filter((h) => h.name === "points.traits")
    await registerHandlers(db, reader)
    await points.ask(give(who, 60, 300, 9))
    await points.ask(give(who, 40, 300, null))
    await drain(db, reader, () => at(300))
    const seen = async () => {
      const known = (await readTraits(db, [who])).get(who) ?? {}
      return [known["points.balance"]?.value, known["points.expiring_in_7_days"]?.value]
    }
    expect(await seen()).toEqual([100, 0])
    await publishExpiring(db, at(302))
    expect(await seen()).toEqual([100, 60])
    await publishExpiring(db, at(309))
    expect(await seen()).toEqual([40, 0])
  })

  it("one bug in a batch of others' points stops nobody else", async () => {
    const who = newId()
    const bad = { ...give(who, 5), points: 0.5 } as PointsAsk
    const answers = await Promise.allSettled([
      points.ask(give(who, 7)),
      points.ask(bad),
      points.ask(give(who, 8)),
    ])
    expect(answers.map((a) => a.status)).toEqual(["fulfilled", "rejected", "fulfilled"])
    expect(await balances(who)).toMatchObject({ customer: 15 })
    await tx(db, (t) => movePoints(t, []))
  })
})
