import fc from "fast-check"
import { beforeAll, describe, expect, it } from "vitest"
import { z } from "zod"
import { newId } from "../../kernel/ids.ts"
import { type Db, rows, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { append, defineFact, drain, type NewFact, registerHandlers, replay } from "../facts/index.ts"
import { earnedBy, outcomesHandler, splitFen } from "./index.ts"
import { credits } from "./rules.ts"

const open = z.record(z.string(), z.unknown())
const paid = defineFact("till.paid", open)
const refunded = defineFact("till.refunded", open)
const reached = defineFact("till.reached", open)
const handler = outcomesHandler({
  paid: "till.paid",
  extended: "till.extended",
  refunded: "till.refunded",
  cancelled: "till.cancelled",
  merged: "till.merged",
  parted: "till.parted",
  touchpoints: {
    "till.reached": (p) =>
      p.enrolment
        ? { kind: "play", id: String(p.enrolment), step: Number(p.step ?? 0) }
        : { kind: "send", id: String(p.send) },
  },
  plays: async (_q, taken) =>
    new Map(
      taken.flatMap((e) =>
        e.enrolment_id === STRANGE
          ? []
          : [[`${e.enrolment_id}/${e.step}`, { id: PLAY, part: `1/step${e.step}` }] as const],
      ),
    ),
})
const PLAY = newId()
const STRANGE = newId()
const day = (n: number) => new Date(new Date("2026-11-01T04:00:00Z").getTime() + n * 86_400_000)

let db: Db
beforeAll(async () => {
  db = await testDb()
  await registerHandlers(db, [handler])
})
const tell = async (facts: NewFact[]) => {
  await tx(db, (t) => append(t, facts))
  await drain(db, [handler], () => day(30))
}

describe("credit to the fen", () => {
  it("parts add up to the whole whatever the weights, and no part is off by a fen or more", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e12 }),
        fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 1, maxLength: 12 }),
        (total, weights) => {
          const parts = splitFen(total, weights)
          const sum = weights.reduce((a, b) => a + b, 0)
          if (sum === 0) return
          expect(parts.reduce((a, b) => a + b, 0)).toBe(total)
          parts.forEach((p, i) => {
            expect(Math.abs(p - (total / sum) * weights[i]!)).toBeLessThan(1.001)
          })
        },
      ),
    )
  })

  it("every model gives away the order's money once, before and after refunds", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e9 }),
        fc.nat(1e9),
        fc.array(fc.tuple(fc.constantFrom("a", "b", "c", "d"), fc.nat(1e6)), { minLength: 1, maxLength: 8 }),
        (paid_fen, refund, list) => {
          const refunded_fen = Math.min(refund, paid_fen)
          const all = credits(
            { paid_fen, refunded_fen },
            list.map(([cause_id, at]) => ({
              cause_kind: "send",
              cause_id,
              cause_part: null,
              at: new Date(at),
            })),
          )
          for (const model of ["first", "last", "even"]) {
            const mine = all.filter((c) => c.model === model)
            expect(mine.reduce((s, c) => s + c.fen, 0)).toBe(paid_fen)
            expect(mine.reduce((s, c) => s + c.net_fen, 0)).toBe(paid_fen - refunded_fen)
            expect(mine.every((c) => c.net_fen <= c.fen)).toBe(true)
          }
        },
      ),
    )
  })
})

describe("orders and contacts in any order", () => {
  it("first and last contact of the window get the credit, an older one nothing, and a refund lowers the net", async () => {
    const customer = newId()
    const [old, first, last] = [newId(), newId(), newId()]
    const order = newId()
    const hit = (send: string, at: number) =>
      reached.of({ subject: customer, occurred_at: day(at), payload: { send } })
    await tell([
      hit(old, 0),
      hit(first, 9),
      hit(last, 10),
      paid.of({ subject: customer, occurred_at: day(11), payload: { order_id: order, paid_fen: 10_001 } }),
    ])
    expect(await earnedBy(db, "send", [old, first, last], "last")).toMatchObject([
      { cause_id: last, orders: 1, gmv_fen: 10_001 },
    ])
    expect(await earnedBy(db, "send", [old, first, last], "first")).toMatchObject([
      { cause_id: first, gmv_fen: 10_001 },
    ])
    await tell([
      refunded.of({
        subject: customer,
        occurred_at: day(12),
        payload: { order_id: order, refund_fen: 1_001 },
      }),
    ])
    expect(await earnedBy(db, "send", [last], "last")).toMatchObject([{ gmv_fen: 10_001, net_fen: 9_000 }])
    await replay(db, "outcomes")
    await drain(db, [handler], () => day(30))
    expect(await earnedBy(db, "send", [last], "last")).toMatchObject([
      { orders: 1, gmv_fen: 10_001, net_fen: 9_000 },
    ])
  })

  it("what a play's message brought is the play's, not an older send's", async () => {
    const customer = newId()
    const send = newId()
    const hit = (payload: object, at: number) =>
      reached.of({ subject: customer, occurred_at: day(at), payload: payload as Record<string, unknown> })
    await tell([
      hit({ send }, 9),
      hit({ enrolment: newId() }, 10),
      hit({ enrolment: STRANGE }, 10),
      paid.of({ subject: customer, occurred_at: day(11), payload: { order_id: newId(), paid_fen: 5_000 } }),
    ])
    expect(await earnedBy(db, "play", [PLAY, STRANGE], "last")).toMatchObject([
      { cause_id: PLAY, orders: 1, gmv_fen: 5_000 },
    ])
    expect(await earnedBy(db, "send", [send], "last")).toEqual([])
    expect(await earnedBy(db, "send", [send], "first")).toMatchObject([{ gmv_fen: 5_000 }])
  })

  it("whatever order the facts come in, the credit is the same", async () => {
    const sends = [newId(), newId(), newId()]
    const life = (customer: string) => [
      ...sends.map((send, i) =>
        reached.of({ subject: customer, occurred_at: day(8 + i), payload: { send } }),
      ),
      paid.of({ subject: customer, occurred_at: day(10.5), payload: { order_id: newId(), paid_fen: 100 } }),
      paid.of({ subject: customer, occurred_at: day(13), payload: { order_id: newId(), paid_fen: 77 } }),
    ]
    const seen = new Set<string>()
    for (const order of [
      [0, 1, 2, 3, 4],
      [4, 3, 2, 1, 0],
      [3, 0, 4, 2, 1],
      [2, 4, 0, 3, 1],
    ]) {
      const customer = newId()
      const facts = life(customer)
      for (const i of order) await tell([facts[i]!])
      const told = await rows<{ line: string }>(
        db,
        `select model || ' ' || array_position($2::text[], cause_id) || ' ' || fen as line from outcomes_credits
         where customer_id = $1 order by paid_at, 1`,
        [customer, sends],
      )
      seen.add(told.map((r) => r.line).join("\n"))
    }
    expect(seen.size).toBe(1)
    expect([...seen][0]!.split("\n")).toHaveLength(10)
  })
})
