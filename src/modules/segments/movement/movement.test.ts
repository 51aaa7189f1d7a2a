import type { FastifyInstance } from "fastify"
import { beforeAll, describe, expect, it } from "vitest"
import { dayNumber, startOfDay } from "../../../kernel/day.ts"
import { newId } from "../../../kernel/ids.ts"
import type { ConditionTree } from "../../../kernel/tree.ts"
import { type Db, oneRow, rows, run, tx } from "../../../platform/db.ts"
import { type Actor, createHttp } from "../../../platform/http/index.ts"
import { testDb } from "../../../platform/testkit/index.ts"
import { createRegistry } from "../../../spine/offers/index.ts"
import { prepareTraits, publish, rescopeCustomers } from "../../../spine/traits/index.ts"
import * as customers from "../../customers/index.ts"
import * as orders from "../../orders/index.ts"
import * as tags from "../../tags/index.ts"
import * as segments from "../index.ts"
import { DAYS_KEPT, MOVES_KEPT_DAYS } from "../limits.ts"
import { followNext } from "./night.ts"

const registry = createRegistry([customers.offers, tags.offers, orders.offers, segments.offers])
const FIRST = dayNumber(new Date("2026-11-23T04:00:00Z"))
const [lead, operator] = [newId(), newId()]
const actors: Record<string, Actor> = {
  lead: { kind: "staff", staff_id: lead, name: "lead", role: "lead", can: () => true, scope: null },
  operator: {
    ...{ kind: "staff", staff_id: operator, name: "operator", role: "operator" },
    ...{ can: () => true, scope: [operator] },
  },
}
let now = startOfDay(FIRST)
/** An hour of a day of the story, in the shop's time. */
const at = (day: number, hour: number) => new Date(startOfDay(FIRST + day).getTime() + hour * 3_600_000)
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
  mum = (await oneRow<{ id: string }>(db, "select id from tags_tags where name = '宝妈'")).id
  ids = await tx(db, (t) =>
    customers.ensureCustomers(
      t,
      Array.from({ length: 8 }, (_, i) => ({
        identities: [{ kind: "phone" as const, value: `1380000${String(i).padStart(4, "0")}` }],
        name: `客户${i}`,
        seen_at: now,
      })),
      now,
    ),
  )
  await tx(db, (t) =>
    rescopeCustomers(
      t,
      ids.slice(0, 3).map((customer_id) => ({ customer_id, scope_id: operator })),
    ),
  )
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
const tagged = (some: string[]) =>
  tx(db, (t) =>
    tags.assign(
      t,
      some.map((customer_id) => ({ customer_id, tag_id: mum })),
      { source: "hand", by: lead, at: now },
    ),
  )
const untagged = (some: string[]) =>
  tx(db, (t) =>
    tags.remove(
      t,
      some.map((customer_id) => ({ customer_id, tag_id: mum })),
      { source: "hand", by: lead, at: now },
    ),
  )
const bought = (i: number, day: number) =>
  tx(db, (t) => publish(t, { "orders.last_day": [{ customer_id: ids[i]!, value: FIRST + day }] }, now))
/** The night's work at an hour of a day, until nothing is due. */
async function night(day: number, hour = 1) {
  now = at(day, hour)
  let looks = 0
  while ((await followNext(db, registry, now)) > 0) looks++
  return looks
}
const save = async (name: string, rule: ConditionTree) =>
  (await call("lead", "POST", "/api/segments", { name, rule })).body.id as string
const daysOf = async (id: string, who = "lead") =>
  (await call(who, "GET", `/api/segments/${id}/movement`)).body.days.map(
    (d: { day: string; came: number; went: number; people: number | null; begun: boolean }) => [
      d.day,
      d.came,
      d.went,
      d.people,
      ...(d.begun ? ["begun"] : []),
    ],
  )
const moved = async (id: string, day: string, who = "lead", query = "") =>
  (await call(who, "GET", `/api/segments/${id}/movement/${day}${query}`)).body

