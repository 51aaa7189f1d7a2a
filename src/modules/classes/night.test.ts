import fc from "fast-check"
import { beforeAll, describe, expect, it } from "vitest"
import { dayNumber, startOfDay } from "../../kernel/day.ts"
import { newId } from "../../kernel/ids.ts"
import { type Db, run, type Tx, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { createRegistry } from "../../spine/offers/index.ts"
import { enrolCustomers, prepareTraits, publish, readTraits } from "../../spine/traits/index.ts"
import * as customers from "../customers/index.ts"
import * as orders from "../orders/index.ts"
import * as classes from "./index.ts"
import { activityOf, type Numbers, standingOf } from "./rules.ts"
import { lookAt, publishNight } from "./store-night.ts"

const now = new Date("2026-11-23T04:00:00Z")
const TODAY = dayNumber(now)
let db: Db
beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, createRegistry([customers, orders, classes].map((m) => m.offers)))
})

const ago = fc.oneof(fc.constantFrom(0, 30, 31, 90, 91, 180, 181, 365, 366), fc.integer({ min: 0, max: 500 }))
const somebody = fc
  .record({ goods: fc.nat(3), lead: fc.nat(2), last: ago, more: fc.nat(200), interest: fc.option(ago) })
  .map(
    (s): Numbers => ({
      orders: s.goods + s.lead,
      goods_orders: s.goods,
      goods_first_day: s.goods > 0 ? TODAY - s.last - s.more : null,
      goods_last_day: s.goods > 0 ? TODAY - s.last : null,
      lead_last_day: s.interest === null ? null : TODAY - s.interest,
      membership_first_day: null,
      interested_tag_day: null,
    }),
  )

/** What the night writes of everybody whom time has moved. */
const turn = async (t: Tx, at: Date) => {
  const day = dayNumber(at)
  const { moved } = (await lookAt(t, { day, after: -1, limit: 10_000, steps_kept: true }))!
  return publishNight(t, { ids: moved, day }, at, "live")
}

describe("the night, which says the rules in SQL", () => {
  it("comes to the same classes, since and why as the rules do, for anybody on any border", async () => {
    const sample = fc.sample(somebody, { numRuns: 400, seed: 7 })
    const ids = sample.map(() => newId())
    const of = (value: (n: Numbers) => number | null) =>
      sample.map((n, i) => ({ customer_id: ids[i]!, value: value(n) }))
    await tx(db, async (t) => {
      await enrolCustomers(
        t,
        ids.map((customer_id, number) => ({ customer_id, number, scope_id: null })),
      )
      await publish(
        t,
        {
          "orders.count": of((n) => n.orders),
          "orders.goods_count": of((n) => n.goods_orders),
          "orders.goods_first_day": of((n) => n.goods_first_day),
          "orders.goods_last_day": of((n) => n.goods_last_day),
          "customers.interested_day": of((n) => n.lead_last_day),
        },
        now,
      )
      await turn(t, now)
    })
    const known = await readTraits(db, ids, ["customers.activity", "customers.standing"])
    for (const [i, n] of sample.entries()) {
      const mine = known.get(ids[i]!)!
      for (const [trait, decided] of [
        ["customers.activity", activityOf(n, TODAY)],
        ["customers.standing", standingOf(n, TODAY)],
      ] as const) {
        const since = decided.since_day === null ? now : startOfDay(decided.since_day)
        expect(mine[trait]).toEqual({
          value: decided.value,
          since: since > now ? now : since,
          why: decided.why,
        })
      }
    }
  })

  it("writes nothing where time changed nothing, and only those whom it moved", async () => {
    const again = (at: Date) => tx(db, (t) => turn(t, at))
    expect(await again(now)).toBe(0)
    const tomorrow = new Date(now.getTime() + 86_400_000)
    const moved = await again(tomorrow)
    expect(moved).toBeGreaterThan(0)
    expect(moved).toBeLessThan(400)
    await run(db, "delete from traits_changes")
  })
})
