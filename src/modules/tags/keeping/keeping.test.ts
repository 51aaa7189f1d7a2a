import { beforeAll, describe, expect, it } from "vitest"
import { dayNumber } from "../../../kernel/day.ts"
import { newId } from "../../../kernel/ids.ts"
import { isRefused, refuse } from "../../../kernel/result.ts"
import type { ConditionTree } from "../../../kernel/tree.ts"
import { type Db, oneRow, rows, tx } from "../../../platform/db.ts"
import { testDb, until } from "../../../platform/testkit/index.ts"
import { readAudience } from "../../../spine/audiences/index.ts"
import { createRegistry } from "../../../spine/offers/index.ts"
import { enrolCustomers, prepareTraits, publish, readTraits } from "../../../spine/traits/index.ts"
import { offers as accounts } from "../../accounts/index.ts"
import { offers as customers } from "../../customers/index.ts"
import { assign, offers } from "../index.ts"
import { lockCustomers } from "../store.ts"
import { insertTags } from "../store-taxonomy.ts"
import { decide, propose } from "../taxonomy.ts"
import { makeRule } from "./commands.ts"
import { livingRules, removeRule, setRunning } from "./store.ts"
import { keepTags } from "./sync.ts"

let db: Db
const orders = {
  module: "orders",
  traits: [{ name: "orders.first_day", kind: "day" as const, label: { zh: "首单", en: "First" } }],
}
const registry = createRegistry([offers, customers, accounts, orders])
const now = new Date("2026-11-23T04:00:00Z")
const lead = newId()
const segments = new Map<string, ConditionTree>()
const deps = {
  registry: () => registry,
  segment: async (q: Db | Parameters<Parameters<typeof tx>[1]>[0], id: string, at: Date) =>
    segments.has(id)
      ? readAudience(q, registry, segments.get(id), { day: dayNumber(at) })
      : refuse("not_found"),
}
let serial = 0

beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, registry)
})

const PERSONA = "0196a000-0000-7000-8000-000000000002"
const PAYMENT = "0196a000-0000-7000-8000-000000000001"
const people = async (regions: string[]) => {
  const list = regions.map(() => ({ customer_id: newId(), number: ++serial, scope_id: null }))
  await tx(db, (t) => enrolCustomers(t, list))
  await region(
    list.map((c) => c.customer_id),
    regions,
  )
  return list.map((c) => c.customer_id)
}
const region = (ids: string[], values: (string | null)[]) =>
  tx(db, (t) =>
    publish(
      t,
      { "customers.region": ids.map((customer_id, i) => ({ customer_id, value: values[i]! })) },
      now,
    ),
  )
const newTag = async (name: string, group_id = PERSONA) => {
  const id = newId()
  await tx(db, (t) =>
    insertTags(
      t,
      [
        {
          id,
          group_id,
          name,
          definition: "x",
          example: "x",
          position: 99,
          channel_ref: null,
          from_channel: false,
        },
      ],
      now,
    ),
  )
  return id
}
const from = (...regions: string[]): ConditionTree => ({
  offer: "customers.region_is",
  version: 1,
  args: { regions },
})
const has = (tag_id: string): ConditionTree => ({ offer: "tags.has", version: 1, args: { tag_id } })
const make = (tag_id: string, rule: ConditionTree | null, segment_id: string | null = null) =>
  tx(db, (t) => makeRule(t, deps, { name: "规则", tag_id, rule, segment_id }, lead, now))
const keep = (at = now) => keepTags(db, deps, at)
const worn = async (id: string) =>
  new Set((await readTraits(db, [id], ["tags.all"])).get(id)!["tags.all"]!.value as string[])
const table = async (id: string) =>
  rows<{ tag_id: string; source: string }>(
    db,
    "select tag_id, source from tags_assignments where customer_id = $1 order by tag_id",
    [id],
  )
const told = async (id: string) =>
  (
    await rows<{ type: string; origin: string; tag: string }>(
      db,
      "select type, origin, payload->>'tag_id' as tag from facts where subject = $1 order by tx, id",
      [id],
    )
  ).map((f) => `${f.type} ${f.origin} ${f.tag}`)

