import { beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../../kernel/ids.ts"
import { type Db, oneRow, rows, run, tx } from "../../../platform/db.ts"
import { testDb } from "../../../platform/testkit/index.ts"
import { createRegistry } from "../../../spine/offers/index.ts"
import { prepareTraits, readTraits } from "../../../spine/traits/index.ts"
import { ensureCustomers } from "../ensure.ts"
import { offers } from "../offers.ts"
import type { Identity } from "../rules.ts"
import { profileOf } from "../store.ts"
import { carry, mergeCertain, mergeCustomers } from "./merge.ts"
import { openPairs } from "./store.ts"

const now = new Date("2026-11-23T04:00:00Z")
const day = (n: number) => new Date(now.getTime() + n * 86_400_000)
let db: Db
beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, createRegistry([offers]))
})

let made = 0
type Told = Record<string, unknown>
async function somebody(told: Told = {}, ...identities: Identity[]): Promise<string> {
  const known = identities.length > 0 ? identities : [{ kind: "unionid" as const, value: `m${++made}` }]
  const [id] = await tx(db, (t) => ensureCustomers(t, [{ identities: known, seen_at: now }], now))
  for (const [column, value] of Object.entries(told))
    await run(db, `update customers_customers set ${column} = $2 where id = $1`, [id, value])
  return id!
}
const merge = (from: string, into: string) =>
  tx(db, (t) => mergeCustomers(t, [carry], { from, into }, null, now))
async function afterwards(goes: Told, stays: Told) {
  const [from, into] = [await somebody(goes), await somebody(stays)]
  await merge(from, into)
  return oneRow<Told>(db, "select * from customers_customers where id = $1", [into])
}

describe("what is known of two who become one", () => {
  it("that either asked not to be written to holds, whichever stays and however long ago: nobody is written to again", async () => {
    expect((await afterwards({ opted_out_at: day(-9) }, {})).opted_out_at).toEqual(day(-9))
    expect((await afterwards({}, { opted_out_at: day(-9) })).opted_out_at).toEqual(day(-9))
    const both = await afterwards({ opted_out_at: day(-9) }, { opted_out_at: day(-2) })
    expect(both.opted_out_at).toEqual(day(-9))
    expect(
      (await readTraits(db, [String(both.id)])).get(String(both.id))?.["customers.opted_out"]?.value,
    ).toBe(true)
  })

  it("they were first met when either was, and what the one who stays told of themselves is not overwritten", async () => {
    const goes = {
      name: "小禾妈妈",
      name_pinyin: "xiaohemama",
      name_initials: "xhmm",
      region: "上海",
      gender: 2,
    }
    const met = { first_contact_at: day(-300), source_code: "poster" }
    expect(await afterwards({ ...goes, ...met }, { first_contact_at: day(-3) })).toMatchObject({
      ...goes,
      ...met,
    })
    const stays = {
      name: "沈晚晴",
      name_pinyin: "shenwanqing",
      region: "杭州",
      gender: 1,
      source_code: "video",
    }
    expect(await afterwards({ ...goes, ...met }, { ...stays, first_contact_at: day(-3) })).toMatchObject({
      ...stays,
      first_contact_at: day(-300),
    })
    expect(await afterwards({ first_contact_at: day(-3) }, met)).toMatchObject(met)
  })

  it("who had nobody is looked after by the other's colleague, who sees them from then on; who had somebody keeps them", async () => {
    const [mine, theirs] = [newId(), newId()]
    const alone = await afterwards({ owner_staff_id: mine }, {})
    expect(await profileOf(db, String(alone.id), [mine])).toBeDefined()
    expect(
      (
        await oneRow<{ scope_id: string }>(
          db,
          "select scope_id from traits_customers where customer_id = $1",
          [alone.id],
        )
      ).scope_id,
    ).toBe(mine)
    const kept = await afterwards({ owner_staff_id: mine }, { owner_staff_id: theirs })
    expect(await profileOf(db, String(kept.id), [mine])).toBeUndefined()
  })
})

describe("friendships of both with one account", () => {
  const account = newId()
  const friend = (customer_id: string, added: number, removed: number | null) =>
    run(
      db,
      `insert into customers_contacts (customer_id, account_id, external_userid, added_at, removed_at, removed_by)
       values ($1::uuid, $2, 'wm' || $1::uuid::text, $3, $4, $5)`,
      [
        customer_id,
        account,
        day(added),
        removed === null ? null : day(removed),
        removed === null ? null : "customer",
      ],
    )
  type Friendship = [added: number, removed: number | null]
  async function left(goes: Friendship, stays: Friendship) {
    const [from, into] = [await somebody(), await somebody()]
    await friend(from, ...goes)
    await friend(into, ...stays)
    await merge(from, into)
    return rows(db, "select added_at, removed_at from customers_contacts where customer_id = any($1)", [
      [from, into],
    ])
  }

  it("leave the one that is on, also where it is the older: a friend is not lost", async () => {
    expect(await left([-50, null], [-20, -10])).toEqual([{ added_at: day(-50), removed_at: null }])
    expect(await left([-20, -10], [-50, null])).toEqual([{ added_at: day(-50), removed_at: null }])
  })

  it("leave the later of two that are over", async () => {
    expect(await left([-20, -10], [-50, -40])).toEqual([{ added_at: day(-20), removed_at: day(-10) }])
    expect(await left([-50, -40], [-20, -10])).toEqual([{ added_at: day(-20), removed_at: day(-10) }])
  })
})

describe("pairs that wait for somebody", () => {
  const phone = (value: string): Identity => ({ kind: "phone", value })
  const union = (value: string): Identity => ({ kind: "unionid", value })
  const external = (value: string): Identity => ({ kind: "external_userid", value })
  const pairsOf = async (id: string) =>
    (await openPairs(db, null, null, 100)).filter((p) => p.customer_id === id || p.other_id === id)

  it("with somebody who became part of another are pairs with that other; the pair itself waits no more", async () => {
    const [one, two] = [await somebody({}, union("p1")), await somebody({}, phone("13900000001"))]
    const three = await somebody({}, union("p3"))
    await somebody({}, union("p1"), phone("13900000001"))
    await somebody({}, union("p3"), phone("13900000001"))
    expect(await pairsOf(two)).toHaveLength(2)
    await merge(two, one)
    expect((await pairsOf(one)).map((p) => [p.customer_id, p.other_id])).toEqual([[three, one]])
    expect(await pairsOf(two)).toEqual([])
  })

  it("are shown only to who may see both: a colleague's customer is not given away by a shared phone", async () => {
    const [mine, theirs] = [newId(), newId()]
    const one = await somebody({ owner_staff_id: mine }, union("s1"))
    await somebody({ owner_staff_id: theirs }, phone("13900000002"))
    await somebody({}, union("s1"), phone("13900000002"))
    expect(await openPairs(db, [mine], null, 100)).toEqual([])
    expect((await openPairs(db, [mine, theirs], null, 100)).map((p) => p.customer_id)).toEqual([one])
  })

  it("of two whom the platform itself knows as two are merged by nobody unasked, whatever account they share", async () => {
    const [one, two] = [await somebody({}, union("c1")), await somebody({}, union("c2"), external("wm-c"))]
    await somebody({}, union("c1"), external("wm-c"))
    await mergeCertain(db, [carry], now)
    expect((await profileOf(db, two, null))?.id).toBe(two)
    expect(await pairsOf(one)).toHaveLength(1)
  })
})
