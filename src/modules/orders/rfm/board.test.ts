import { beforeAll, describe, expect, it } from "vitest"
import { dayNumber } from "../../../kernel/day.ts"
import { newId } from "../../../kernel/ids.ts"
import { type Db, rows, run, tx } from "../../../platform/db.ts"
import { testDb } from "../../../platform/testkit/index.ts"
import { drain, registerHandlers } from "../../../spine/facts/index.ts"
import { createRegistry } from "../../../spine/offers/index.ts"
import { prepareTraits, rescopeCustomers } from "../../../spine/traits/index.ts"
import { offers } from "../offers.ts"
import { takeShopOrders } from "../shop/door.ts"
import { boardOf } from "./board.ts"
import { cellsNow, cellsOf, cutsOf, keptDays } from "./store-days.ts"
import { handlers, rescoreWhenDue } from "./traits.ts"

const now = new Date("2026-11-23T04:00:00Z")
const tomorrow = new Date(now.getTime() + 86_400_000)
const today = dayNumber(now)
const [mine, theirs] = [newId(), newId()]
let db: Db

let serial = 0
async function sell(buyers: number[], fen: number): Promise<void> {
  const orders = buyers.map((buyer) => ({
    order_no: `D${++serial}`,
    buyer: { shop_buyer_id: `D${buyer}` },
    status: "paid",
    paid_at: new Date(now.getTime() - (buyer % 9) * 86_400_000).toISOString(),
    amount_fen: fen + buyer,
    lines: [{ sku: "a", name: "a", kind: "regular", qty: 1, price_fen: fen + buyer }],
  }))
  await tx(db, (t) => takeShopOrders(t, "live", orders, now))
  const all = await rows<{ id: string; number: number }>(db, "select id, number from customers_customers")
  await tx(db, (t) =>
    rescopeCustomers(
      t,
      all.map((c) => ({ customer_id: c.id, scope_id: [null, mine, theirs][c.number % 3] ?? null })),
    ),
  )
  await drain(db, handlers, () => now)
}

const people = (list: { customers: number }[]) => list.reduce((sum, one) => sum + one.customers, 0)
const money = (list: { gmv_fen: number }[]) => list.reduce((sum, one) => sum + one.gmv_fen, 0)

beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, createRegistry([offers]))
  await registerHandlers(db, handlers)
  await sell(
    Array.from({ length: 90 }, (_, n) => n % 60),
    1_000,
  )
  await rescoreWhenDue(db, now)
})

describe("the cube and the eight segments", () => {
  it("hold the same people and the same money, and every cell and segment stands there, empty or not", async () => {
    const board = boardOf(await cellsNow(db, null))
    expect([board.cells.length, board.segments.length]).toEqual([25, 8])
    expect([people(board.cells), people(board.segments)]).toEqual([60, 60])
    const paid = await rows<{ fen: number }>(db, "select sum(paid_fen)::bigint as fen from orders_orders")
    expect([money(board.cells), money(board.segments)]).toEqual([paid[0]?.fen, paid[0]?.fen])
    expect(boardOf([]).segments[0]).toMatchObject({ code: "111", label: { zh: "重要价值" }, customers: 0 })
  })

  it("show whoever sees some customers only those, now and on a kept day", async () => {
    const seen = await Promise.all([[mine], [theirs], [mine, theirs]].map((scope) => cellsNow(db, scope)))
    expect(seen.map(people)).toEqual([20, 20, 40])
    expect(people(await cellsOf(db, today, [mine]))).toBe(20)
    expect(people(await cellsOf(db, today, []))).toBe(0)
  })
})

describe("a day that is kept", () => {
  it("stays as it was when orders come in after it, with the cut points of its own night", async () => {
    const before = boardOf(await cellsOf(db, today, null))
    await sell([0, 1, 2], 9_000_000)
    expect(boardOf(await cellsOf(db, today, null))).toEqual(before)
    expect(await rescoreWhenDue(db, tomorrow)).toBe(true)
    expect(await keptDays(db, 10)).toEqual([today + 1, today])
    expect(boardOf(await cellsOf(db, today, null))).toEqual(before)
    expect(money(boardOf(await cellsOf(db, today + 1, null)).cells)).toBe(money(before.cells) + 27_000_003)
    expect((await cutsOf(db, "value", today))?.day).toBe(today)
    expect((await cutsOf(db, "value", null))?.at).toEqual(tomorrow)
  })

  it("is made again after a night that was cut short: nobody is left with the scores of the day before", async () => {
    expect(await rescoreWhenDue(db, tomorrow)).toBe(false)
    await run(db, "delete from orders_rfm_days where day = $1", [today + 1])
    expect(await rescoreWhenDue(db, tomorrow)).toBe(true)
    expect(await keptDays(db, 10)).toEqual([today + 1, today])
    expect(people(await cellsOf(db, today + 1, null))).toBe(60)
  })
})
