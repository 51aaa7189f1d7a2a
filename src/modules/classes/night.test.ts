import fc from "fast-check"
import { beforeAll, describe, expect, it } from "vitest"
import { dayNumber, startOfDay } from "../../kernel/day.ts"
import { newId } from "../../kernel/ids.ts"
import { type Db, rows, run, type Tx, tx } from "../../platform/db.ts"
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

/** Numbers behind those of the others. */
const FROM = 50_000
class Undone extends Error {}
/** What a transaction gives that leaves nothing behind. */
const undone = async <T>(work: (t: Tx) => Promise<Promise<T>[]>): Promise<T[]> => {
  let given: T[] = []
  const left = tx(db, async (t) => {
    for (const one of await work(t)) given = [...given, await one]
    throw new Undone()
  })
  await left.catch((error: Error) => {
    if (!(error instanceof Undone)) throw error
  })
  return given
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

  it("finds in one look whoever stands nowhere, not where the orders say, without days of their steps, or higher and never asked", async () => {
    const STAGES = [null, "prospect", "customer", "member"] as const
    const list = STAGES.flatMap((stage) =>
      STAGES.flatMap((by_orders) =>
        [0, 1].flatMap((goods) =>
          [0, 1, 2, 3].map((n) => ({
            id: newId(),
            stage,
            by_orders,
            goods,
            stepped: n % 2 === 1,
            asked: [null, null, by_orders, "member"][n] ?? null,
          })),
        ),
      ),
    )
    const of = <V>(value: (c: (typeof list)[number]) => V) =>
      list.map((c) => ({ customer_id: c.id, value: value(c) }))
    const place = { day: TODAY, after: FROM - 1, limit: list.length }
    const looked = await undone(async (t) => {
      await enrolCustomers(
        t,
        list.map(({ id }, i) => ({ customer_id: id, number: FROM + i, scope_id: null })),
      )
      const values = {
        "customers.stage": of((c) => c.stage),
        "customers.stage_by_orders": of((c) => c.by_orders),
        "orders.goods_count": of((c) => c.goods),
      }
      await publish(t, values, now)
      await run(t, "insert into classes_steps (customer_id, customer_day) select unnest($1::uuid[]), 1", [
        list.filter((c) => c.stepped).map((c) => c.id),
      ])
      for (const { id, asked } of list.filter((c) => c.asked))
        await run(
          t,
          `insert into classes_step_downs (id, customer_id, from_stage, to_stage, why, state, proposed_at) values ($1, $2, 'member', $3, '{}', 'declined', $4)`,
          [newId(), id, asked, now],
        )
      return [true, false].map((steps_kept) => lookAt(t, { ...place, steps_kept }))
    })
    const [kept, first] = looked
    const ids = (those: (c: (typeof list)[number]) => boolean) =>
      list
        .filter(those)
        .map((c) => c.id)
        .sort()
    const unsettled = ({ stage, by_orders, goods }: (typeof list)[number]) =>
      !stage || !by_orders || ((by_orders === "prospect") === goods > 0 && by_orders !== "member")
    const without = ({ stage, stepped }: (typeof list)[number]) =>
      stage !== null && stage !== "prospect" && !stepped
    const higher = ({ stage, by_orders }: (typeof list)[number]) =>
      (stage === "customer" && by_orders === "prospect") ||
      (stage === "member" && (by_orders === "prospect" || by_orders === "customer"))
    expect(kept).toEqual({
      last: FROM + list.length - 1,
      customers: list.length,
      moved: ids(() => true),
      unsettled: ids(unsettled),
      unasked: ids((c) => higher(c) && c.asked !== c.by_orders),
    })
    expect(first!.unsettled).toEqual(ids((c) => unsettled(c) || without(c)))
  })

  it("asks about whom their orders no longer hold, whether it knew that before or has just found it out", async () => {
    const [known, found] = [newId(), newId()]
    const at = (ids: string[], value: string) => ids.map((customer_id) => ({ customer_id, value }))
    await tx(db, async (t) => {
      await enrolCustomers(t, [
        { customer_id: known, number: FROM, scope_id: null },
        { customer_id: found, number: FROM + 1, scope_id: null },
      ])
      await publish(t, { "customers.stage": at([known, found], "customer") }, now)
      await publish(t, { "customers.stage_by_orders": at([known], "prospect") }, now)
    })
    const asked = async () =>
      (await rows<{ id: string }>(db, "select customer_id as id from classes_step_downs"))
        .map((r) => r.id)
        .sort()
    await run(db, "delete from traits_customers where number < $1", [FROM])
    while ((await classes.night(db, now)) > 0);
    expect(await asked()).toEqual([known, found].sort())
    await run(db, "delete from classes_step_downs")
    while ((await classes.night(db, new Date(now.getTime() + 86_400_000))) > 0);
    expect(await asked()).toEqual([known, found].sort())
  })
})
