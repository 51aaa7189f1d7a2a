import fc from "fast-check"
import type { FastifyInstance } from "fastify"
import { beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../../kernel/ids.ts"
import { type ConditionTree, leavesOf, parseTree, TREE_MAX_DEPTH } from "../../../kernel/tree.ts"
import { type Db, oneRow, tx } from "../../../platform/db.ts"
import { type Actor, createHttp } from "../../../platform/http/index.ts"
import { testDb } from "../../../platform/testkit/index.ts"
import { createRegistry } from "../../../spine/offers/index.ts"
import { prepareTraits, publish, rescopeCustomers } from "../../../spine/traits/index.ts"
import * as customers from "../../customers/index.ts"
import * as orders from "../../orders/index.ts"
import * as tags from "../../tags/index.ts"
import * as segments from "../index.ts"
import { PARTS, type Part, partRule } from "./rules.ts"

const now = new Date("2026-11-23T04:00:00Z")
const registry = createRegistry([customers.offers, tags.offers, orders.offers, segments.offers])
const [lead, operator] = [newId(), newId()]
const actors: Record<string, Actor> = {
  lead: { kind: "staff", staff_id: lead, name: "lead", role: "lead", can: () => true, scope: null },
  operator: {
    ...{ kind: "staff", staff_id: operator, name: "operator", role: "operator" },
    ...{ can: () => true, scope: [operator] },
  },
}
let db: Db
let app: FastifyInstance
let mums: string
let buyers: string

const leaf = (offer: string, args: Record<string, unknown> = {}): ConditionTree => ({
  offer,
  version: 1,
  args,
})
async function call(who: string, method: "GET" | "POST" | "DELETE", url: string, payload?: object) {
  const answer = await app.inject({
    method,
    url,
    headers: { authorization: `Bearer ${who}` },
    ...(payload ? { payload } : {}),
  })
  return { status: answer.statusCode, body: answer.json() }
}
const save = async (name: string, rule: ConditionTree, frozen = false) =>
  (await call("lead", "POST", "/api/segments", { name, rule, frozen })).body.id as string
const compare = (a: string, b: string, who = "lead") =>
  call(who, "GET", `/api/segments/compare?a=${a}&b=${b}`)
type Parts = Record<Part, { people: number; rule: ConditionTree | null; refused: string | null }>
const people = (body: { parts: Parts }) => PARTS.map((part) => body.parts[part].people)
const count = async (rule: ConditionTree, who = "lead") =>
  (await call(who, "POST", "/api/segments/preview", { rule, sample: 0 })).body.count

beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, registry)
  app = await createHttp({
    db,
    clock: { now: () => now },
    routes: segments.routes(() => registry),
    resolveActor: async ({ bearer }) => actors[bearer ?? ""] ?? null,
  })
  const { id: mum } = await oneRow<{ id: string }>(db, "select id from tags_tags where name = '宝妈'")
  const ids = await tx(db, (t) =>
    customers.ensureCustomers(
      t,
      Array.from({ length: 10 }, (_, i) => ({
        identities: [{ kind: "phone" as const, value: `1380000${String(i).padStart(4, "0")}` }],
        name: `客户${i}`,
        seen_at: now,
      })),
      now,
    ),
  )
  await tx(db, async (t) => {
    await rescopeCustomers(
      t,
      ids.slice(3, 6).map((customer_id) => ({ customer_id, scope_id: operator })),
    )
    await tags.assign(
      t,
      ids.slice(0, 5).map((customer_id) => ({ customer_id, tag_id: mum })),
      { source: "hand", by: lead, at: now },
    )
    await publish(
      t,
      { "orders.count": ids.slice(3, 9).map((customer_id) => ({ customer_id, value: 2 })) },
      now,
    )
  })
  mums = await save("宝妈", leaf("tags.has", { tag_id: mum }))
  buyers = await save("买过两次", leaf("orders.count", { min: 2 }))
})

