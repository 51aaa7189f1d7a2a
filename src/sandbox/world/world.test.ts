import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Store } from "../store.ts"
import { worldDigest } from "./digest.ts"
import { IdCode } from "./ids.ts"
import { pastOrders } from "./orders.ts"
import { People } from "./people.ts"
import { products } from "./products.ts"
import type { Order } from "./records.ts"
import { accounts, employees } from "./staff.ts"
import { World } from "./world.ts"

const start_ms = Date.parse("2026-03-02T09:00:00+08:00")
const world = (seed = "a", size = 400) =>
  new World(new Store(), () => undefined, { seed, size, scenario: "quiet", start_ms })

describe("a world", () => {
  it("is the same for the same seed and another for another", () => {
    expect(worldDigest(world())).toBe(worldDigest(world()))
    expect(worldDigest(world("b"))).not.toBe(worldDigest(world()))
    expect(worldDigest(world("a", 401))).not.toBe(worldDigest(world()))
  })

  it("has six employees, an account of each function, eight groups and forty goods", () => {
    const { t } = world("a", 2000)
    expect(employees).toHaveLength(6)
    expect(accounts.map((a) => a.position)).toEqual(["IP号", "成交号", "会员号", "代理号"])
    expect(t.chats.size).toBe(8)
    expect(products).toHaveLength(40)
    expect(products.filter((p) => p.kind === "membership")).toMatchObject([{ price_fen: 39900 }])
  })

  it("knows its people by id and nobody else", () => {
    const code = new IdCode("a", "wm", 32)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_000_000 }), (n) => {
        expect(code.decode(code.encode(n))).toBe(n)
      }),
    )
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        expect(code.decode("wm" + text)).toBeNull()
      }),
    )
    const w = world()
    expect(w.personOf(w.people.ids.encode(399))).toBe(399)
    expect(w.personOf(w.people.ids.encode(400))).toBeNull()
    expect(world("b").personOf(w.people.ids.encode(1))).toBeNull()
  })

  it("leaves nobody without a contact, and the quick question agrees with the list", () => {
    const w = world()
    for (let n = 0; n < 400; n++) {
      const follows = w.follows(n)
      expect(follows.length).toBeGreaterThan(0)
      for (const { userid } of [...accounts, ...employees]) {
        expect(w.people.baseFollowsUser(n, userid)).toBe(follows.some((f) => f.userid === userid))
      }
      for (const f of follows) {
        expect(f.at).toBeLessThan(start_ms)
        expect([...f.remark].length).toBeLessThanOrEqual(20)
      }
    }
  })

  it("says the same of group members from either side", () => {
    const w = world("a", 2000)
    const from_groups = new Set<string>()
    for (let g = 0; g < w.base_groups; g++) for (const [n] of w.groupMembers(g)) from_groups.add(`${g}:${n}`)
    const from_people = new Set<string>()
    for (let n = 0; n < 2000; n++) for (const g of w.groupsOf(n)) from_people.add(`${g}:${n}`)
    expect(from_people).toEqual(from_groups)
    expect(from_groups.size).toBeGreaterThan(700)
    for (let g = 0; g < w.base_groups; g++) expect(w.groupSize(g)).toBeLessThan(200)
  })

  it("keeps no memory of a million people until something happens to them", () => {
    const w = world("a", 1_000_000)
    expect(w.t.follows.size + w.t.members.size).toBe(0)
    expect(w.personOf(w.people.ids.encode(999_999))).toBe(999_999)
    expect(w.base_groups).toBeGreaterThan(2000)
  })
})

describe("the year of past orders", () => {
  const people = new People("a", start_ms)
  const all: Order[][] = Array.from({ length: 2000 }, (_, n) => pastOrders(people, n, start_ms))

  it("adds up to the fen, lies in the year before and comes in order", () => {
    for (const orders of all) {
      let last = 0
      for (const order of orders) {
        const goods = order.lines.reduce((sum, line) => sum + line.qty * line.price_fen, 0)
        expect(order.amount_fen).toBe(goods - order.coupon_fen + order.shipping_fen)
        const at = Date.parse(order.paid_at)
        expect(at).toBeGreaterThanOrEqual(Math.max(last, start_ms - 365 * 86_400_000))
        expect(at).toBeLessThan(start_ms)
        last = at
        if (order.refund) expect(Date.parse(order.refund.at)).toBeLessThan(start_ms)
        expect(order.refund?.amount_fen ?? 0).toBeLessThanOrEqual(order.amount_fen)
      }
    }
  })

  it("has numbers that are never given twice, and every kind of buyer from looker to lost", () => {
    const numbers = all.flat().map((order) => order.order_no)
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(numbers.length).toBeGreaterThan(4000)
    expect(all.filter((orders) => orders.length === 0).length).toBeGreaterThan(300)
    const days_ago = all.flatMap((o) =>
      o.length ? [(start_ms - Date.parse(o[o.length - 1]!.paid_at)) / 86_400_000] : [],
    )
    for (const [from, to] of [
      [0, 90],
      [90, 180],
      [180, 365],
    ] as const) {
      expect(days_ago.filter((d) => d > from && d <= to).length).toBeGreaterThan(80)
    }
    const statuses = new Set(all.flat().map((order) => order.status))
    expect([...statuses].sort()).toEqual(["cancelled", "paid", "refunded"])
  })
})
