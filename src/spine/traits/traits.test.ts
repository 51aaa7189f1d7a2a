import { beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../kernel/ids.ts"
import { type Db, rows, run, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { createRegistry, type TraitOffer } from "../offers/index.ts"
import {
  enrolCustomers,
  enrolNewCustomers,
  prepareTraits,
  pruneChanges,
  publish,
  publishFrom,
  readTraits,
  rescopeCustomers,
  withdrawCustomers,
} from "./index.ts"

let db: Db
const now = new Date("2026-11-23T04:00:00Z")
const words = (zh: string) => ({ zh, en: zh })
const traits: TraitOffer[] = [
  { name: "shop.spent_fen", kind: "number", label: words("消费"), unit: "fen" },
  { name: "shop.last_day", kind: "day", label: words("最近一次") },
  { name: "shop.step", kind: "text", label: words("阶段"), values: { one: words("一"), two: words("二") } },
  { name: "shop.likes", kind: "tags", label: words("喜欢") },
  { name: "shop.open", kind: "boolean", label: words("开") },
]
let serial = 0
const enrol = async (n: number) => {
  const list = Array.from({ length: n }, () => ({ customer_id: newId(), number: ++serial, scope_id: null }))
  await tx(db, (t) => enrolCustomers(t, list))
  return list.map((c) => c.customer_id)
}

beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, createRegistry([{ module: "shop", traits }]))
})