describe("a rule that keeps a tag", () => {
  it("gives it to who matches already without news, follows who comes and goes, and tells each once", async () => {
    const tag = await newTag("沪客")
    const [a, b] = await people(["上海", "苏州"])
    await make(tag, from("上海"))
    await keep()
    expect([await worn(a!), await worn(b!)]).toEqual([new Set([tag]), new Set()])
    await region([a!, b!], ["苏州", "上海"])
    await keep()
    await keep()
    expect([await worn(a!), await worn(b!)]).toEqual([new Set(), new Set([tag])])
    expect(await table(b!)).toEqual([{ tag_id: tag, source: "rule" }])
    expect(await told(a!)).toEqual([`tag.assigned h ${tag}`, `tag.removed l ${tag}`])
    expect(await told(b!)).toEqual([`tag.assigned l ${tag}`])
  })

  it("never takes what a person gave, before the rule or after it", async () => {
    const tag = await newTag("粤客")
    const [before, after] = await people(["广州", "广州"])
    const hand = (customer_id: string) =>
      tx(db, (t) => assign(t, [{ customer_id, tag_id: tag }], { source: "hand", by: lead, at: now }))
    await hand(before!)
    await make(tag, from("广州"))
    await keep()
    await hand(after!)
    await region([before!, after!], ["深圳", "深圳"])
    await keep()
    for (const id of [before!, after!]) {
      expect(await worn(id)).toEqual(new Set([tag]))
      expect(await table(id)).toEqual([{ tag_id: tag, source: "hand" }])
    }
  })

  it("goes on where somebody gives the tag while the rule is at it: the tag is theirs, and told once", async () => {
    const tag = await newTag("正在打")
    const [a, b] = await people(["大理", "大理"])
    await make(tag, from("大理"))
    let go: () => void = () => undefined
    const end = new Promise<void>((ended) => (go = ended))
    let held = false
    const hand = tx(db, async (t) => {
      await lockCustomers(t, [a!], now)
      held = true
      await end
      await assign(t, [{ customer_id: a!, tag_id: tag }], { source: "hand", by: lead, at: now })
    })
    await until(() => held)
    const kept = keep()
    await until(
      async () =>
        (
          await oneRow<{ n: number }>(
            db,
            "select count(*) as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
          )
        ).n === 1,
    )
    go()
    await Promise.all([hand, kept])
    expect([(await table(a!))[0]!.source, (await table(b!))[0]!.source]).toEqual(["hand", "rule"])
    expect([await worn(a!), await worn(b!)]).toEqual([new Set([tag]), new Set([tag])])
    expect(await told(a!)).toEqual([`tag.assigned l ${tag}`])
    expect(await told(b!)).toEqual([`tag.assigned h ${tag}`])
  })

  it("takes no place of a tag of an exclusive group, and of two rules the earlier has its way", async () => {
    const [one, two] = [await newTag("甲档", PAYMENT), await newTag("乙档", PAYMENT)]
    const [free, held] = await people(["宁波", "宁波"])
    const paid = (await oneRow<{ id: string }>(db, "select id from tags_tags where name = '付费'")).id
    await tx(db, (t) =>
      assign(t, [{ customer_id: held!, tag_id: paid }], { source: "hand", by: lead, at: now }),
    )
    await make(one, from("宁波", "温州"))
    await make(two, from("宁波"))
    await keep()
    expect(await worn(held!)).toEqual(new Set([paid]))
    expect(await worn(free!)).toEqual(new Set([one]))
    await keep(new Date(now.getTime() + 86_400_000))
    expect(await worn(free!)).toEqual(new Set([one]))
  })

  it("of a segment follows the segment's rule when that is changed", async () => {
    const tag = await newTag("北客")
    const [a, b] = await people(["北京", "天津"])
    const id = newId()
    segments.set(id, from("北京"))
    await make(tag, null, id)
    await keep()
    expect([(await worn(a!)).has(tag), (await worn(b!)).has(tag)]).toEqual([true, false])
    segments.set(id, from("天津"))
    await keep()
    expect([(await worn(a!)).has(tag), (await worn(b!)).has(tag)]).toEqual([false, true])
    expect(await make(tag, null, newId())).toMatchObject({ refused: "segment_unknown" })
  })

  it("removed takes back what it gave, or leaves it, as it was asked", async () => {
    const [kept, back] = [await newTag("留"), await newTag("收")]
    const [a] = await people(["海口"])
    const ids = [await make(kept, from("海口")), await make(back, from("海口"))].map(
      (r) => (r as { id: string }).id,
    )
    await keep()
    expect(await worn(a!)).toEqual(new Set([kept, back]))
    await tx(db, (t) => removeRule(t, ids[0]!, false, now))
    await tx(db, (t) => removeRule(t, ids[1]!, true, now))
    await keep()
    expect(await worn(a!)).toEqual(new Set([kept]))
  })

  it("of a tag that is retired goes on with the one that takes its place", async () => {
    const [old, next] = [await newTag("旧名"), await newTag("新名")]
    const [a] = await people(["大连"])
    await make(old, from("大连"))
    await keep()
    const change = { kind: "retire_tag", tag_id: old, replaced_by: next } as const
    const p = (await tx(db, (t) => propose(t, change, "", lead, now))) as { id: string }
    await tx(db, (t) => decide(t, p.id, { accept: true, note: "" }, lead, now))
    await keep()
    expect(await worn(a!)).toEqual(new Set([next]))
    await region([a!], ["沈阳"])
    await keep()
    expect(await worn(a!)).toEqual(new Set())
  })
})