describe("two segments side by side", () => {
  it("says how many are only in one, in both, only in the other; each part is a rule that finds just those", async () => {
    const { body } = await compare(mums, buyers)
    expect(people(body)).toEqual([3, 2, 4])
    expect([body.a.name, body.b.name]).toEqual(["宝妈", "买过两次"])
    for (const part of PARTS) expect(await count(body.parts[part].rule), part).toBe(body.parts[part].people)
    expect(body.parts.only_a.sentence.zh).toContain("有标签「宝妈」")
  })

  it("counts only those whom one may see", async () => {
    const { body } = await compare(mums, buyers, "operator")
    expect(people(body)).toEqual([0, 2, 1])
    for (const part of PARTS)
      expect(await count(body.parts[part].rule, "operator"), part).toBe(body.parts[part].people)
  })

  it("a frozen one is compared by the people on its list, also with the rule that it was made from", async () => {
    const list = await save("存下的宝妈", (await read(mums)).rule, true)
    const { body } = await compare(mums, list)
    expect(people(body)).toEqual([0, 5, 0])
    expect(body.parts.both.rule.all).toContainEqual(leaf("segments.listed", { segment_id: list }))
  })

  it("people of whom a rule knows nothing are outside of it, not lost between the two", async () => {
    const asked = await save("没买过两次", { not: leaf("orders.count", { min: 2 }) })
    const { body } = await compare(asked, buyers)
    expect(people(body)).toEqual([4, 0, 6])
  })

  it("refuses one and the same, and one that is gone, with the place", async () => {
    const same = await compare(mums, mums)
    expect([same.status, same.body.code, same.body.field]).toEqual([400, "same_segment", "b"])
    const gone = await compare(newId(), mums)
    expect([gone.status, gone.body.code, gone.body.field]).toEqual([404, "segment_unknown", "a"])
  })

  it("two rules that together are nested too deeply are counted all the same, and it is said why there is no rule", async () => {
    let deep = leaf("orders.count", { min: 1 })
    for (let i = 1; i < TREE_MAX_DEPTH; i++) deep = i % 2 ? { all: [deep] } : { any: [deep] }
    const { body } = await compare(mums, await save("很深", deep))
    expect(people(body)).toEqual([3, 2, 4])
    expect(body.parts.only_a).toMatchObject({ rule: null, refused: "tree_too_deep" })
    expect(body.parts.both.rule).not.toBeNull()
  })
})

const read = async (id: string) => (await call("lead", "GET", `/api/segments/${id}`)).body

describe("the rule of a part", () => {
  const tree = fc.letrec<{ tree: ConditionTree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      fc.nat(3).map((n) => leaf(`offer${n}`)),
      fc.array(tie("tree"), { maxLength: 3 }).map((all) => ({ all })),
      fc.array(tie("tree"), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
      tie("tree").map((not) => ({ not })),
    ),
  })).tree
  const holds = (rule: ConditionTree, true_ones: ReadonlySet<string>): boolean => {
    if ("not" in rule) return !holds(rule.not, true_ones)
    if ("all" in rule) return rule.all.every((one) => holds(one, true_ones))
    if ("any" in rule) return rule.any.some((one) => holds(one, true_ones))
    return true_ones.has(rule.offer)
  }

  it("holds for exactly those of whom both rules say so, whatever the rules", () => {
    fc.assert(
      fc.property(tree, tree, fc.uniqueArray(fc.nat(3)), (a, b, some) => {
        const known = new Set(some.map((n) => `offer${n}`))
        const [in_a, in_b] = [holds(a, known), holds(b, known)]
        expect(holds(partRule("only_a", a, b), known)).toBe(in_a && !in_b)
        expect(holds(partRule("both", a, b), known)).toBe(in_a && in_b)
        expect(holds(partRule("only_b", a, b), known)).toBe(in_b && !in_a)
        expect(leavesOf(partRule("both", a, b))).toHaveLength(leavesOf(a).length + leavesOf(b).length)
        expect("refused" in parseTree(partRule("both", leaf("x"), leaf("y")))).toBe(false)
      }),
    )
  })
})
