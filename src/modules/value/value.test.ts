import { beforeAll, describe, expect, it } from "vitest"
import { chance } from "../../kernel/chance.ts"
import { DAY_MS, dayNumber } from "../../kernel/day.ts"
import { newId } from "../../kernel/ids.ts"
import { type Db, rows, run, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { drain, registerHandlers } from "../../spine/facts/index.ts"
import { createRegistry } from "../../spine/offers/index.ts"
import { prepareTraits, readTraits, rescopeCustomers } from "../../spine/traits/index.ts"
import * as orders from "../orders/index.ts"
import * as value from "./index.ts"
import { valueNight } from "./night.ts"
import { type Buyer, compare, correlation, heldBackDays, histories, isEnough, predict } from "./rules.ts"
import { lastFit, valueSums } from "./store.ts"

const now = new Date("2026-11-23T04:00:00Z")
const TODAY = dayNumber(now)
let db: Db
beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, createRegistry([orders, value].map((m) => m.offers)))
  await registerHandlers(db, orders.handlers)
})

/** People of whom most never come back and a few come again and again; every one invented from a seed. */
function past(buyers: number, from = 0) {
  return Array.from({ length: buyers }, (_, i) => {
    const id = `V${from + i}`
    const first = 40 + Math.floor(chance(id, "first") * 260)
    const times = chance(id, "loyal") < 0.4 ? 1 + Math.floor(chance(id, "times") * 6) : 1
    return Array.from({ length: times }, (_, n) => ({
      order_no: `${id}-${n}`,
      buyer: { shop_buyer_id: id },
      status: "paid",
      paid_at: new Date(now.getTime() - Math.floor(first * (1 - n / 7)) * DAY_MS).toISOString(),
      amount_fen: 2_000 + Math.floor(chance(id, "money") * 8_000),
      lines: [{ sku: "a", name: "a", kind: "regular", qty: 1, price_fen: 1_000 }],
    }))
  }).flat()
}
async function sell(list: object[]): Promise<void> {
  for (let at = 0; at < list.length; at += 300)
    await tx(db, async (t) => {
      const { refused } = await orders.takeShopOrders(t, "history", list.slice(at, at + 300), now)
      expect(refused).toBe(0)
    })
  await drain(db, orders.handlers, () => now)
}
const known = async () => {
  const ids = (await rows<{ id: string }>(db, "select id from customers_customers order by id")).map(
    (r) => r.id,
  )
  return readTraits(db, ids, [
    "value.expected_30",
    "value.expected_365",
    "value.predicted_fen",
    "orders.count",
  ])
}

const buyer = (over: Partial<Buyer> = {}): Buyer => ({
  ...{ days: 1, first_day: TODAY - 100, last_day: TODAY - 100, repeat_fen: 0, later_days: 0 },
  ...over,
})

describe("what the models are told of buyers", () => {
  it("is weeks and repeat purchases, the same histories together", () => {
    const [once, same, often] = [
      buyer(),
      buyer(),
      buyer({ days: 4, last_day: TODAY - 30, repeat_fen: 9_000 }),
    ]
    expect(histories([once, same, often], TODAY)).toEqual([
      { x: 0, t_x: 0, T: 100 / 7, n: 2 },
      { x: 3, t_x: 10, T: 100 / 7, n: 1 },
    ])
  })

  it("is too little where few came back, whoever many there are, and a short past holds few days back", () => {
    expect(isEnough({ buyers: 10_000, repeaters: 49, span_days: 300 })).toBe(false)
    expect(isEnough({ buyers: 199, repeaters: 100, span_days: 300 })).toBe(false)
    expect(isEnough({ buyers: 200, repeaters: 50, span_days: 60 })).toBe(true)
    expect([60, 400, 4_000].map(heldBackDays)).toEqual([15, 100, 180])
  })

  it("where money follows no law of its own, averages stand for it", () => {
    const model = { purchases: { r: 0.5, alpha: 8, a: 0.8, b: 2.5 }, spend: null, average_yuan: 50 }
    const [often, once] = [buyer({ days: 3, last_day: TODAY - 5, repeat_fen: 20_000 }), buyer()].map((b) => {
      const { hundredths, predicted_fen } = predict(model, b, TODAY)
      return predicted_fen / hundredths[2]!
    })
    expect(often).toBeCloseTo(100, 0)
    expect(once).toBeCloseTo(50, 0)
  })

  it("groups of the comparison keep every customer and every purchase that came", () => {
    const list = Array.from({ length: 40 }, (_, i) =>
      buyer({ days: 1 + (i % 12), last_day: TODAY - 40, later_days: i % 3 }),
    )
    const groups = compare({ r: 0.5, alpha: 8, a: 0.8, b: 2.5 }, list, TODAY - 20, 20)
    expect(groups.reduce((sum, g) => sum + g.customers, 0)).toBe(40)
    expect(groups.reduce((sum, g) => sum + g.actual, 0)).toBe(list.reduce((sum, b) => sum + b.later_days, 0))
    expect(groups.at(-1)).toMatchObject({ repeats: 7, or_more: true })
  })

  it("a correlation is one only where both differ", () => {
    const at = (x: number, mean: number) => ({ x, mean, n: 1 })
    expect(correlation([at(1, 10), at(2, 20), at(3, 30)])).toBeCloseTo(1, 10)
    expect(correlation([at(1, 10), at(1, 20)])).toBeNull()
    expect(correlation([])).toBeNull()
  })
})