describe("publishing traits", () => {
  it("a second start finds its columns; a trait that changed its kind is a bug and stops the start", async () => {
    await prepareTraits(db, createRegistry([{ module: "shop", traits }]))
    const other = [{ ...traits[0]!, kind: "text" as const }]
    await expect(prepareTraits(db, createRegistry([{ module: "shop", traits: other }]))).rejects.toThrow(
      /spent_fen was number/,
    )
  })

  it("what lists are ordered by has its index after any start, also where the building was cut short or others start beside", async () => {
    const listed = traits.map((one) =>
      one.name === "shop.last_day" ? { ...one, listed: true as const } : one,
    )
    const index = `"traits_customers_by_shop.last_day"`
    const start = () => prepareTraits(db, createRegistry([{ module: "shop", traits: listed }]))
    const valid = () =>
      rows<{ indisvalid: boolean }>(
        db,
        "select indisvalid from pg_index where indexrelid = to_regclass($1)",
        [index],
      )
    expect(await valid()).toEqual([])
    await Promise.all([start(), start(), start()])
    expect(await valid()).toEqual([{ indisvalid: true }])
    // Two of one day cannot have a unique index: its building ends halfway, as at a crash.
    const ids = await enrol(2)
    const day = ids.map((customer_id) => ({ customer_id, value: 20_000 }))
    await tx(db, (t) => publish(t, { "shop.last_day": day }, now))
    await run(db, `drop index ${index}`)
    await expect(
      run(db, `create unique index concurrently ${index} on traits_customers ("shop.last_day")`),
    ).rejects.toThrow(/could not create unique index/)
    expect(await valid()).toEqual([{ indisvalid: false }])
    await start()
    expect(await valid()).toEqual([{ indisvalid: true }])
  })

  it("what is published can be read with since and why; a set of words comes back as words", async () => {
    const [a, b] = await enrol(2)
    const changed = await tx(db, (t) =>
      publish(
        t,
        {
          "shop.spent_fen": [
            { customer_id: a!, value: 990_00 },
            { customer_id: b!, value: null },
          ],
          "shop.likes": [
            { customer_id: a!, value: ["tea", "books", "tea"] },
            { customer_id: b!, value: [] },
          ],
          "shop.step": [{ customer_id: a!, value: "one", why: { rule: "first order", orders: 1 } }],
        },
        now,
      ),
    )
    expect(changed).toBe(2)
    const read = await readTraits(db, [a!, b!])
    expect(read.get(a!)).toMatchObject({
      "shop.spent_fen": { value: 99_000, since: null },
      "shop.step": { value: "one", since: now, why: { rule: "first order", orders: 1 } },
      "shop.open": { value: null },
    })
    expect(new Set(read.get(a!)!["shop.likes"]!.value as string[])).toEqual(new Set(["tea", "books"]))
    expect(read.get(b!)!["shop.likes"]!.value).toEqual([])
  })

  it("since and why stay with the value: the same value again writes and logs nothing", async () => {
    const [a] = await enrol(1)
    const at = (value: string, when: Date, orders: number) =>
      tx(db, (t) => publish(t, { "shop.step": [{ customer_id: a!, value, why: { orders } }] }, when))
    expect(await at("one", now, 1)).toBe(1)
    const later = new Date(now.getTime() + 86_400_000)
    expect(await at("one", later, 2)).toBe(0)
    expect((await readTraits(db, [a!])).get(a!)!["shop.step"]).toMatchObject({
      since: now,
      why: { orders: 1 },
    })
    expect(await at("two", later, 5)).toBe(1)
    expect((await readTraits(db, [a!])).get(a!)!["shop.step"]).toMatchObject({
      since: later,
      why: { orders: 5 },
    })
  })

  it("the log holds every change with what was before, so that an earlier state can be told", async () => {
    const [a] = await enrol(1)
    for (const value of [1, 5, 5, null])
      await tx(db, (t) => publish(t, { "shop.spent_fen": [{ customer_id: a!, value }] }, now))
    const log = await rows<{ old: unknown[] }>(
      db,
      "select old from traits_changes where trait = 'shop.spent_fen' and numbers = array[$1::int] order by tx, id",
      [serial],
    )
    expect(log.map((l) => l.old[0])).toEqual([null, 1, 5])
  })

  it("who was just made is enrolled as anybody else is, and the log tells of their coming", async () => {
    const scope = newId()
    const left = async (way: typeof enrolCustomers, from: number) => {
      const list = Array.from({ length: 300 }, (_, i) => ({
        customer_id: newId(),
        number: from + i,
        scope_id: i % 3 === 0 ? scope : null,
      }))
      await tx(db, (t) => way(t, list))
      const there = await rows<{ number: number; scope_id: string | null }>(
        db,
        "select number - $1::int as number, scope_id from traits_customers where customer_id = any($2::uuid[]) order by 1",
        [from, list.map((c) => c.customer_id)],
      )
      const log = await rows<{ number: number }>(
        db,
        `select n - $1::int as number, o.old from traits_changes, unnest(numbers) n, jsonb_array_elements(old) with ordinality o (old, at)
         where trait = '@row' and n between $1 and $1 + 299 and numbers[at] = n order by 1`,
        [from],
      )
      expect([there.length, log.length]).toEqual([300, 300])
      return { there, log }
    }
    expect(await left(enrolNewCustomers, 1_000_000)).toEqual(await left(enrolCustomers, 2_000_000))
    await tx(db, (t) => enrolNewCustomers(t, []))
  })

  it("two publishers of different traits of one customer do not undo each other", async () => {
    const ids = await enrol(200)
    await Promise.all(
      Array.from({ length: 20 }, (_, k) =>
        tx(db, (t) =>
          publish(
            t,
            k % 2 === 0
              ? { "shop.spent_fen": ids.map((customer_id) => ({ customer_id, value: k })) }
              : { "shop.last_day": ids.map((customer_id) => ({ customer_id, value: k })).reverse() },
            now,
          ),
        ),
      ),
    )
    const read = await readTraits(db, ids, ["shop.spent_fen", "shop.last_day"])
    for (const id of ids) {
      expect(read.get(id)!["shop.spent_fen"]!.value).not.toBeNull()
      expect(read.get(id)!["shop.last_day"]!.value).not.toBeNull()
    }
  })

  it("a changed class is told as a fact where that was asked for, a changed number is not", async () => {
    const [a] = await enrol(1)
    const set = (value: string) =>
      tx(db, (t) =>
        publish(
          t,
          { "shop.step": [{ customer_id: a!, value }], "shop.spent_fen": [{ customer_id: a!, value: 7 }] },
          now,
          { tell: "live" },
        ),
      )
    await set("one")
    await set("one")
    await set("two")
    const facts = await rows<{ payload: unknown }>(
      db,
      "select payload from facts where subject = $1 and type = 'trait.changed' order by tx, id",
      [a],
    )
    expect(facts.map((f) => f.payload)).toEqual([
      { trait: "shop.step", from: null, to: "one" },
      { trait: "shop.step", from: "one", to: "two" },
    ])
  })

  it("values that a query finds go the same way, log included", async () => {
    const ids = await enrol(3)
    const sql = "select id as customer_id, 12::bigint as v1, 'two' as v2 from unnest($1::uuid[]) as id"
    const from = { traits: ["shop.spent_fen", "shop.step"], sql, params: [ids] }
    expect(await tx(db, (t) => publishFrom(t, from, now))).toBe(3)
    expect(await tx(db, (t) => publishFrom(t, from, now))).toBe(0)
    expect((await readTraits(db, ids, ["shop.spent_fen"])).get(ids[2]!)!["shop.spent_fen"]!.value).toBe(12)
  })

  it("a trait that nobody offers cannot be published", async () => {
    const [a] = await enrol(1)
    await expect(
      tx(db, (t) => publish(t, { "shop.secret": [{ customer_id: a!, value: 1 }] }, now)),
    ).rejects.toThrow(/offered by nobody/)
  })

  it("whose a customer is changes once; who is withdrawn is gone with all reasons", async () => {
    const [a] = await enrol(1)
    const staff = newId()
    await tx(db, (t) => rescopeCustomers(t, [{ customer_id: a!, scope_id: staff }]))
    await tx(db, (t) => rescopeCustomers(t, [{ customer_id: a!, scope_id: staff }]))
    await tx(db, (t) => publish(t, { "shop.step": [{ customer_id: a!, value: "one", why: {} }] }, now))
    await tx(db, (t) => withdrawCustomers(t, [a!]))
    expect((await readTraits(db, [a!])).size).toBe(0)
    expect(await rows(db, "select 1 from traits_reasons where customer_id = $1", [a])).toEqual([])
    const log = await rows<{ trait: string }>(
      db,
      "select trait from traits_changes where $1 = any(numbers) order by tx, id",
      [serial],
    )
    expect(log.map((l) => l.trait)).toEqual(["@row", "@scope", "shop.step", "@row"])
  })

  it("changes thrown away leave a floor, so that a reader below it knows", async () => {
    await tx(db, (t) => pruneChanges(t, new Date(Date.now() + 60_000)))
    expect(await rows(db, "select 1 from traits_changes")).toEqual([])
    const [floor] = await rows<{ tx: string }>(db, "select tx::text as tx from traits_floor")
    expect(Number(floor!.tx)).toBeGreaterThan(0)
  })
})
