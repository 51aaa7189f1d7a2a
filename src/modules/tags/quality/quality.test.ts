import { beforeAll, describe, expect, it } from "vitest"
import { dayNumber } from "../../../kernel/day.ts"
import { newId } from "../../../kernel/ids.ts"
import { isRefused } from "../../../kernel/result.ts"
import type { ConditionTree } from "../../../kernel/tree.ts"
import { type Db, oneRow, run, tx } from "../../../platform/db.ts"
import { testDb } from "../../../platform/testkit/index.ts"
import { countAudience, readAudience } from "../../../spine/audiences/index.ts"
import { createRegistry } from "../../../spine/offers/index.ts"
import { enrolCustomers, prepareTraits, publish, readTraits } from "../../../spine/traits/index.ts"
import { offers as customers } from "../../customers/index.ts"
import { beginBulk, beginUndo, workBulk } from "../bulk/run.ts"
import { bulkRows } from "../bulk/store.ts"
import { assign, offers } from "../index.ts"
import { lastQuality } from "./store.ts"
import { takeQuality } from "./take.ts"

let db: Db
const registry = createRegistry([offers, customers])
const now = new Date("2026-11-23T04:00:00Z")
const later = (days: number) => new Date(now.getTime() + days * 86_400_000)
const lead = newId()
const hand = { source: "hand" as const, by: lead, at: now }
const PAYMENT = "0196a000-0000-7000-8000-000000000001"
const tagId = (n: number) => `0196a000-0000-7000-8000-0000000001${String(n).padStart(2, "0")}`
const [INTERESTED, PAID, MUM] = [tagId(2), tagId(3), tagId(6)]
let serial = 0

beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, registry)
})

const people = async (regions: string[], scope_id: string | null = null) => {
  const list = regions.map(() => ({ customer_id: newId(), number: ++serial, scope_id }))
  await tx(db, async (t) => {
    await enrolCustomers(t, list)
    await publish(
      t,
      { "customers.region": list.map(({ customer_id }, i) => ({ customer_id, value: regions[i]! })) },
      now,
    )
  })
  return list.map((c) => c.customer_id)
}
const from = (region: string): ConditionTree => ({
  offer: "customers.region_is",
  version: 1,
  args: { regions: [region] },
})
const worn = async (id: string) =>
  (await readTraits(db, [id], ["tags.all"])).get(id)!["tags.all"]!.value as string[]
const bulk = (tag_id: string, region: string, scope: string[] | null = null, limit?: number) =>
  tx(db, (t) =>
    beginBulk(
      t,
      registry,
      { tag_id, of: "rule", ref: null, tree: from(region) },
      { by: lead, scope },
      now,
      limit,
    ),
  )
const work = async (at = now) => {
  while ((await workBulk(db, registry, at)) > 0);
}

describe("a tag to many at once", () => {
  it("reaches whoever matches and may be seen, and undone puts back exactly what was there", async () => {
    const mine = newId()
    const [a, b, had] = await people(["成都", "成都", "成都"], mine)
    const [theirs] = await people(["成都"], newId())
    await tx(db, (t) => assign(t, [{ customer_id: b!, tag_id: INTERESTED }], hand))
    await tx(db, (t) => assign(t, [{ customer_id: had!, tag_id: PAID }], { ...hand, source: "play" }))
    const begun = await bulk(PAID, "成都", [mine])
    if (isRefused(begun)) throw new Error(begun.refused)
    expect(begun.people).toBe(3)
    await work()
    expect(await Promise.all([a!, b!, had!, theirs!].map(worn))).toEqual([[PAID], [PAID], [PAID], []])
    expect((await bulkRows(db, 1))[0]).toMatchObject({ state: "done", given: 2 })
    expect(await tx(db, (t) => beginUndo(t, begun.id, later(1)))).toEqual({ state: "undoing" })
    await work(later(1))
    expect(await Promise.all([a!, b!, had!].map(worn))).toEqual([[], [INTERESTED], [PAID]])
    expect(
      await oneRow(db, "select source, by_id, assigned_at from tags_assignments where customer_id = $1", [b]),
    ).toEqual({ source: "hand", by_id: lead, assigned_at: now })
    expect(await tx(db, (t) => beginUndo(t, begun.id, later(1)))).toMatchObject({ refused: "not_yet" })
  })

  it("of more people than may be tagged at once is refused with both numbers and tags nobody", async () => {
    const [a] = await people(["重庆", "重庆", "重庆"])
    expect(await bulk(MUM, "重庆", null, 2)).toEqual({
      refused: "too_many_people",
      detail: { people: 3, limit: 2 },
    })
    await work()
    expect(await worn(a!)).toEqual([])
  })

  it("is not undone after its days are over", async () => {
    await people(["贵阳"])
    const begun = (await bulk(MUM, "贵阳")) as { id: string }
    await work()
    expect(await tx(db, (t) => beginUndo(t, begun.id, later(8)))).toMatchObject({ refused: "too_late" })
  })
})

