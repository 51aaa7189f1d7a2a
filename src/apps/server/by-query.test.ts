import type { FastifyInstance } from "fastify"
import { beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../kernel/ids.ts"
import { refuse } from "../../kernel/result.ts"
import { routes as customerRoutes, takeContacts } from "../../modules/customers/index.ts"
import { offers as segmentOffers, routes as segmentRoutes } from "../../modules/segments/index.ts"
import { offers, routes } from "../../modules/tags/index.ts"
import { type Db, oneRow, run, tx } from "../../platform/db.ts"
import { type Actor, createHttp } from "../../platform/http/index.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { createRegistry } from "../../spine/offers/index.ts"
import { prepareTraits } from "../../spine/traits/index.ts"

const now = new Date("2026-11-23T04:00:00Z")
const mine = newId()
const registry = createRegistry([offers, segmentOffers])
const PEOPLE = 30
let db: Db
let app: FastifyInstance
let scope: string[] | null = null
let tag: string

beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, registry)
  const seen = Array.from({ length: PEOPLE }, (_, n) => ({
    account_id: newId(),
    custodian_staff_id: n < 10 ? mine : newId(),
    external_userid: `wm-${n}`,
    remark: n < 20 ? `三班-${n}` : `四班-${n}`,
    at: now,
    origin: "live" as const,
  }))
  await tx(db, (t) => takeContacts(t, seen, now))
  tag = newId()
  const group = newId()
  await run(
    db,
    "insert into tags_groups (id, name, dimension, exclusive, position, created_at) values ($1, '班级', 'custom', false, 99, $2)",
    [group, now],
  )
  await run(
    db,
    "insert into tags_tags (id, group_id, name, definition, position, created_at) values ($1, $2, '三班', '三班的人', 1, $3)",
    [tag, group, now],
  )
  const actor = (): Actor => ({
    kind: "staff",
    staff_id: mine,
    name: "林",
    role: "operator",
    can: () => true,
    scope,
  })
  app = await createHttp({
    db,
    clock: { now: () => now },
    routes: [
      ...routes({
        users: async () => [],
        catalogue: () => null,
        inGroup: () => ({ all: [] }),
        registry: () => registry,
        segment: async () => refuse("not_found"),
      }),
      ...customerRoutes(() => registry),
      ...segmentRoutes(() => registry),
    ],
    resolveActor: async () => actor(),
  })
})

type Answer = Record<string, unknown>
async function call(method: "GET" | "POST", url: string, payload?: object): Promise<Answer> {
  const headers = { cookie: "siyu_session=x" }
  return (await app.inject({ method, url, headers, ...(payload ? { payload } : {}) })).json() as Answer
}
const worn = async () =>
  (await oneRow<{ n: number }>(db, "select count(*) as n from tags_assignments where tag_id = $1", [tag])).n
const third = { q: "三班" }

describe("everybody whom a filter holds", () => {
  it("is counted to the last one, and gets the tag once", async () => {
    expect(await call("GET", `/api/customers/count?q=${encodeURIComponent("三班")}`)).toEqual({ people: 20 })
    const ask = { filter: third, people: 20 }
    expect(await call("POST", `/api/tags/${tag}/everybody`, ask)).toEqual({ assigned: 20, had_it: 0 })
    expect(await call("POST", `/api/tags/${tag}/everybody`, ask)).toEqual({ assigned: 0, had_it: 20 })
    expect(await worn()).toBe(20)
  })

  it("is left alone when they are not as many as somebody was told", async () => {
    const answer = await call("POST", `/api/tags/${tag}/everybody`, { filter: {}, people: PEOPLE - 1 })
    expect(answer.code).toBe("count_changed")
    expect(await worn()).toBe(20)
    const far = await call("POST", `/api/tags/${tag}/everybody`, { filter: {}, people: 50_001 })
    expect(far.code).toBe("too_many_people")
  })

  it("holds for an operator only their own customers, whatever the filter", async () => {
    scope = [mine]
    expect(await call("GET", "/api/customers/count")).toEqual({ people: 10 })
    const ask = { filter: third, people: 20 }
    expect((await call("POST", `/api/tags/${tag}/everybody/remove`, ask)).code).toBe("count_changed")
    const own = { filter: third, people: 10 }
    expect(await call("POST", `/api/tags/${tag}/everybody/remove`, own)).toEqual({ removed: 10 })
    scope = null
    expect(await worn()).toBe(10)
  })

  it("becomes a frozen segment of just these people, under a name that stands once", async () => {
    const ask = { name: "三班的人", filter: third, people: 20 }
    const made = await call("POST", "/api/segments/from-list", ask)
    expect(made.members).toBe(20)
    expect((await call("POST", "/api/segments/from-list", ask)).code).toBe("name_taken")
    const members = await oneRow<{ n: number }>(
      db,
      "select count(*) as n from segments_members where segment_id = $1",
      [made.id],
    )
    expect(members.n).toBe(20)
    expect(await call("GET", `/api/segments/${made.id}`)).toMatchObject({ frozen: true, broken: null })
  })
})
