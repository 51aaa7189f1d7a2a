import { beforeAll, describe, expect, it } from "vitest"
import { dayNumber } from "../../../kernel/day.ts"
import { type Db, oneRow, rows, tx } from "../../../platform/db.ts"
import { testDb } from "../../../platform/testkit/index.ts"
import { drain, registerHandlers } from "../../../spine/facts/index.ts"
import { createRegistry } from "../../../spine/offers/index.ts"
import { enrolCustomers, prepareTraits, readTraits } from "../../../spine/traits/index.ts"
import { offers } from "../offers.ts"
import { takeShopOrders } from "../shop/door.ts"
import { computeRfm, segmentSizes } from "./index.ts"
import { handlers, rescoreAll, rescoreWhenDue } from "./traits.ts"

const now = new Date("2026-11-23T04:00:00Z")
const today = dayNumber(now)
let db: Db
beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, createRegistry([offers]))
  await registerHandlers(db, handlers)
})

let serial = 0
function order(buyer: number, days_ago: number, fen: number, kind = "regular") {
  return {
    order_no: `T${++serial}`,
    buyer: { shop_buyer_id: `B${buyer}` },
    status: "paid",
    paid_at: new Date(now.getTime() - days_ago * 86_400_000).toISOString(),
    amount_fen: fen,
    lines: [{ sku: kind, name: kind, kind, qty: 1, price_fen: fen }],
  }
}

async function sell(orders: unknown[]): Promise<void> {
  await tx(db, (t) => takeShopOrders(t, "live", orders, now))
  const all = await rows<{ id: string; number: number }>(db, "select id, number from customers_customers")
  await tx(db, (t) =>
    enrolCustomers(
      t,
      all.map((c) => ({ customer_id: c.id, number: c.number, scope_id: null })),
    ),
  )
  await drain(db, handlers, () => now)
}

async function known(buyer: number): Promise<Record<string, unknown>> {
  const { id } = await oneRow<{ id: string }>(
    db,
    "select customer_id as id from orders_by_customer where name_in_source = $1",
    [`B${buyer}`],
  )
  const traits = (await readTraits(db, [id])).get(id)!
  return Object.fromEntries(
    Object.entries(traits).map(([name, { value }]) => [name.replace("orders.", ""), value]),
  )
}

describe("what orders tell of a customer", () => {
  it("stands in the profile as facts arrive, lead products apart, refunds taken off", async () => {
    const refunded = order(1, 5, 3_000)
    await sell([order(1, 40, 990, "lead"), order(1, 20, 10_000), refunded])
    await sell([
      {
        ...refunded,
        status: "refunded",
        refund: { refund_no: "R1", at: now.toISOString(), amount_fen: 3_000 },
      },
    ])
    expect(await known(1)).toMatchObject({
      count: 3,
      goods_count: 2,
      gmv_fen: 13_990,
      net_fen: 10_990,
      first_day: today - 40,
      last_day: today - 5,
      goods_first_day: today - 20,
      last_paid_fen: 3_000,
      rfm_r: null,
      rfm_segment: null,
    })
  })

  it("is scored at night as the table scores it, for every customer", async () => {
    await sell(Array.from({ length: 60 }, (_, n) => order(2 + (n % 20), (n * 7) % 90, 1_000 + 313 * n)))
    expect(await rescoreAll(db, now)).toBe(21)
    const { base, scores } = await computeRfm(db, today, "value")
    const expected = new Map<string, string>()
    for (let i = 0; i < base.count; i++) {
      const { bytes, starts } = base.names
      expected.set(
        bytes.toString("utf8", starts[i], starts[i + 1]),
        `${scores.r[i]}${scores.f[i]}${scores.m[i]}`,
      )
    }
    const segments = new Map<string, number>()
    for (let n = 1; n <= 21; n++) {
      const of = await known(n)
      expect(`${of.rfm_r}${of.rfm_f}${of.rfm_m}`).toBe(expected.get(`B${n}`))
      segments.set(String(of.rfm_segment), (segments.get(String(of.rfm_segment)) ?? 0) + 1)
    }
    const sizes = segmentSizes(base, scores).filter((s) => s.customers > 0)
    expect([...segments].sort()).toEqual(sizes.map((s): [string, number] => [s.segment, s.customers]).sort())
  })

  it("by day keeps the night's cut points, and the night comes once a day or when many are new", async () => {
    expect(await rescoreWhenDue(db, now)).toBe(false)
    await sell([order(2, 0, 9_000_000)])
    expect(await known(2)).toMatchObject({ rfm_r: 5, rfm_m: 5 })
    expect(await rescoreWhenDue(db, now)).toBe(false)
    await sell(Array.from({ length: 5 }, (_, n) => order(100 + n, 1, 500)))
    expect(await rescoreWhenDue(db, now)).toBe(true)
    expect(await rescoreWhenDue(db, new Date(now.getTime() + 86_400_000))).toBe(true)
    expect(await known(2)).toMatchObject({ rfm_r: 5 })
  })
})