describe("the quality of tags", () => {
  it("says how many lack a required group, wear stale tags and contradict themselves, each with the rule that finds them", async () => {
    await run(db, "update tags_groups set required = true where id = $1", [PAYMENT])
    const [fresh, old, doubled] = await people(["昆明", "昆明", "昆明"])
    const at = later(400)
    await tx(db, (t) => assign(t, [{ customer_id: fresh!, tag_id: MUM }], { ...hand, at }))
    await tx(db, (t) => assign(t, [{ customer_id: old!, tag_id: MUM }], { ...hand, at: later(219) }))
    await tx(db, (t) => assign(t, [{ customer_id: doubled!, tag_id: PAID }], { ...hand, at }))
    // As a channel or an import of a version before might have left it.
    await run(
      db,
      "insert into tags_assignments (customer_id, tag_id, source, assigned_at) values ($1, $2, 'wecom', $3)",
      [doubled, INTERESTED, at],
    )
    expect(await takeQuality(db, registry, at)).toBe(1)
    expect(await takeQuality(db, registry, at)).toBe(0)
    const { body } = (await lastQuality(db))!
    const count = async (rule: ConditionTree) => {
      const audience = await readAudience(db, registry, rule, { day: dayNumber(at) })
      if (isRefused(audience)) throw new Error(audience.refused)
      return countAudience(db, audience)
    }
    const payment = body.coverage.find((c) => c.group_id === PAYMENT)!
    expect(payment.covered + payment.people!).toBe(body.people)
    expect(await count(payment.rule)).toBe(payment.people)
    expect(await count(body.stale.rule)).toBe(body.stale.people)
    expect(body.stale).toMatchObject({ days: 180 })
    expect(body.contradictions.map((c) => [c.code, c.people])).toEqual([
      ["two_exclusive", 1],
      // here nobody offers orders: what cannot be counted says so
      ["paid_without_order", null],
      ["repeat_without_second_order", null],
    ])
    expect(body.wearers[MUM]).toBeGreaterThanOrEqual(2)
  })

  it("a tag is stale from the day after its days, and given again it is not", async () => {
    const [a] = await people(["银川"])
    const stale = async (day: number) => {
      const rule = { all: [from("银川"), { offer: "tags.stale", version: 1, args: { days: 180 } }] }
      const audience = await readAudience(db, registry, rule, { day: dayNumber(later(day)) })
      if (isRefused(audience)) throw new Error(audience.refused)
      return countAudience(db, audience)
    }
    await tx(db, (t) => assign(t, [{ customer_id: a!, tag_id: MUM }], hand))
    expect([await stale(180), await stale(181)]).toEqual([0, 1])
    await tx(db, (t) => assign(t, [{ customer_id: a!, tag_id: MUM }], { ...hand, at: later(100) }))
    expect(await stale(181)).toBe(0)
  })
})
