import fc from "fast-check"
import { beforeAll, describe, expect, it } from "vitest"
import { isRefused } from "../../../kernel/result.ts"
import { type Db, oneRow, rows } from "../../../platform/db.ts"
import { signatureOf } from "../../../platform/http/signed.ts"
import { testDb } from "../../../platform/testkit/index.ts"
import { shareOut } from "../rules.ts"
import { receiveShopOrders, type ShopAnswer } from "./door.ts"

const SECRET = "a shop's secret"
const MACHINE_MS = Date.parse("2026-11-23T04:00:00Z")
const now = new Date("2027-01-05T04:00:00Z")
let db: Db
beforeAll(async () => {
  db = await testDb()
})

let serial = 0
function order(over: Record<string, unknown> = {}) {
  const n = ++serial
  return {
    order_no: `S${n}`,
    buyer: { shop_buyer_id: `B${n}`, phone: `1380000${String(n).padStart(4, "0")}`, name: "李小雨" },
    status: "paid",
    paid_at: "2027-01-04T15:30:00+08:00",
    amount_fen: 10_800,
    shipping_fen: 800,
    points_used: 0,
    coupon_fen: 0,
    lines: [
      { sku: "a", name: "米粉", category: "辅食", kind: "regular", qty: 2, price_fen: 3_000 },
      { sku: "b", name: "试用装", category: "辅食", kind: "lead", qty: 1, price_fen: 4_000 },
    ],
    ...over,
  }
}

function call(
  orders: unknown[],
  over: { origin?: string; secret?: string; timestamp?: number; body?: Buffer } = {},
) {
  const body = over.body ?? Buffer.from(JSON.stringify({ origin: over.origin ?? "live", orders }))
  const timestamp = String(over.timestamp ?? MACHINE_MS / 1000)
  const headers = {
    "x-shop-timestamp": timestamp,
    "x-shop-signature": signatureOf(over.secret ?? SECRET, timestamp, body),
  }
  return receiveShopOrders({ db, secret: SECRET, machine_now_ms: () => MACHINE_MS }, headers, body, now)
}

async function taken(orders: unknown[]): Promise<ShopAnswer> {
  const answer = await call(orders)
  if (isRefused(answer)) throw new Error(answer.refused)
  return answer
}

async function kept(shop_buyer_id: string) {
  return oneRow<Record<string, unknown>>(
    db,
    "select order_count, goods_count, gmv_fen, refund_fen, last_paid_fen from orders_by_customer where name_in_source = $1",
    [shop_buyer_id],
  )
}

async function factsOf(order_no: string) {
  return rows<{ type: string; payload: Record<string, unknown>; subject: string }>(
    db,
    "select type, payload, subject from facts where payload->>'order_no' = $1 order by tx, id",
    [order_no],
  )
}

describe("orders that the shop sends", () => {
  it("are kept once, with money without shipping, lines that add up, one customer and one fact, however often they come", async () => {
    const one = order()
    expect(await taken([one, one])).toMatchObject({ taken: 1, known: 1, refused: 0 })
    expect(await taken([one])).toMatchObject({ taken: 0, known: 1 })
    expect(await kept(one.buyer.shop_buyer_id)).toEqual({
      order_count: 1,
      goods_count: 1,
      gmv_fen: 10_000,
      refund_fen: 0,
      last_paid_fen: 10_000,
    })
    const facts = await factsOf(one.order_no)
    expect(facts.map((f) => f.type)).toEqual(["order.paid"])
    expect(facts[0]!.payload).toMatchObject({
      paid_fen: 10_000,
      source: "shop",
      lead_only: false,
      lines: [{ fen: 6_000 }, { fen: 4_000 }],
    })
  })

  it("come back as refunds once by their number, and shipping that is given back lowers no GMV", async () => {
    const one = order()
    const back = (refund_no: string, amount_fen: number) => ({
      ...one,
      status: "refunded",
      refund: { refund_no, at: "2027-01-05T10:00:00+08:00", amount_fen },
    })
    await taken([one, back("R1", 3_000)])
    await taken([back("R1", 3_000), back("R2", 7_800)])
    expect(await kept(one.buyer.shop_buyer_id)).toMatchObject({
      order_count: 1,
      gmv_fen: 10_000,
      refund_fen: 10_000,
    })
    expect((await factsOf(one.order_no)).map((f) => [f.type, f.payload.refund_fen])).toEqual([
      ["order.paid", undefined],
      ["order.refunded", 3_000],
      ["order.refunded", 7_000],
    ])
    const answer = await taken([back("R3", 900)])
    expect(answer.results[0]).toMatchObject({
      result: "refused",
      code: "refund_exceeds",
      detail: { left_fen: 800 },
    })
  })

  it("count as no order once they are cancelled, and what was left of the money goes back", async () => {
    const one = order()
    await taken([one])
    await taken([{ ...one, status: "cancelled" }])
    await taken([{ ...one, status: "cancelled" }])
    expect(await kept(one.buyer.shop_buyer_id)).toMatchObject({
      order_count: 0,
      gmv_fen: 10_000,
      refund_fen: 10_000,
    })
    expect((await factsOf(one.order_no)).map((f) => [f.type, f.payload.refund_fen])).toEqual([
      ["order.paid", undefined],
      ["order.cancelled", 10_000],
    ])
  })

  it("first heard of as cancelled never count as money, nor when the older news comes late", async () => {
    const one = order()
    await taken([{ ...one, status: "cancelled" }])
    expect(await taken([one])).toMatchObject({ known: 1 })
    expect(await kept(one.buyer.shop_buyer_id)).toMatchObject({ order_count: 0, gmv_fen: 0, refund_fen: 0 })
    expect((await factsOf(one.order_no)).map((f) => f.type)).toEqual(["order.cancelled"])
  })

  it("of two buyers who share a phone belong to one customer", async () => {
    const [first, second] = [order(), order()]
    second.buyer.phone = first.buyer.phone
    await taken([first])
    await taken([second])
    expect(await kept(first.buyer.shop_buyer_id)).toMatchObject({ order_count: 2, gmv_fen: 20_000 })
  })

  it("that are wrong come back one by one, and the others go in", async () => {
    const [good, changed] = [order(), order()]
    await taken([changed])
    const answer = await taken([
      { ...order(), paid_at: "2027-02-31T00:00:00Z" },
      good,
      { ...changed, amount_fen: 99_900 },
      { ...order(), amount_fen: -1 },
      null,
    ])
    expect(answer.results.map((r) => ("code" in r ? [r.code, r.field] : r.result))).toEqual([
      ["invalid_input", "paid_at"],
      "taken",
      ["order_changed", "amount_fen"],
      ["invalid_input", "amount_fen"],
      ["invalid_input", ""],
    ])
  })

  it("sent by two servers at the same moment go in once", async () => {
    const list = Array.from({ length: 40 }, () => order())
    const answers = await Promise.all(Array.from({ length: 6 }, () => taken(list)))
    expect(answers.map((a) => a.taken).reduce((a, b) => a + b)).toBe(40)
  })
})