describe("conditions on orders", () => {
  const compile = (name: string, args: unknown) => {
    const condition = offers.conditions!.find((c) => c.name === name)!
    return [
      condition.compile(
        condition.args.parse(args),
        { day: 20_000 },
        { of: () => "", current: (_k, id) => id },
      ),
      condition.sentence(condition.args.parse(args) as never, { of: () => "", current: (_k, id) => id }),
    ]
  }
  it("read as a sentence and mean days as they stand today", () => {
    expect(compile("orders.last_days_ago", { min: 60, max: 120 })).toEqual([
      { trait: "orders.last_day", op: "between", min: 19_880, max: 19_940 },
      "最近一次购买在 60–120 天前",
    ])
    expect(compile("orders.gmv_fen", { min: 100_000 })[1]).toBe("累计成交额不少于 ¥1,000.00")
    expect(compile("orders.rfm_segment", { segments: ["111", "101"] })[1]).toBe("RFM 属于重要价值、重要发展")
    expect(compile("orders.bought", { by: "category", values: ["辅食"], within_days: 30, times: 2 })[1]).toBe(
      "最近 30 天买过类目 辅食 不少于 2 次",
    )
  })
  it("refuse ranges that are empty or upside down, and kinds that do not exist", () => {
    const args = (name: string) => offers.conditions!.find((c) => c.name === name)!.args
    expect(args("orders.count").safeParse({}).success).toBe(false)
    expect(args("orders.count").safeParse({ min: 3, max: 2 }).success).toBe(false)
    expect(args("orders.bought").safeParse({ by: "kind", values: ["gift"] }).success).toBe(false)
  })
})

describe("measures", () => {
  it("equal sums over raw orders and refunds", async () => {
    const range = { from_day: today - 1_000, to_day: today }
    const read = (name: string) =>
      tx(db, (t) => offers.measures!.find((m) => m.name === name)!.read(t, range))
    const { gmv, refunds } = await oneRow<{ gmv: number; refunds: number }>(
      db,
      `select (select sum(paid_fen) from orders_orders)::bigint as gmv, (select sum(refund_fen) from orders_refunds)::bigint as refunds`,
    )
    expect([await read("orders.gmv"), await read("orders.net_gmv")]).toEqual([gmv, gmv - refunds])
    expect(await read("orders.buyers")).toBe(26)
  })
})

describe("different products for one customer", () => {
  it("are counted once each, without lead products and what was cancelled, in the profile, in a condition and over a time", async () => {
    const sold = (buyer: number, days_ago: number, skus: string[], more: object = {}) => ({
      ...order(buyer, days_ago, 1_000),
      lines: skus.map((sku) => ({
        sku,
        name: sku,
        kind: sku.startsWith("lead") ? "lead" : "regular",
        qty: 1,
        price_fen: 1_000 / skus.length,
      })),
      ...more,
    })
    const gone = sold(301, 3, ["奶粉"])
    await sell([
      sold(301, 9, ["面膜", "精华"]),
      sold(301, 8, ["面膜"]),
      sold(301, 7, ["lead 小样"]),
      gone,
      sold(302, 200, ["面膜"]),
      sold(302, 5, ["精华"]),
      sold(303, 5, ["lead 小样"]),
    ])
    expect(await known(301)).toMatchObject({ products: 3 })
    await sell([{ ...gone, status: "cancelled" }])
    const all = [await known(301), await known(302), await known(303)]
    expect(all.map((one) => one.products)).toEqual([2, 2, null])
    const read = (from_day: number) =>
      tx(db, (t) =>
        offers.measures!.find((m) => m.name === "orders.cross_buyers")!.read(t, { from_day, to_day: today }),
      )
    expect([await read(today - 30), await read(today - 300)]).toEqual([1, 2])
    const { args, sentence } = offers.conditions!.find((c) => c.name === "orders.products")!
    expect(sentence(args.parse({ min: 2 }) as never, { of: () => "", current: (_k, id) => id })).toBe(
      "买过的商品种数不少于 2 种",
    )
  })
})
