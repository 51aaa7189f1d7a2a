import fc from "fast-check"
import { beforeAll, describe, expect, it } from "vitest"
import { DAY_MS, dayNumber } from "../../../kernel/day.ts"
import { newId } from "../../../kernel/ids.ts"
import { type Db, rows, run, tx } from "../../../platform/db.ts"
import { testDb } from "../../../platform/testkit/index.ts"
import { createRegistry } from "../../../spine/offers/index.ts"
import { prepareTraits, readTraits } from "../../../spine/traits/index.ts"
import * as customers from "../../customers/index.ts"
import * as groups from "../../groups/index.ts"
import * as orders from "../../orders/index.ts"
import * as classes from "../index.ts"
import { layerNight } from "./night.ts"
import { type Figures, layerOf, percentRanks, scores } from "./rules.ts"
import { layerCounts } from "./store-layers.ts"

const now = new Date("2026-11-23T04:00:00Z")
const TODAY = dayNumber(now)
let db: Db
beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, createRegistry([customers, orders, groups, classes].map((m) => m.offers)))
})

describe("the rule of the pyramid", () => {
  it("a percentile is the share below, and equal values share it whatever their order", () => {
    expect(percentRanks([0, 0, 5, 9, 9])).toEqual([0, 0, 0.5, 0.75, 0.75])
    expect(percentRanks([7])).toEqual([0])
  })

  it("of 200 different people 2 are the head and 30 the middle", () => {
    const layers = Array.from({ length: 200 }, (_, i) => layerOf(200 - i, i + 1, 200))
    expect(layers.filter((l) => l === "head").length).toBe(2)
    expect(layers.filter((l) => l === "middle").length).toBe(30)
  })

  it("equal scores share a layer, and so many at the border that they exceed the share go down together", () => {
    expect(layerOf(90, 3, 200)).toBe("middle")
    expect(layerOf(50, 33, 200)).toBe("base")
    expect(layerOf(0, 200, 200)).toBe("base")
  })

  it("head and middle never exceed their shares, whoever ties with whom", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { minLength: 1, maxLength: 120 }), (list) => {
        const at_least = (score: number) => list.filter((s) => s >= score).length
        const of = list.map((s) => layerOf(s, at_least(s), list.length))
        const share = (n: number) => Math.ceil((list.length * n) / 100)
        expect(of.filter((l) => l === "head").length).toBeLessThanOrEqual(share(1))
        expect(of.filter((l) => l !== "base").length).toBeLessThanOrEqual(share(16))
      }),
    )
  })
})

describe("the pyramid of a company", () => {
  it("is reckoned of ninety days as the rule says, told with the numbers that decided, and once a day", async () => {
    const people = 120
    const buyers = Array.from({ length: people }, (_, i) => ({
      order_no: `P${i}`,
      buyer: { shop_buyer_id: `P${i}` },
      status: "paid",
      // The last ten bought long ago: that counts for nothing here.
      paid_at: new Date(now.getTime() - (i >= 110 ? 90 : 89) * DAY_MS).toISOString(),
      amount_fen: 1_000 * (1 + (i % 40)),
      lines: [{ sku: "a", name: "a", kind: "regular", qty: 1, price_fen: 1_000 * (1 + (i % 40)) }],
    }))
    await tx(db, (t) => orders.takeShopOrders(t, "history", buyers, now))
    const found = await rows<{ id: string; name: string }>(
      db,
      "select customer_id as id, name_in_source as name from orders_by_customer order by customer_id",
    )
    const idOf = new Map(found.map((f) => [f.name, f.id]))
    const group = newId()
    await run(
      db,
      `insert into groups_members (group_id, member_ref, customer_id, kind, invited_by_ref, joined_at)
       select $1, 'm' || n, id, 'external', case when n between 2 and 6 then 'm1' end, $2
       from unnest($3::uuid[]) with ordinality k (id, n)`,
      [group, now, [...Array(20).keys()].map((i) => idOf.get(`P${i}`))],
    )
    await run(
      db,
      `insert into groups_messages (group_id, message_ref, member_ref, kind, text, sent_at)
       select $1, 'x' || n, 'm1', 'text', '', $2::timestamptz - (n % 3) * interval '1 day' from generate_series(1, 9) n`,
      [group, now],
    )
    let looked = 0
    for (let n = await layerNight(db, now); n > 0; n = await layerNight(db, now)) looked += n
    expect(looked).toBe(2 * people)
    expect(await layerNight(db, now)).toBe(0)

    const gmv = (i: number) => (i >= 110 ? 0 : 1_000 * (1 + (i % 40)))
    const figures = found.map((f): Figures => {
      const i = Number(f.name.slice(1))
      const leads = i === 0
      const team = leads ? [1, 2, 3, 4, 5].reduce((sum, k) => sum + gmv(k), 0) : 0
      return {
        gmv_fen: gmv(i),
        referrals: leads ? 5 : 0,
        team_fen: gmv(i) + team,
        active_days: leads ? 3 : 0,
      }
    })
    const all = scores(figures)
    const known = await readTraits(
      db,
      found.map((f) => f.id),
      ["customers.layer", "customers.layer_score"],
    )
    for (const [i, f] of found.entries()) {
      const mine = known.get(f.id)!
      const at_least = all.filter((s) => s >= all[i]!).length
      expect([mine["customers.layer_score"]?.value, mine["customers.layer"]?.value]).toEqual([
        all[i],
        layerOf(all[i]!, at_least, people),
      ])
    }
    expect(known.get(idOf.get("P0")!)?.["customers.layer"]).toMatchObject({
      since: now,
      why: { rule: "layer_percentile", referrals: 5, active_days: 3, layer_gmv_fen: 1_000 },
    })
    const counts = await layerCounts(db, null)
    expect(counts.reduce((sum, c) => sum + c.customers, 0)).toBe(people)
    expect(TODAY).toBeGreaterThan(0)
  })
})
