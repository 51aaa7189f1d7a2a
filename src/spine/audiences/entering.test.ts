import fc from "fast-check"
import { beforeAll, describe, expect, it } from "vitest"
import { isRefused } from "../../kernel/result.ts"
import type { ConditionTree } from "../../kernel/tree.ts"
import { type Db, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { prepareTraits, pruneChanges, withdrawCustomers } from "../traits/index.ts"
import { atMoment, audiencePage, entering, placeNow, readAudience } from "./index.ts"
import { leaf, makeView, newCustomers, setValues, shop, shopTree, shopValues, TODAY } from "./shop.fixture.ts"

let db: Db
const now = new Date("2026-11-23T04:00:00Z")
beforeAll(async () => {
  db = await testDb()
  await makeView(db)
  await prepareTraits(db, shop)
})
const read = async (tree: ConditionTree, day: number) => {
  const audience = await readAudience(db, shop, tree, { day })
  if (isRefused(audience)) throw new Error(JSON.stringify(audience))
  return audience
}
const everyone = async (audience: Awaited<ReturnType<typeof read>>) =>
  new Set((await audiencePage(db, audience, { limit: 10_000 })).map((m) => m.customer_id))

describe("who enters an audience", () => {
  it("is exactly who matches now and did not then, whatever changed and however many days went by", async () => {
    const living = await newCustomers(db, 40)
    const write = (changes: [number, typeof shopValues extends fc.Arbitrary<infer V> ? V : never][]) =>
      setValues(
        db,
        changes.map(([i, values]) => [living[i % living.length]!, values] as const),
        now,
      )
    const changes = fc.array(fc.tuple(fc.nat(39), shopValues), { maxLength: 25 })
    await fc.assert(
      fc.asyncProperty(
        changes,
        changes,
        changes,
        shopTree,
        fc.nat(15),
        fc.nat(2),
        async (a, b, c, tree, days, come) => {
          await write(a)
          const then = await read(tree, TODAY)
          const before = await everyone(then)
          const since = await placeNow(db, TODAY)
          await write(b)
          await write(c)
          living.push(...(await newCustomers(db, come)))
          if (living.length > 45) await tx(db, (t) => withdrawCustomers(t, living.splice(0, 3)))
          const audience = atMoment(then, { day: TODAY + days })
          const answer = await entering(db, audience, since)
          if (isRefused(answer)) throw new Error(answer.refused)
          const expected = [...(await everyone(audience))].filter((id) => !before.has(id)).sort()
          expect(answer.customers).toEqual(expected)
          expect(await entering(db, audience, answer.to)).toMatchObject({ customers: [] })
        },
      ),
      { numRuns: 150 },
    )
  })

  it("tells everyone once while others write at the same time", async () => {
    const ids = await newCustomers(db, 80)
    const audience = await read(leaf("shop.tag", { tag: "mum" }), TODAY)
    const values = { spent: null, last: null, step: null, tags: ["mum"], grouped: null }
    let place = await placeNow(db, TODAY)
    const told: string[] = []
    const look = async () => {
      const answer = await entering(db, audience, place)
      if (isRefused(answer)) throw new Error(answer.refused)
      told.push(...answer.customers)
      place = answer.to
    }
    let writing = true
    const writers = [0, 1, 2, 3].map(async (w) => {
      for (let i = w; i < ids.length; i += 4) await setValues(db, [[ids[i]!, values]], now)
    })
    const all = Promise.all(writers).then(() => {
      writing = false
    })
    while (writing) await look()
    await all
    await look()
    expect(told.sort()).toEqual([...ids].sort())
  })

  it("says so where the changes were thrown away, or where rows decide", async () => {
    const place = await placeNow(db, TODAY)
    const [id] = await newCustomers(db, 1)
    await setValues(db, [[id!, { spent: 1, last: null, step: null, tags: [], grouped: null }]], now)
    await tx(db, (t) => pruneChanges(t, new Date(Date.now() + 60_000)))
    const audience = await read(leaf("shop.paid"), TODAY)
    expect(await entering(db, audience, place)).toEqual({ refused: "position_lost" })
    const bought = await read(leaf("shop.bought", { days: 3, times: 1 }), TODAY)
    expect(await entering(db, bought, await placeNow(db, TODAY))).toEqual({ refused: "not_followed" })
  })
})