describe("who came into a segment and went out of it", () => {
  let id: string
  beforeAll(async () => {
    now = at(0, 10)
    await tagged(ids.slice(0, 2))
    id = await save("宝妈们", leaf("tags.has", { tag_id: mum }))
    expect(await night(0, 11)).toBe(1)
  })

  it("begins with those who are there: they came in on no day", async () => {
    expect(await daysOf(id)).toEqual([["2026-11-23", 0, 0, 2, "begun"]])
    expect(await night(0, 12)).toBe(0)
  })

  it("is told by the day that is over, and why, from what the condition was and is", async () => {
    await tagged([ids[3]!, ids[4]!])
    await untagged([ids[0]!])
    expect(await night(1)).toBe(1)
    expect(await daysOf(id)).toEqual([["2026-11-23", 2, 1, 3, "begun"]])
    const { rows: people, next_cursor } = await moved(id, "2026-11-23")
    expect(next_cursor).toBeNull()
    expect(people.map((p: { name: string; way: string }) => [p.name, p.way])).toEqual([
      ["客户0", "out"],
      ["客户3", "in"],
      ["客户4", "in"],
    ])
    expect(people[1].why).toEqual([
      {
        path: "",
        before: false,
        after: true,
        sentence: { zh: "有标签「宝妈」", en: "has the tag 「宝妈」" },
        values: [],
      },
    ])
    expect(people[0].why).toMatchObject([{ before: true, after: false }])
  })

  it("goes page by page, and one way only where that is asked", async () => {
    const first = await moved(id, "2026-11-23", "lead", "?way=in&limit=1")
    expect(first.rows.map((p: { name: string }) => p.name)).toEqual(["客户3"])
    const next = await moved(id, "2026-11-23", "lead", `?way=in&limit=1&cursor=${first.next_cursor}`)
    expect(next.rows.map((p: { name: string }) => p.name)).toEqual(["客户4"])
    expect(next.next_cursor).toBeNull()
    expect((await moved(id, "2026-11-23", "lead", "?way=out")).rows).toHaveLength(1)
  })

  it("whoever sees only their own customers sees only those move", async () => {
    expect(await daysOf(id, "operator")).toEqual([["2026-11-23", 0, 1, null, "begun"]])
    expect((await moved(id, "2026-11-23", "operator")).rows.map((p: { name: string }) => p.name)).toEqual([
      "客户0",
    ])
  })

  it("a day on which nobody moved is a day, and two looks side by side are one", async () => {
    now = at(2, 1)
    const looks = await Promise.all([1, 2, 3].map(() => followNext(db, registry, now)))
    expect(looks.reduce((a, b) => a + b)).toBe(1)
    expect((await daysOf(id)).at(-1)).toEqual(["2026-11-24", 0, 0, 3])
  })

  it("a new rule moves nobody: it begins anew on its day", async () => {
    now = at(2, 9)
    const rule = { not: leaf("tags.has", { tag_id: mum }) }
    await call("lead", "PUT", `/api/segments/${id}`, { name: "宝妈们", rule, version: 1 })
    expect(await night(2, 10)).toBe(1)
    expect((await daysOf(id)).at(-1)).toEqual(["2026-11-25", 0, 0, 5, "begun"])
    await untagged([ids[4]!])
    await night(3)
    expect((await daysOf(id)).at(-1)).toEqual(["2026-11-25", 1, 0, 6, "begun"])
    expect((await moved(id, "2026-11-25")).rows[0].why).toMatchObject([
      { path: "not", before: true, after: false },
    ])
  })

  it("two who become one moved together, and whoever is no customer any more went nowhere", async () => {
    const gone = ids[4]!
    await tx(db, (t) =>
      customers.mergeCustomers(
        t,
        [customers.carry, segments.carry],
        { from: gone, into: ids[5]! },
        null,
        now,
      ),
    )
    await run(db, "delete from traits_customers where customer_id = $1", [gone])
    expect((await moved(id, "2026-11-25")).rows.map((p: { name: string }) => p.name)).toEqual(["客户5"])
    await night(4)
    expect((await daysOf(id)).at(-1)).toEqual(["2026-11-26", 0, 0, 5])
  })

  it("a rule that points at something gone is said to be broken, and goes on when it is whole again", async () => {
    await run(db, "update tags_tags set retired_at = $1 where id = $2", [now, mum])
    await night(5)
    expect((await call("lead", "GET", `/api/segments/${id}/movement`)).body.broken).toEqual({
      code: "condition_broken",
      field: "not",
    })
    await run(db, "update tags_tags set retired_at = null where id = $1", [mum])
    await night(6)
    const { broken, days } = (await call("lead", "GET", `/api/segments/${id}/movement`)).body
    expect([broken, days.at(-1).begun]).toEqual([null, true])
  })

  it("is kept so long and no longer; a deleted segment stands nowhere", async () => {
    await night(6 + MOVES_KEPT_DAYS)
    expect((await moved(id, "2026-11-23")).rows).toEqual([])
    expect(await rows(db, "select 1 from segments_days where day = $1", [FIRST])).toHaveLength(1)
    await call("lead", "DELETE", `/api/segments/${id}`)
    await night(7 + DAYS_KEPT)
    for (const table of ["segments_days", "segments_standing", "segments_followed"])
      expect(await rows(db, `select 1 from ${table} where segment_id = $1`, [id]), table).toEqual([])
    expect((await call("lead", "GET", `/api/segments/${id}/movement`)).status).toBe(404)
  })
})

describe("a rule that asks days", () => {
  it("moves people by midnight alone, and says that only the day changed", async () => {
    now = at(20, 10)
    await bought(1, 20)
    await bought(2, 11)
    const id = await save("十天内买过", leaf("orders.last_days_ago", { min: 0, max: 10 }))
    await night(20, 11)
    await bought(6, 20)
    await night(21)
    // The eleventh day back has become the tenth, and then the eleventh.
    await night(22)
    expect(await daysOf(id)).toEqual([
      ["2026-12-13", 1, 0, 3, "begun"],
      ["2026-12-14", 0, 1, 2],
    ])
    const went = await moved(id, "2026-12-14")
    expect(went.rows[0]).toMatchObject({
      way: "out",
      why: [
        {
          before: true,
          after: false,
          values: [{ before: { value: FIRST + 11 }, after: { value: FIRST + 11 } }],
        },
      ],
    })
    const came = await moved(id, "2026-12-13")
    expect(came.rows[0].why).toMatchObject([
      {
        before: false,
        after: true,
        values: [{ trait: "orders.last_day", before: { value: null }, after: { value: FIRST + 20 } }],
      },
    ])
  })

  it("a frozen one is not looked at: nobody enters or leaves it", async () => {
    now = at(22, 9)
    const { body } = await call("lead", "POST", "/api/segments", {
      name: "存下的",
      rule: { all: [] },
      frozen: true,
    })
    expect(await night(22, 10)).toBe(0)
    expect((await call("lead", "GET", `/api/segments/${body.id}/movement`)).body).toMatchObject({
      frozen: true,
      days: [],
      looked_at: null,
    })
  })
})
