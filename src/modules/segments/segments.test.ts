import type { FastifyInstance } from "fastify"
import { beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../kernel/ids.ts"
import { type ConditionTree, TREE_MAX_DEPTH } from "../../kernel/tree.ts"
import { type Db, rows, run, tx } from "../../platform/db.ts"
import { type Actor, createHttp } from "../../platform/http/index.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { createRegistry } from "../../spine/offers/index.ts"
import { prepareTraits, rescopeCustomers } from "../../spine/traits/index.ts"
import * as customers from "../customers/index.ts"
import * as orders from "../orders/index.ts"
import * as tags from "../tags/index.ts"
import * as segments from "./index.ts"

const now = new Date("2026-11-23T04:00:00Z")
const registry = createRegistry([customers.offers, tags.offers, orders.offers, segments.offers])
const [lead, operator] = [newId(), newId()]
const actors: Record<string, Actor> = {
  lead: { kind: "staff", staff_id: lead, name: "lead", role: "lead", can: () => true, scope: null },
  operator: {
    kind: "staff",
    staff_id: operator,
    name: "operator",
    role: "operator",
    can: (p) => p.endsWith(".read"),
    scope: [operator],
  },
}
let db: Db
let app: FastifyInstance
let mum: string
let ids: string[]

beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, registry)
  app = await createHttp({
    db,
    clock: { now: () => now },
    routes: segments.routes(() => registry),
    resolveActor: async ({ bearer }) => actors[bearer ?? ""] ?? null,
  })
  mum = (await rows<{ id: string }>(db, "select id from tags_tags where name = '宝妈'"))[0]!.id
  ids = await tx(db, (t) =>
    customers.ensureCustomers(
      t,
      Array.from({ length: 12 }, (_, i) => ({
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
      ids.slice(0, 4).map((customer_id) => ({ customer_id, scope_id: operator })),
    )
    await tags.assign(
      t,
      ids.slice(2, 9).map((customer_id) => ({ customer_id, tag_id: mum })),
      { source: "hand", by: lead, at: now },
    )
  })
})

async function call(who: string, method: "GET" | "POST" | "PUT" | "DELETE", url: string, payload?: object) {
  const answer = await app.inject({
    method,
    url,
    headers: { authorization: `Bearer ${who}` },
    ...(payload ? { payload } : {}),
  })
  return { status: answer.statusCode, body: answer.json() }
}
const leaf = (offer: string, args: Record<string, unknown> = {}): ConditionTree => ({
  offer,
  version: 1,
  args,
})
const isMum = () => leaf("tags.has", { tag_id: mum })

describe("while a rule is typed", () => {
  it("the count is what one may see, says as of when, and reads as a sentence", async () => {
    const all = await call("lead", "POST", "/api/segments/count", { rule: isMum() })
    expect(all.body).toMatchObject({
      count: 7,
      sentence: { zh: "有标签「宝妈」", en: "has the tag 「宝妈」" },
      as_of: { day: "2026-11-23" },
    })
    expect(all.body.as_of.position).toMatch(/^\d+:\d+:/)
    const own = await call("operator", "POST", "/api/segments/count", { rule: isMum() })
    expect(own.body.count).toBe(2)
    const others = await call("operator", "POST", "/api/segments/count", { rule: { not: isMum() } })
    expect(others.body.count).toBe(2)
  })

  it("a preview shows some who match, each with the reason", async () => {
    const { body } = await call("operator", "POST", "/api/segments/preview", { rule: isMum(), sample: 5 })
    expect(body.sample.map((m: { customer_id: string }) => m.customer_id)).toEqual(ids.slice(2, 4))
    expect(body.sample[0].reasons).toMatchObject([
      { path: "", holds: true, values: [{ trait: "tags.all", label: { zh: "标签" }, value: [mum] }] },
    ])
  })

  it("bad rules get a clear answer that names the place", async () => {
    const code = async (rule: unknown) => {
      const { status, body } = await call("lead", "POST", "/api/segments/count", { rule })
      expect(status).toBeGreaterThanOrEqual(400)
      expect(status).toBeLessThan(500)
      expect(body.message).not.toBe("")
      return [body.code, body.field ?? null]
    }
    let deep: ConditionTree = isMum()
    for (let i = 0; i < TREE_MAX_DEPTH; i++) deep = { not: deep }
    expect((await code(deep))[0]).toBe("tree_too_deep")
    expect((await code({ all: Array.from({ length: 51 }, isMum) }))[0]).toBe("tree_too_large")
    expect(await code({ all: [isMum(), leaf("tags.has", { tag_id: newId() })] })).toEqual([
      "condition_broken",
      "all.1",
    ])
    expect(await code({ any: [leaf("tags.has", { tag_id: "x'; drop table" })] })).toEqual([
      "condition_invalid",
      "any.0",
    ])
    expect(await code(leaf("nobody.offers"))).toEqual(["condition_unknown", null])
    expect((await code({ all: "everybody" }))[0]).toBe("tree_invalid")
    expect((await code("everybody"))[0]).toBe("invalid_input")
    expect((await code(null))[0]).toBe("invalid_input")
  })
})