describe("calls that are not the shop's", () => {
  it.each([
    ["another secret", { secret: "guess" }, "bad_signature"],
    ["an old call sent again", { timestamp: MACHINE_MS / 1000 - 301 }, "stale_timestamp"],
    ["a call from the future", { timestamp: MACHINE_MS / 1000 + 301 }, "stale_timestamp"],
    ["no JSON", { body: Buffer.from("<xml/>") }, "invalid_input"],
    ["no UTF-8", { body: Buffer.from([0x7b, 0xff, 0x7d]) }, "invalid_input"],
    ["an unknown origin", { origin: "later" }, "invalid_input"],
    ["a body of five megabytes", { body: Buffer.alloc(5_000_000, 32) }, "too_large"],
  ])("%s is refused and changes nothing", async (_what, over, code) => {
    const one = order()
    expect(await call([one], over)).toMatchObject({ refused: code })
    expect(await factsOf(one.order_no)).toEqual([])
  })
  it("501 orders in one call are refused", async () => {
    expect(await call(Array.from({ length: 501 }, () => null))).toMatchObject({ refused: "invalid_input" })
  })
  it("a changed body, a missing header or a secret that was never set lets nobody in", async () => {
    const body = Buffer.from(JSON.stringify({ origin: "live", orders: [order()] }))
    const timestamp = String(MACHINE_MS / 1000)
    const signed = {
      "x-shop-timestamp": timestamp,
      "x-shop-signature": signatureOf(SECRET, timestamp, body),
    }
    const deps = { db, secret: SECRET, machine_now_ms: () => MACHINE_MS }
    const other = Buffer.concat([body, Buffer.from(" ")])
    expect(await receiveShopOrders(deps, signed, other, now)).toMatchObject({ refused: "bad_signature" })
    expect(await receiveShopOrders(deps, {}, body, now)).toMatchObject({ refused: "bad_signature" })
    expect(await receiveShopOrders({ ...deps, secret: null }, signed, body, now)).toMatchObject({
      refused: "door_closed",
    })
  })
})

describe("shares of an order's money", () => {
  it("are whole fen that add up, whatever the prices", () => {
    const line = fc.record({
      qty: fc.integer({ min: 1, max: 9 }),
      price_fen: fc.integer({ min: 0, max: 99_999 }),
    })
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e9 }),
        fc.array(line, { minLength: 1, maxLength: 8 }),
        (fen, lines) => {
          const shares = shareOut(fen, lines)
          return shares.reduce((a, b) => a + b) === fen && shares.every((s) => s >= 0)
        },
      ),
    )
    expect(
      shareOut(100, [
        { qty: 1, price_fen: 1 },
        { qty: 1, price_fen: 1 },
        { qty: 1, price_fen: 1 },
      ]),
    ).toEqual([34, 33, 33])
  })
})
