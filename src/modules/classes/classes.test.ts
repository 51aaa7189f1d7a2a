import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { dayNumber, dayString, startOfDay } from "../../kernel/day.ts"
import { isRefused } from "../../kernel/result.ts"
import type { ConditionTree } from "../../kernel/tree.ts"
import { type Db, rows, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { countAudience, holds, matching, readAudience, sentence } from "../../spine/audiences/index.ts"
import { drain, registerHandlers } from "../../spine/facts/index.ts"
import { createRegistry } from "../../spine/offers/index.ts"
import { prepareTraits, readTraits } from "../../spine/traits/index.ts"
import * as customers from "../customers/index.ts"
import * as groups from "../groups/index.ts"
import { importFile } from "../imports/index.ts"
import * as orders from "../orders/index.ts"
import * as tags from "../tags/index.ts"
import * as classes from "./index.ts"
import { activityOf, climb, type Numbers, stageByOrders, standingOf } from "./rules.ts"
import { STANDINGS, type Stage } from "./shared.ts"

const now = new Date("2026-11-23T04:00:00Z")
const TODAY = dayNumber(now)
const modules = [customers, tags, orders, groups, classes]
const registry = createRegistry(modules.map((m) => m.offers))
const handlers = [customers, orders, groups, classes].flatMap((m) => m.handlers)
let db: Db
let folder: string

beforeAll(async () => {
  db = await testDb()
  folder = await mkdtemp(join(tmpdir(), "classes-"))
  await prepareTraits(db, registry)
  await registerHandlers(db, handlers)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

let files = 0
/** Orders of customers so many days ago, come in by the import door. */
async function ordered(list: [customer: string, days_ago: number][]): Promise<Map<string, string>> {
  const source = `classes${files++}`
  const path = join(folder, `${source}.csv`)
  const lines = list.map(([name, ago], i) => `${name},${dayString(TODAY - ago)},10.00,${i}`)
  await writeFile(path, ["who,when,fen,number", ...lines].join("\n"))
  const result = await importFile(db, orders.ordersKind(), path, {
    mapping: { customer: "who", at: "when", amount: "fen", order: "number" },
    header: true,
    source,
    now,
  })
  if (isRefused(result) || result.failed > 0) throw new Error(JSON.stringify(result))
  await drain(db, handlers, () => now)
  const found = await rows<{ value: string; customer_id: string }>(
    db,
    "select value, customer_id from customers_identities where kind = 'import'",
  )
  return new Map(found.map((r) => [r.value, r.customer_id]))
}
const audienceOf = async (rule: ConditionTree, day = TODAY) => {
  const audience = await readAudience(db, registry, rule, { day })
  if (isRefused(audience)) throw new Error(JSON.stringify(audience))
  return audience
}
const leaf = (offer: string, args: Record<string, unknown> = {}) => ({ offer, version: 1, args })
const NOTHING: Numbers = {
  orders: 0,
  goods_orders: 0,
  goods_first_day: null,
  goods_last_day: null,
  lead_last_day: null,
  membership_first_day: null,
  interested_tag_day: null,
}
const bought = (goods_orders: number, ago: number): Numbers => ({
  ...NOTHING,
  orders: goods_orders,
  goods_orders,
  goods_first_day: TODAY - ago,
  goods_last_day: TODAY - ago,
})

describe("the rules of classes", () => {
  it("the borders of activity come out exactly", () => {
    const at = (ago: number, n = 1) => activityOf(bought(n, ago), TODAY).value
    expect([0, 90, 91, 180, 181, 365, 366].map((ago) => at(ago))).toEqual([
      "one_time",
      "one_time",
      "quiet",
      "quiet",
      "sleeping",
      "sleeping",
      "lost",
    ])
    expect(at(90, 2)).toBe("repeat")
    expect(activityOf(NOTHING, TODAY).value).toBe("prospect")
  })

  it("a class that time alone brought holds since the day of the border, not since somebody looked", () => {
    expect(activityOf(bought(1, 100), TODAY).since_day).toBe(TODAY - 100 + 91)
    expect(activityOf(bought(1, 400), TODAY).since_day).toBe(TODAY - 400 + 366)
  })

  it("orders of lead products alone leave a prospect who is interested for thirty days", () => {
    const lead = (ago: number) => ({ ...NOTHING, orders: 3, lead_last_day: TODAY - ago })
    expect(stageByOrders(lead(0)).value).toBe("prospect")
    expect(activityOf(lead(0), TODAY).value).toBe("prospect")
    expect(standingOf(lead(30), TODAY).value).toBe("interested")
    expect(standingOf(lead(31), TODAY)).toMatchObject({ value: "general", since_day: TODAY })
  })

  it("nobody is moved down, whatever happens to the orders", () => {
    const stage = fc.constantFrom<Stage>("prospect", "customer", "member", "partner")
    const numbers = fc.record({
      ...Object.fromEntries(
        Object.keys(NOTHING).map((k) => [
          k,
          k.endsWith("day") ? fc.option(fc.integer({ min: 0, max: TODAY })) : fc.nat(3),
        ]),
      ),
    }) as unknown as fc.Arbitrary<Numbers>
    const order = ["prospect", "customer", "member", "partner"]
    fc.assert(
      fc.property(stage, numbers, (present, n) => {
        const next = climb(present, stageByOrders(n))
        if (next) expect(order.indexOf(next.value)).toBeGreaterThan(order.indexOf(present))
      }),
    )
  })
})

describe("classes in the projection", () => {
  it("follow orders with since and why, and a question of any class finds exactly those of it on any day", async () => {
    const ids = await ordered([
      ["once", 10],
      ["again", 40],
      ["again", 20],
      ["quiet", 91],
      ["sleeping", 181],
      ["lost", 366],
    ])
    const known = await readTraits(db, [...ids.values()])
    const of = (name: string, trait: string) => known.get(ids.get(name)!)![trait]!
    expect([...ids.keys()].map((name) => of(name, "customers.activity").value).sort()).toEqual(
      ["one_time", "repeat", "quiet", "sleeping", "lost"].sort(),
    )
    expect(of("once", "customers.stage")).toMatchObject({
      value: "customer",
      since: startOfDay(TODAY - 10),
      why: { rule: "bought_goods", goods_orders: 1 },
    })
    expect(of("again", "customers.standing").value).toBe("repeat")
    for (const day of [TODAY, TODAY + 1, TODAY + 71, TODAY + 90, TODAY + 400])
      for (const activity of ["prospect", "one_time", "repeat", "quiet", "sleeping", "lost"]) {
        const audience = await audienceOf(leaf("customers.activity_is", { activities: [activity] }), day)
        const expected = [...ids].filter(([, id]) => {
          const t = known.get(id)!
          const n = {
            ...NOTHING,
            goods_orders: t["orders.goods_count"]!.value as number,
            goods_last_day: t["orders.goods_last_day"]!.value as number,
          }
          return activityOf(n, day).value === activity
        })
        expect(await matching(db, audience, [...ids.values()])).toEqual(new Set(expected.map(([, id]) => id)))
      }
  })

  it("history is told as history: nobody is written to for an imported order", async () => {
    const ids = await ordered([["silent", 5]])
    const told = await rows<{ origin: string }>(
      db,
      "select distinct origin from facts where subject = $1 and type = 'trait.changed'",
      [ids.get("silent")],
    )
    expect(told).toEqual([{ origin: "h" }])
  })

  it("the night tells those whom time alone moved, everybody once, and goes on where it was cut", async () => {
    const ids = await ordered([["turning", 90]])
    const id = ids.get("turning")!
    const all = async (at: Date) => {
      let looked = 0
      for (let n = await classes.night(db, at); n > 0; n = await classes.night(db, at)) looked += n
      return looked
    }
    const everybody = await countAudience(db, await audienceOf({ all: [] }))
    expect(await all(now)).toBe(everybody)
    expect(await all(now)).toBe(0)
    const tomorrow = new Date(now.getTime() + 86_400_000)
    expect(await all(tomorrow)).toBe(everybody)
    const known = (await readTraits(db, [id], ["customers.activity"])).get(id)!["customers.activity"]!
    expect(known).toMatchObject({ value: "quiet", since: startOfDay(TODAY + 1) })
    const told = await rows<{ payload: unknown }>(
      db,
      "select payload from facts where subject = $1 and type = 'trait.changed' and origin = 'l'",
      [id],
    )
    expect(told.map((f) => f.payload)).toEqual([
      { trait: "customers.activity", from: "one_time", to: "quiet" },
    ])
  })

  it("the tag given by hand makes interested, and every standing is somebody's only one", async () => {
    const [id] = await tx(db, (t) =>
      customers.ensureCustomers(
        t,
        [{ identities: [{ kind: "phone", value: "13900000001" }], seen_at: now }],
        now,
      ),
    )
    await tx(db, (t) =>
      tags.assign(t, [{ customer_id: id!, tag_id: tags.INTERESTED_TAG }], {
        source: "hand",
        by: null,
        at: now,
      }),
    )
    await drain(db, handlers, () => now)
    const standing = async (day: number) => {
      const found: string[] = []
      for (const one of STANDINGS) {
        const audience = await audienceOf(leaf("customers.standing_is", { standings: [one] }), day)
        if ((await matching(db, audience, [id!])).size > 0) found.push(one)
      }
      return found
    }
    expect(await standing(TODAY)).toEqual(["interested"])
    expect(await standing(TODAY + 30)).toEqual(["interested"])
    expect(await standing(TODAY + 31)).toEqual(["general"])
  })
})

describe("the rule of the story", () => {
  it("paid, last order 60–120 days ago, tag 宝妈, not in a group: reads and finds as said", async () => {
    const mum = (await rows<{ id: string }>(db, "select id from tags_tags where name = '宝妈'"))[0]!.id
    const ids = await ordered([
      ["yes", 80],
      ["too_new", 50],
      ["no_tag", 80],
    ])
    await tx(db, (t) =>
      tags.assign(
        t,
        ["yes", "too_new"].map((name) => ({ customer_id: ids.get(name)!, tag_id: mum })),
        { source: "hand", by: null, at: now },
      ),
    )
    const audience = await audienceOf({
      all: [
        leaf("customers.has_paid"),
        leaf("orders.last_days_ago", { min: 60, max: 120 }),
        leaf("tags.has", { tag_id: mum }),
        { not: leaf("groups.in_any") },
      ],
    })
    expect(sentence(registry, audience.tree, audience.names, "zh")).toBe(
      "已付费，且最近一次购买在 60–120 天前，且有标签「宝妈」，且不在任何群",
    )
    expect(await matching(db, audience, [...ids.values()])).toEqual(new Set([ids.get("yes")]))
    expect(holds(audience.conditional, {})).toBe(false)
  })
})