describe("saved segments", () => {
  const save = (body: object) => call("lead", "POST", "/api/segments", body)

  it("keep their versions; a change made from an old one is refused", async () => {
    const { body } = await save({ name: "宝妈们", rule: isMum() })
    const change = (version: number, rule: ConditionTree) =>
      call("lead", "PUT", `/api/segments/${body.id}`, { name: "宝妈们", rule, version })
    expect((await change(1, { not: isMum() })).body).toEqual({ version: 2 })
    expect((await change(1, isMum())).body.code).toBe("version_changed")
    const read = (await call("lead", "GET", `/api/segments/${body.id}`)).body
    expect(read.versions.map((v: { version: number }) => v.version)).toEqual([2, 1])
    expect(read.sentence.zh).toBe("没有标签「宝妈」")
    expect((await save({ name: "宝妈们", rule: isMum() })).body.code).toBe("name_taken")
    expect((await call("lead", "DELETE", `/api/segments/${body.id}`)).status).toBe(200)
    expect((await call("lead", "GET", `/api/segments/${body.id}`)).status).toBe(404)
    expect((await save({ name: "宝妈们", rule: isMum() })).status).toBe(200)
  })

  it("two who save one name at once: one is saved, the other is told", async () => {
    const both = await Promise.all([1, 2].map(() => save({ name: "同名", rule: isMum() })))
    expect(both.map((b) => b.body.code ?? "saved").sort()).toEqual(["name_taken", "saved"])
  })

  it("the members come page by page, each once, and only those one may see", async () => {
    const { body } = await save({ name: "翻页", rule: isMum() })
    const seen: string[] = []
    let cursor = ""
    do {
      const page = await call("lead", "GET", `/api/segments/${body.id}/members?limit=3${cursor}`)
      seen.push(...page.body.rows.map((r: { customer_id: string }) => r.customer_id))
      cursor = page.body.next_cursor === null ? "" : `&cursor=${page.body.next_cursor}`
    } while (cursor !== "")
    expect(seen).toEqual(ids.slice(2, 9))
    const own = await call("operator", "GET", `/api/segments/${body.id}/members`)
    expect(own.body.rows).toHaveLength(2)
    expect((await call("lead", "GET", `/api/segments/${body.id}/members?cursor=x`)).status).toBe(400)
  })

  it("a frozen one keeps its people whatever happens to them, and its rule cannot change", async () => {
    const { body } = await save({ name: "定格", rule: isMum(), frozen: true })
    expect(body.members).toBe(7)
    await tx(db, (t) =>
      tags.remove(t, [{ customer_id: ids[8]!, tag_id: mum }], { source: "hand", by: lead, at: now }),
    )
    const members = await call("lead", "GET", `/api/segments/${body.id}/members`)
    expect(members.body.rows).toHaveLength(7)
    const other = { name: "定格", rule: { all: [] }, version: 1 }
    expect((await call("lead", "PUT", `/api/segments/${body.id}`, other)).body.code).toBe("segment_frozen")
  })

  it("one whose tag was retired to nothing is shown as broken, with the place, and stops nobody else", async () => {
    const ip = (await rows<{ id: string }>(db, "select id from tags_tags where name = 'IP'"))[0]!.id
    const { body } = await save({ name: "会坏", rule: { all: [isMum(), leaf("tags.has", { tag_id: ip })] } })
    await run(db, "update tags_tags set retired_at = $2 where id = $1", [ip, now])
    const list = (await call("lead", "GET", "/api/segments")).body.rows
    expect(list.find((r: { id: string }) => r.id === body.id)).toMatchObject({
      sentence: null,
      broken: { code: "condition_broken", field: "all.1" },
    })
    expect(list.filter((r: { broken: unknown }) => r.broken !== null)).toHaveLength(1)
    const members = await call("lead", "GET", `/api/segments/${body.id}/members`)
    expect(members).toMatchObject({ status: 409, body: { code: "condition_broken", field: "all.1" } })
  })

  it("one of fifty levels, or of any number, is refused with a sentence, wherever a rule comes in", async () => {
    const { body } = await save({ name: "要改深的", rule: isMum() })
    const nested = (levels: number, wrap: (inner: unknown) => unknown) => {
      let rule: unknown = isMum()
      for (let i = 1; i < levels; i++) rule = wrap(rule)
      return rule
    }
    const doors = (rule: unknown) => [
      save({ name: "太深", rule }),
      save({ name: "太深", rule, frozen: true }),
      call("lead", "PUT", `/api/segments/${body.id}`, { name: "要改深的", rule, version: 1 }),
      call("lead", "POST", "/api/segments/count", { rule }),
      call("lead", "POST", "/api/segments/preview", { rule }),
    ]
    for (const wrap of [(not: unknown) => ({ not }), (one: unknown) => ({ all: [one] })])
      for (const { status, body } of await Promise.all(doors(nested(50, wrap)))) {
        expect([status, body.code]).toEqual([400, "tree_too_deep"])
        expect(body.message).toContain(`最多 ${TREE_MAX_DEPTH} 层`)
        expect(body.field.split(".").filter((step: string) => step !== "0")).toHaveLength(TREE_MAX_DEPTH)
      }
    const bottomless = `${'{"not":'.repeat(20_000)}{}${"}".repeat(20_000)}`
    for (const url of ["/api/segments", "/api/segments/count", "/api/segments/preview"]) {
      const answer = await app.inject({
        ...{ method: "POST", url, payload: `{"name":"无底","rule":${bottomless}}` },
        headers: { authorization: "Bearer lead", "content-type": "application/json" },
      })
      expect([answer.statusCode, answer.json().code]).toEqual([400, "nested_too_deeply"])
      expect(answer.json().field).toMatch(/^rule\.not/)
      expect(answer.json().field.length).toBeLessThan(200)
    }
    const whole = nested(TREE_MAX_DEPTH, (not) => ({ not }))
    expect((await save({ name: "刚好", rule: whole })).status).toBe(200)
  })

  it("none can stand in its own rule, nor two in each other's: a condition takes only what is on a list", async () => {
    const listed = (segment_id: string) => leaf("segments.listed", { segment_id })
    const [a, b] = await Promise.all(["甲", "乙"].map((name) => save({ name, rule: isMum() })))
    const change = (id: string, rule: ConditionTree) =>
      call("lead", "PUT", `/api/segments/${id}`, { name: `改 ${id}`, rule, version: 1 })
    for (const [of, other] of [
      [a, a],
      [a, b],
      [b, a],
    ] as const) {
      const { status, body } = await change(of!.body.id, { all: [isMum(), { not: listed(other!.body.id) }] })
      expect([status, body.code, body.field]).toEqual([409, "rule_in_rule", "all.1.not"])
      expect(body.message).toContain("固定人群")
    }
    const list = await save({ name: "名单", rule: isMum(), frozen: true })
    expect((await change(a!.body.id, listed(list.body.id))).status).toBe(200)
    expect((await call("lead", "POST", "/api/segments/count", { rule: listed(newId()) })).body.code).toBe(
      "condition_broken",
    )
  })

  it("who may only read cannot save", async () => {
    expect((await call("operator", "POST", "/api/segments", { name: "x", rule: isMum() })).status).toBe(403)
  })
})

describe("the catalogue", () => {
  it("gives forms for every condition and action that is on offer", async () => {
    const { body } = await call("operator", "GET", "/api/catalogue")
    expect(body.conditions.map((c: { name: string }) => c.name)).toEqual([...registry.conditions.keys()])
    const has = body.conditions.find((c: { name: string }) => c.name === "tags.has")
    expect(has.args.properties.tag_id).toMatchObject({ type: "string", kind: "tag" })
  })
})
