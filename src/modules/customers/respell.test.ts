import { beforeAll, describe, expect, it } from "vitest"
import { type Db, oneRow, rows, run, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { createRegistry } from "../../spine/offers/index.ts"
import { prepareTraits } from "../../spine/traits/index.ts"
import { takeProfiles } from "./contacts.ts"
import {
  carry,
  ensureCustomers,
  type Identity,
  mergeCertain,
  mergeCustomers,
  offers,
  undoMerge,
} from "./index.ts"
import { openPairs } from "./merge/store.ts"
import { SPELLING } from "./phone.ts"
import { respell, respellPhones } from "./respell.ts"
import { profileOf } from "./store.ts"

const now = new Date("2026-11-23T04:00:00Z")
let db: Db
beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, createRegistry([offers]))
})

const phone = (value: string): Identity => ({ kind: "phone", value })
/** Who comes through a door of today. */
const comes = (...identities: Identity[]) =>
  tx(db, (t) => ensureCustomers(t, [{ identities, seen_at: now }], now)).then(([id]) => id!)

let made = 0
/** Somebody as a version before wrote them down: by the phone as their door spelled it. */
async function old(...spellings: string[]): Promise<string> {
  const id = await comes({ kind: "unionid", value: `old${++made}` })
  await run(db, "update customers_customers set phone = $2 where id = $1", [id, spellings[0]])
  for (const value of spellings)
    await run(db, "insert into customers_identities values ('phone', $2, $1)", [id, value])
  return id
}
const walk = async (batch = 3) => {
  await run(db, "update customers_respelled set spelling = 0, up_to = 0")
  while ((await respell(db, now, batch)) > 0);
}
const phonesOf = async (id: string) =>
  (
    await rows<{ value: string }>(
      db,
      "select value from customers_identities where kind = 'phone' and customer_id = $1 order by value",
      [id],
    )
  ).map((r) => r.value)
const pairsAmong = async (ids: string[]) =>
  (await openPairs(db, null, null, 100)).filter(
    (p) => ids.includes(p.customer_id) && ids.includes(p.other_id),
  )
const merge = (from: string, into: string) =>
  tx(db, (t) => mergeCustomers(t, [carry], { from, into }, null, now))

const SPELLED = [
  "+8613800002222",
  "86 138 0000 2222",
  "0086-138-0000-2222",
  "１３８００００２２２２",
  "138.0000.2222",
]

describe("phones of before every door spelled them alike", () => {
  it("of one number in five spellings: whoever comes with it is one of the five, and they are put up and not merged", async () => {
    const five: string[] = []
    for (const spelling of SPELLED) five.push(await old(spelling))
    await walk()
    for (const spelling of SPELLED) expect(await comes(phone(spelling))).toBe(five[0])
    expect(await mergeCertain(db, [carry], now)).toBe(0)
    for (const id of five) expect(await profileOf(db, id, null)).toMatchObject({ id, phone: "13800002222" })
    const pairs = await pairsAmong(five)
    expect(pairs.map((p) => [p.shared, p.customer_id === five[0] ? p.other_id : p.customer_id])).toEqual(
      five
        .slice(1)
        .sort()
        .map((id) => ["phone", id]),
    )
    for (const [n, id] of five.entries())
      expect(await phonesOf(id)).toEqual([n === 0 ? "13800002222" : SPELLED[n]])
    // Somebody says yes to each; then there is one, by the number.
    for (const id of five.slice(1)) await merge(id, five[0]!)
    await walk()
    expect(await phonesOf(five[0]!)).toEqual(["13800002222"])
  })

  it("that one person has twice are one number of theirs; what is no number stays as it came", async () => {
    const twice = await old("+86 138-0000-3333", "13800003333", "前台转接")
    await walk()
    expect(await phonesOf(twice)).toEqual(["13800003333", "前台转接"])
    expect(await pairsAmong([twice])).toEqual([])
  })

  it("of somebody who is known by a platform and of a number that a file brought: the platform's stays first in the pair", async () => {
    const filed = await comes(phone("13800004444"))
    const known = await old("+8613800004444")
    await walk()
    expect(await pairsAmong([filed, known])).toMatchObject([{ customer_id: known, other_id: filed }])
  })

  it("of two of whom somebody said that they are two puts nobody up again, whichever way round they were put up", async () => {
    const [one, two] = [await old("13800005555"), await old("+8613800005555")]
    await run(
      db,
      "insert into customers_merge_queue (customer_id, other_id, evidence, created_at, decision, decided_at) values ($1, $2, '{}', $3, 'apart', $3)",
      [two, one, now],
    )
    await walk()
    expect(await pairsAmong([one, two])).toEqual([])
  })

  it("are spelled anew once, batch by batch, and beside a door that sees the same number at that moment", async () => {
    const ids: string[] = []
    for (let n = 0; n < 20; n++) ids.push(await old(`+8613800006${100 + n}`))
    const doors = ids.map((_, n) => comes(phone(`13800006${100 + n}`)))
    await Promise.all([tx(db, (t) => respellPhones(t, ids, now)), ...doors])
    const met = await Promise.all(doors)
    for (const [n, id] of ids.entries()) {
      const [owner] = await rows<{ customer_id: string }>(
        db,
        "select customer_id from customers_identities where kind = 'phone' and value = $1",
        [`13800006${100 + n}`],
      )
      expect(owner?.customer_id).toBe(met[n])
      expect(await pairsAmong([id, met[n]!])).toHaveLength(met[n] === id ? 0 : 1)
    }
    await walk()
    expect(await oneRow(db, "select spelling, up_to from customers_respelled")).toEqual({
      spelling: SPELLING,
      up_to: 0,
    })
    expect(await respell(db, now)).toBe(0)
  })

  it("go back with their own where two were merged before their turn came, and that is undone after it", async () => {
    const [from, into] = [await old("+8613800007777"), await old("+8613800008888")]
    await merge(from, into)
    await walk()
    await tx(db, (t) => undoMerge(t, [carry], from, null, now))
    expect([await phonesOf(from), await phonesOf(into)]).toEqual([["13800007777"], ["13800008888"]])
    expect(await comes(phone("13800007777"))).toBe(from)
  })
})

describe("a phone that the platform tells of somebody who had none", () => {
  it("stands with them as every door spells it", async () => {
    const external_userid = "wm-mobile"
    const id = await comes({ kind: "external_userid", value: external_userid })
    const mobiles = ["+86 138-0000-9999"]
    await tx(db, (t) => takeProfiles(t, [{ external_userid, mobiles, at: now, origin: "live" }], now))
    expect((await profileOf(db, id, null))?.phone).toBe("13800009999")
  })
})

describe("two who are put up the other way round", () => {
  const [u, p] = [{ kind: "unionid", value: "round" } as const, phone("13800001010")]

  it("are not put up again once somebody said that they are two, nor merged unasked when a platform vouches then", async () => {
    const external: Identity = { kind: "external_userid", value: "wm-round" }
    const [one, two] = [await comes(u), await comes(external, p)]
    await run(
      db,
      "insert into customers_merge_queue (customer_id, other_id, evidence, created_at, decision, decided_at) values ($1, $2, '{}', $3, 'apart', $3)",
      [two, one, now],
    )
    await comes(u, external)
    expect(await mergeCertain(db, [carry], now)).toBe(0)
    expect(await pairsAmong([one, two])).toEqual([])
  })
})