describe("a rule that asks for its own tag", () => {
  it("is refused with the way round, by itself, by another rule, and by asking for any tag at all", async () => {
    const [a, b] = [await newTag("环甲"), await newTag("环乙")]
    expect(await make(a, has(a))).toMatchObject({
      refused: "rule_circle",
      detail: { path: ["环甲", "环甲"] },
    })
    expect(isRefused(await make(b, has(a)))).toBe(false)
    expect(await make(a, { not: has(b) })).toMatchObject({
      refused: "rule_circle",
      field: "rule",
      detail: { path: ["环甲", "环乙", "环甲"] },
    })
    expect(await make(a, { not: { offer: "tags.tagged", version: 1, args: {} } })).toMatchObject({
      refused: "rule_circle",
    })
    expect(await make(b, from("任何"))).toMatchObject({ refused: "rule_taken" })
  })

  it("and one that comes to it by a change of its segment stands still and says so", async () => {
    const tag = await newTag("自指")
    const id = newId()
    segments.set(id, from("拉萨"))
    await make(tag, null, id)
    segments.set(id, has(tag))
    await keep()
    const rule = (await livingRules(db)).find((r) => r.tag_id === tag)!
    expect(rule.broken).toMatchObject({ code: "rule_circle" })
  })
})

describe("tags by value", () => {
  it("one a month is made when the month first comes, and moves with the value", async () => {
    const rule = (await livingRules(db)).find((r) => r.name === "加友月份")!
    await tx(db, (t) => setRunning(t, rule.id, true))
    const [a] = await people(["南京"])
    const since = (day: string) =>
      tx(db, (t) =>
        publish(
          t,
          {
            "customers.friend_since_day": [
              { customer_id: a!, value: dayNumber(new Date(`${day}T04:00:00Z`)) },
            ],
          },
          now,
        ),
      )
    await since("2026-10-31")
    await keep()
    const named = async () =>
      (
        await rows<{ name: string }>(
          db,
          "select t.name from tags_assignments a join tags_tags t on t.id = a.tag_id where customer_id = $1",
          [a],
        )
      ).map((r) => r.name)
    expect(await named()).toEqual(["2026-10"])
    await since("2026-11-01")
    await keep()
    expect(await named()).toEqual(["2026-11"])
  })
})
