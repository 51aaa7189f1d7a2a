import { beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../../kernel/ids.ts"
import { isRefused } from "../../../kernel/result.ts"
import { type Db, tx } from "../../../platform/db.ts"
import { testDb } from "../../../platform/testkit/index.ts"
import { readAudience } from "../../../spine/audiences/index.ts"
import { createRegistry } from "../../../spine/offers/index.ts"
import { enrolCustomers, prepareTraits, publish } from "../../../spine/traits/index.ts"
import { assign, offers } from "../index.ts"
import { mostValuable, peopleOf, tagsAmong } from "./store.ts"

let db: Db
const now = new Date("2026-11-23T04:00:00Z")
const word = { zh: "词", en: "Word" }
const registry = createRegistry([
  offers,
  { module: "orders", traits: [{ name: "orders.gmv_fen", kind: "number", label: word }] },
])

beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, registry)
})

describe("taking an account over", () => {
  it("shows how its tags lie and whoever spent most first, and of a colleague's customers nothing", async () => {
    const [mine, theirs] = [newId(), newId()]
    const list = [900, 500, 0, 700].map((gmv, i) => ({
      customer_id: newId(),
      number: i,
      scope_id: i === 3 ? theirs : mine,
      gmv,
    }))
    const [rich, fair, none] = list
    const mum = "0196a000-0000-7000-8000-000000000106"
    const ip = "0196a000-0000-7000-8000-000000000108"
    await tx(db, async (t) => {
      await enrolCustomers(t, list)
      await publish(
        t,
        { "orders.gmv_fen": list.map(({ customer_id, gmv }) => ({ customer_id, value: gmv })) },
        now,
      )
      const asks = [
        ...list.slice(1).map(({ customer_id }) => ({ customer_id, tag_id: mum })),
        { customer_id: fair!.customer_id, tag_id: ip },
      ]
      await assign(t, asks, { source: "hand", by: mine, at: now })
    })
    const audience = await readAudience(db, registry, { all: [] }, { day: 20_000 })
    if (isRefused(audience)) throw new Error(audience.refused)
    const asked = { audience, scope: [mine] }
    expect(await peopleOf(db, asked)).toEqual({ people: 3, tagged: 2 })
    expect((await tagsAmong(db, asked, 10)).map((x) => [x.name, x.people])).toEqual([
      ["宝妈", 2],
      ["IP", 1],
    ])
    expect(await mostValuable(db, asked, "orders.gmv_fen", 10)).toEqual([
      { customer_id: rich!.customer_id, gmv_fen: 900, tags: [] },
      { customer_id: fair!.customer_id, gmv_fen: 500, tags: ["宝妈", "IP"] },
    ])
    expect(none!.gmv).toBe(0)
  })
})
