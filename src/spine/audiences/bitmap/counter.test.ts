import fc from "fast-check"
import { beforeAll, describe, expect, it } from "vitest"
import { invariant } from "../../../kernel/invariant.ts"
import { isRefused } from "../../../kernel/result.ts"
import type { ConditionTree } from "../../../kernel/tree.ts"
import { type Db, run, tx } from "../../../platform/db.ts"
import { testDb } from "../../../platform/testkit/index.ts"
import {
  prepareTraits,
  pruneChanges,
  publish,
  rescopeCustomers,
  withdrawCustomers,
} from "../../traits/index.ts"
import { audiencePage, countAudience, createCounter, readAudience } from "../index.ts"
import {
  leaf,
  makeView,
  newCustomers,
  published,
  setValues,
  shop,
  shopTree,
  shopValues,
  TODAY,
} from "../shop.fixture.ts"
import { NumberColumn } from "./number-column.ts"

let db: Db
const now = new Date("2026-11-23T04:00:00Z")
const staff = ["00000000-0000-7000-8000-000000000001", "00000000-0000-7000-8000-000000000002"]
const read = async (tree: ConditionTree) => {
  const audience = await readAudience(db, shop, tree, { day: TODAY })
  invariant(!isRefused(audience), "the rule is whole")
  return audience
}

beforeAll(async () => {
  db = await testDb()
  await makeView(db)
  await prepareTraits(db, shop)
})

describe("counting from bitmaps", () => {
  it("says what SQL says at the same position, after every change, for every rule and scope", async () => {
    const counter = createCounter({ db, registry: shop })
    const living = await newCustomers(db, 120, staff[0])
    const step = fc.record({
      changes: fc.array(fc.tuple(fc.nat(119), shopValues), { maxLength: 40 }),
      joining: fc.nat(3),
      leaving: fc.nat(2),
      moved: fc.nat(119),
      scope: fc.constantFrom(null, [staff[0]!], [staff[1]!], staff, []),
      tree: shopTree,
    })
    await fc.assert(
      fc.asyncProperty(step, async ({ changes, joining, leaving, moved, scope, tree }) => {
        await setValues(
          db,
          changes.map(([i, values]) => [living[i % living.length]!, values] as const),
          now,
        )
        living.push(...(await newCustomers(db, joining, staff[1])))
        await tx(db, (t) =>
          rescopeCustomers(t, [{ customer_id: living[moved % living.length]!, scope_id: staff[1]! }]),
        )
        if (living.length > 100) await tx(db, (t) => withdrawCustomers(t, living.splice(0, leaving)))
        const audience = await read(tree)
        await tx(db, async (t) => {
          await t.query("set transaction isolation level repeatable read")
          await counter.sync(counter.needsOf(audience, scope), t)
          const { count } = await counter.count(audience, scope)
          expect(count).toBe(await countAudience(t, audience, scope))
          const page = await audiencePage(t, audience, { after: 20, limit: 10, scope })
          expect(await counter.pick(audience, { after: 20, limit: 10, scope })).toEqual(
            page.map((m) => m.number),
          )
        })
      }),
      { numRuns: 150 },
    )
  })

  it("keeps saying so while others write at the same time", async () => {
    const counter = createCounter({ db, registry: shop })
    const ids = await newCustomers(db, 60)
    const audience = await read({ all: [leaf("shop.paid"), { not: leaf("shop.tag", { tag: "mum" }) }] })
    let writing = true
    const write = async (seed: number) => {
      for (let round = 0; writing; round++) {
        const values = fc.sample(shopValues, { numRuns: 20, seed: seed * 1_000 + round })
        const some = values.map((v, i) => [ids[(i * 3 + seed) % ids.length]!, v] as const)
        await tx(db, (t) => publish(t, published(some), now))
      }
    }
    const writers = [write(1), write(2), write(3)]
    try {
      for (let i = 0; i < 60; i++)
        await tx(db, async (t) => {
          await t.query("set transaction isolation level repeatable read")
          await counter.sync(counter.needsOf(audience), t)
          const [{ count }, truth] = [await counter.count(audience), await countAudience(t, audience)]
          expect(count).toBe(truth)
        })
    } finally {
      writing = false
      await Promise.all(writers)
    }
  })

  it("sees a tag that nobody had a moment ago, and rows that a module publishes", async () => {
    const counter = createCounter({ db, registry: shop, fresh_ms: 0 })
    const [id] = await newCustomers(db, 1)
    const tagged = await read(leaf("shop.tag", { tag: "brand_new" }))
    const bought = await read(leaf("shop.bought", { days: 3, times: 1 }))
    expect((await counter.count(tagged)).count).toBe(0)
    expect((await counter.count(bought)).count).toBe(0)
    await tx(db, (t) => publish(t, { "shop.tags": [{ customer_id: id!, value: ["brand_new"] }] }, now))
    await run(db, "insert into shop_orders values ($1, $2, 1, 'a')", [id, TODAY])
    await counter.sync(counter.needsOf(bought))
    expect((await counter.count(tagged)).count).toBe(1)
    expect((await counter.count(bought)).count).toBe(1)
  })

  it("reads everything again when the changes it missed were thrown away", async () => {
    const counter = createCounter({ db, registry: shop })
    const audience = await read(leaf("shop.tag", { tag: "late" }))
    expect((await counter.count(audience)).count).toBe(0)
    const ids = await newCustomers(db, 2)
    await tx(db, (t) =>
      publish(t, { "shop.tags": ids.map((customer_id) => ({ customer_id, value: ["late"] })) }, now),
    )
    await tx(db, (t) => pruneChanges(t, new Date(Date.now() + 60_000)))
    await counter.sync()
    expect((await counter.count(audience)).count).toBe(2)
  })

  it("twenty who type at once share one look at the database, and none sees half a state", async () => {
    const counter = createCounter({ db, registry: shop })
    const trees = fc.sample(shopTree, { numRuns: 20, seed: 3 })
    const audiences = await Promise.all(trees.map(read))
    const counts = await Promise.all(audiences.map((audience) => counter.count(audience)))
    for (const [i, audience] of audiences.entries())
      expect(counts[i]!.count).toBe(await countAudience(db, audience))
  })
})

describe("a column of numbers", () => {
  it("answers every range as a look at each value would, also after changes far outside its borders", () => {
    const value = fc.option(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.integer({ min: -9e12, max: 9e12 })))
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 200 }),
        fc.array(fc.tuple(fc.nat(199), value), { maxLength: 30 }),
        fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 5 }),
        (first, changes, ranges) => {
          const column = new NumberColumn(first.length)
          first.forEach((v, n) => {
            column.values[n] = v ?? Number.NaN
          })
          column.build()
          const values = [...first]
          for (const [n, v] of changes) {
            if (n >= values.length) continue
            values[n] = v
            column.set(n, v)
          }
          for (const [min, max] of ranges) {
            const bits = column.between(min, max)
            const left = new Uint32Array(bits.length).fill(0xffffffff)
            column.restrict(left, min, max)
            expect(left).toEqual(bits)
            values.forEach((v, n) => {
              const inside = v !== null && v >= (min ?? -Infinity) && v <= (max ?? Infinity)
              expect((bits[n >>> 5]! >>> (n & 31)) & 1).toBe(inside ? 1 : 0)
            })
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})
