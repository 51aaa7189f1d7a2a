import fc from "fast-check"
import { beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../kernel/ids.ts"
import { isRefused } from "../../kernel/result.ts"
import { type Db, oneRow, rows, tx } from "../../platform/db.ts"
import { testDb, until } from "../../platform/testkit/index.ts"
import { countAudience, readAudience, sentence } from "../../spine/audiences/index.ts"
import { createRegistry } from "../../spine/offers/index.ts"
import { enrolCustomers, prepareTraits, readTraits } from "../../spine/traits/index.ts"
import type { Change } from "./contract.ts"
import { assign, knownTags, offers, remove, syncTags, takeWorn } from "./index.ts"
import { LOCKED_PLAINLY_FROM } from "./limits.ts"
import { currentTag, settle, type Tag } from "./rules.ts"
import { lockCustomers } from "./store.ts"
import { decide, propose } from "./taxonomy.ts"

let db: Db
const registry = createRegistry([offers])
const now = new Date("2026-11-23T04:00:00Z")
const lead = newId()
const hand = { source: "hand" as const, by: lead, at: now }
let serial = 0

beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, registry)
})

const customers = async (n: number) => {
  const list = Array.from({ length: n }, () => ({ customer_id: newId(), number: ++serial, scope_id: null }))
  await tx(db, (t) => enrolCustomers(t, list))
  return list.map((c) => c.customer_id)
}
const tagNamed = async (name: string) =>
  (
    await oneRow<{ id: string }>(db, "select id from tags_tags where name = $1 and retired_at is null", [
      name,
    ])
  ).id
const traitOf = async (id: string) => (await readTraits(db, [id], ["tags.all"])).get(id)!["tags.all"]!.value
const factsOf = async (id: string) =>
  (
    await rows<{ type: string; payload: { tag_id: string } }>(
      db,
      "select type, payload from facts where subject = $1 order by tx, id",
      [id],
    )
  ).map((f) => [f.type, f.payload.tag_id])
const WAITING = `select count(*) as n from pg_stat_activity
  where datname = current_database() and wait_event_type = 'Lock'`
const change = async (body: Change) => {
  const proposed = await tx(db, (t) => propose(t, body, "", lead, now))
  if (isRefused(proposed)) return proposed
  return tx(db, (t) => decide(t, proposed.id, { accept: true, note: "" }, lead, now))
}

describe("giving and taking tags", () => {
  it("a tag given twice is there once and told once, and the trait follows", async () => {
    const [a] = await customers(1)
    const mum = await tagNamed("宝妈")
    for (let i = 0; i < 2; i++) await tx(db, (t) => assign(t, [{ customer_id: a!, tag_id: mum }], hand))
    expect(await traitOf(a!)).toEqual([mum])
    await tx(db, (t) => remove(t, [{ customer_id: a!, tag_id: mum }], hand))
    await tx(db, (t) => remove(t, [{ customer_id: a!, tag_id: mum }], hand))
    expect(await traitOf(a!)).toEqual([])
    expect(await factsOf(a!)).toEqual([
      ["tag.assigned", mum],
      ["tag.removed", mum],
    ])
  })

  it("of an exclusive group nobody ever has two tags, whatever comes at once", async () => {
    const ids = await customers(20)
    const tags = await Promise.all(["普通", "意向", "付费", "复购", "代理"].map(tagNamed))
    await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        tx(db, (t) =>
          assign(
            t,
            (i % 2 === 0 ? ids : [...ids].reverse()).map((customer_id, k) => ({
              customer_id,
              tag_id: tags[(i + k) % 5]!,
            })),
            hand,
          ),
        ),
      ),
    )
    for (const id of ids) expect(await traitOf(id)).toHaveLength(1)
  })

  it("of thousands who are held at once each is held, whether somebody tagged them before or not", async () => {
    const ids = await customers(LOCKED_PLAINLY_FROM + 1)
    const [known, fresh] = [ids.at(-1)!, ids[0]!]
    for (const before of [[], [known]]) {
      await tx(db, (t) => lockCustomers(t, before, now))
      let go: () => void = () => undefined
      const end = new Promise<void>((ended) => (go = ended))
      let held = false
      const first = tx(db, async (t) => {
        await lockCustomers(t, ids, now)
        held = true
        await end
      })
      await until(() => held)
      const others = [known, fresh].map((id) => tx(db, (t) => lockCustomers(t, [id], now)))
      await until(async () => (await oneRow<{ n: number }>(db, WAITING)).n === others.length)
      go()
      await Promise.all([first, ...others])
      await db.query("delete from tags_customers where customer_id = any($1::uuid[])", [ids])
    }
  })

  it("a tag that does not exist is told and stops nothing else", async () => {
    const [a] = await customers(1)
    const [mum, gone] = [await tagNamed("宝妈"), newId()]
    const answer = await tx(db, (t) =>
      assign(
        t,
        [mum, gone].map((tag_id) => ({ customer_id: a!, tag_id })),
        hand,
      ),
    )
    expect(answer).toEqual({ assigned: [{ customer_id: a, tag_id: mum }], unknown: [gone] })
    expect(await knownTags(db, [mum, gone])).toEqual([mum])
  })
})