describe("the night of values", () => {
  it("of a young company says that there is too little, and foretells nothing", async () => {
    await sell(past(60))
    expect(await valueNight(db, now)).toBe(true)
    expect(await lastFit(db)).toMatchObject({
      state: "too_little",
      model: { model: null, enough: { buyers: 60 } },
    })
    const some = [...(await known()).values()]
    expect(some.every((one) => one["value.predicted_fen"]?.value === null)).toBe(true)
    expect(await valueNight(db, now)).toBe(false)
  })

  it("foretells every buyer once there is a past: those who come often and lately more than the others", async () => {
    await sell(past(400, 1_000))
    const tomorrow = new Date(now.getTime() + DAY_MS)
    expect(await valueNight(db, tomorrow)).toBe(true)
    const fit = await lastFit(db)
    expect(fit).toMatchObject({ state: "fitted", done: true, model: { sample: 460, of: 460 } })
    const { groups, days } = fit!.model.calibration!
    expect(days).toBe(heldBackDays(fit!.model.enough.span_days))
    const [foretold, came] = [
      groups.reduce((sum, g) => sum + g.predicted, 0),
      groups.reduce((sum, g) => sum + g.actual, 0),
    ]
    expect(came).toBeGreaterThan(0)
    expect(foretold).toBeGreaterThan(0)
    const everybody = [...(await known()).values()]
    expect(everybody.filter((one) => one["value.predicted_fen"]?.value !== null).length).toBe(460)
    for (const one of everybody)
      expect(Number(one["value.expected_365"]?.value)).toBeGreaterThanOrEqual(
        Number(one["value.expected_30"]?.value),
      )
    const mean = (of: typeof everybody) =>
      of.reduce((sum, one) => sum + Number(one["value.predicted_fen"]?.value), 0) / of.length
    expect(mean(everybody.filter((one) => Number(one["orders.count"]?.value) >= 5))).toBeGreaterThan(
      mean(everybody.filter((one) => Number(one["orders.count"]?.value) === 1)),
    )
    expect(await valueNight(db, tomorrow)).toBe(false)
  })

  it("that was cut before everybody was told is done again", async () => {
    const tomorrow = new Date(now.getTime() + DAY_MS)
    await run(db, "update value_fits set done = false")
    expect(await valueNight(db, tomorrow)).toBe(true)
    expect((await lastFit(db))?.done).toBe(true)
  })

  it("sums are of those whom somebody may see", async () => {
    const [me, other] = [newId(), newId()]
    const all = await rows<{ id: string }>(db, "select id from customers_customers order by id")
    await tx(db, (t) =>
      rescopeCustomers(
        t,
        all.map((c, i) => ({ customer_id: c.id, scope_id: i % 4 === 0 ? me : other })),
      ),
    )
    const [everybody] = await valueSums(db, "all", null, 1)
    const operators = await valueSums(db, "operator", null, 10)
    expect(operators.reduce((sum, o) => sum + o.predicted_fen, 0)).toBe(everybody?.predicted_fen)
    expect((await valueSums(db, "all", [me], 1))[0]?.customers).toBe(115)
    expect((await valueSums(db, "operator", [me], 10)).map((o) => o.key)).toEqual([me])
  })
})