describe("changing the taxonomy", () => {
  it("a retired tag maps to another: who had it has the other, rules and later asks too", async () => {
    const [a] = await customers(1)
    const [old, next] = [await tagNamed("求职者"), await tagNamed("操盘手")]
    await tx(db, (t) => assign(t, [{ customer_id: a!, tag_id: old }], hand))
    expect(await change({ kind: "retire_tag", tag_id: old, replaced_by: next })).toMatchObject({
      applied: true,
    })
    expect(await traitOf(a!)).toEqual([next])
    const rule = { offer: "tags.has", version: 1, args: { tag_id: old } }
    const audience = await readAudience(db, registry, rule, { day: 20_000 })
    if (isRefused(audience)) throw new Error(audience.refused)
    expect(sentence(registry, audience.tree, audience.names, "zh")).toBe("有标签「操盘手」")
    expect(await countAudience(db, audience)).toBe(1)
    const [b] = await customers(1)
    await tx(db, (t) => assign(t, [{ customer_id: b!, tag_id: old }], hand))
    expect(await traitOf(b!)).toEqual([next])
  })

  it("a tag retired to nothing leaves everyone, and a rule that names it is broken", async () => {
    const [a] = await customers(1)
    const tag = await tagNamed("企业主")
    await tx(db, (t) => assign(t, [{ customer_id: a!, tag_id: tag }], hand))
    await change({ kind: "retire_tag", tag_id: tag, replaced_by: null })
    expect(await traitOf(a!)).toEqual([])
    const rule = { not: { offer: "tags.has", version: 1, args: { tag_id: tag } } }
    expect(await readAudience(db, registry, rule, { day: 20_000 })).toMatchObject({
      refused: "condition_broken",
      field: "not",
    })
  })

  it("a name taken, an unknown tag or group, and a second decision are refused", async () => {
    const group_id = "0196a000-0000-7000-8000-000000000002"
    const add = { kind: "add_tag", group_id, name: "宝妈", definition: "x", example: "" } as const
    expect(await change(add)).toMatchObject({ refused: "name_taken" })
    expect(await change({ ...add, group_id: newId() })).toMatchObject({ refused: "group_unknown" })
    expect(await change({ kind: "rename_tag", tag_id: newId(), name: "x" })).toMatchObject({
      refused: "tag_unknown",
    })
    const ok = await tx(db, (t) => propose(t, { ...add, name: "奶爸" }, "", lead, now))
    const id = (ok as { id: string }).id
    const twice = await Promise.all(
      [true, false].map((accept) => tx(db, (t) => decide(t, id, { accept, note: "" }, lead, now))),
    )
    expect(twice.filter((answer) => isRefused(answer))).toEqual([{ refused: "already_decided" }])
  })
})

describe("tags of the channel", () => {
  const catalogue = (tags: [string, string][]) => [
    {
      group_ref: "g1",
      name: "人群画像",
      order: 1,
      tags: tags.map(([tag_ref, name], order) => ({ tag_ref, name, order })),
    },
  ]

  it("a tag of the same name is ours; another comes in and goes with the channel; twice changes nothing", async () => {
    const [a] = await customers(1)
    const mum = await tagNamed("宝妈")
    for (let i = 0; i < 2; i++)
      await tx(db, (t) =>
        syncTags(
          t,
          catalogue([
            ["w1", "宝妈"],
            ["w2", "学生"],
          ]),
          now,
        ),
      )
    expect(await tagNamed("宝妈")).toBe(mum)
    const student = await tagNamed("学生")
    const worn = (tag_refs: string[]) =>
      tx(db, (t) => takeWorn(t, [{ customer_id: a!, tag_refs, at: now, origin: "history" }]))
    const ip = await tagNamed("IP")
    await tx(db, (t) => assign(t, [{ customer_id: a!, tag_id: ip }], hand))
    await worn(["w1", "w2", "unknown"])
    expect(new Set((await traitOf(a!)) as string[])).toEqual(new Set([mum, student, ip]))
    await worn(["w2"])
    expect(new Set((await traitOf(a!)) as string[])).toEqual(new Set([student, ip]))
    await tx(db, (t) => syncTags(t, catalogue([["w2", "大学生"]]), now))
    expect(await tagNamed("大学生")).toBe(student)
    await tx(db, (t) => syncTags(t, catalogue([]), now))
    expect(await traitOf(a!)).toEqual([ip])
    expect(await knownTags(db, [mum, student])).toEqual([mum])
  })
})

describe("rules", () => {
  it("mappings are followed to their end and a circle leads nowhere", () => {
    const tag = (id: string, replaced_by: string | null, retired = true): [string, Tag] => [
      id,
      { id, group_id: "g", exclusive: false, retired, replaced_by },
    ]
    const tags = new Map([tag("a", "b"), tag("b", "c"), tag("c", null, false), tag("x", "y"), tag("y", "x")])
    expect(currentTag(tags, "a")?.id).toBe("c")
    expect(currentTag(tags, "x")).toBeNull()
    expect(currentTag(tags, "nobody")).toBeNull()
  })

  it("of any asks, each customer is left with one tag of an exclusive group: the last one asked", () => {
    const tags = new Map<string, Tag>(
      ["p", "q", "r"].map((id) => [
        id,
        { id, group_id: "g", exclusive: true, retired: false, replaced_by: null },
      ]),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom("1", "2"), fc.constantFrom("p", "q", "r"))), (list) => {
        const asks = list.map(([customer_id, tag_id]) => ({ customer_id, tag_id }))
        for (const customer_id of ["1", "2"]) {
          const last = asks.findLast((a) => a.customer_id === customer_id)?.tag_id
          const settled = settle(tags, asks).assign.filter((a) => a.customer_id === customer_id)
          expect(settled.map((a) => a.tag_id)).toEqual(last ? [last] : [])
        }
      }),
    )
  })
})
