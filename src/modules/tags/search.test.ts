import { beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../kernel/ids.ts"
import { type Db, oneRow, run, tx } from "../../platform/db.ts"
import { type Actor, createHttp } from "../../platform/http/index.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { createRegistry } from "../../spine/offers/index.ts"
import { prepareTraits, rescopeCustomers } from "../../spine/traits/index.ts"
import * as customers from "../customers/index.ts"
import { assign, offers } from "./index.ts"
import { tagsFound } from "./search.ts"

let db: Db
let app: Awaited<ReturnType<typeof createHttp>>
let ask: (who: string, query: string) => Promise<{ rows: Row[]; total: number | null; people?: number }>
type Row = { name: string; matched: { field: string; text: string } | null }
const now = new Date("2026-11-23T04:00:00Z")
const registry = createRegistry([customers.offers, offers])
const operator = newId()
const actor = (scope: string[] | null): Actor => ({
  ...{ kind: "staff", staff_id: operator, name: "operator", role: "operator" },
  ...{ can: () => true, scope },
})
let ids: string[]

beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, registry)
  app = await createHttp({
    db,
    clock: { now: () => now },
    routes: customers.routes(() => registry),
    resolveActor: async ({ bearer }) => actor(bearer === "own" ? [operator] : null),
  })
  const actorOf = async () => actor(null)
  await customers.exportDoor(app, { db, registry, now: () => now, actorOf })
  ask = async (who, query) =>
    (await app.inject({ url: `/api/customers${query}`, headers: { authorization: `Bearer ${who}` } })).json()
  ids = await tx(db, (t) =>
    customers.ensureCustomers(
      t,
      ["宝妈小王", "单小明", "李丽", "赵六"].map((name, i) => ({
        identities: [{ kind: "phone" as const, value: `1380000${4000 + i}` }],
        name,
        seen_at: now,
      })),
      now,
    ),
  )
  const { id: mum } = await oneRow<{ id: string }>(db, "select id from tags_tags where name = '宝妈'")
  await run(db, "update customers_customers set owner_staff_id = $1 where id = any($2::uuid[])", [
    operator,
    ids.slice(1, 3),
  ])
  await tx(db, async (t) => {
    await rescopeCustomers(
      t,
      ids.slice(1, 3).map((customer_id) => ({ customer_id, scope_id: operator })),
    )
    await assign(
      t,
      [ids[1]!, ids[3]!].map((customer_id) => ({ customer_id, tag_id: mum })),
      { source: "hand", by: operator, at: now },
    )
  })
})

const found = async (query: string, who = "all") =>
  (await ask(who, query)).rows.map((row) => [row.name, row.matched?.field, row.matched?.text])

describe("customers by the name of a tag", () => {
  it("are found by its beginning, its pinyin, its initials and the traditional form, and the list says so", async () => {
    for (const q of ["宝妈", "寶媽", "baoma", "bm"])
      expect(await found(`?q=${encodeURIComponent(q)}`)).toEqual([
        ["赵六", "tag", "宝妈"],
        ["单小明", "tag", "宝妈"],
        ["宝妈小王", "name", "宝妈小王"],
      ])
  })

  it("can be asked for by themselves, and left out", async () => {
    expect(await found("?q=bm&found_by=tag")).toEqual([
      ["赵六", "tag", "宝妈"],
      ["单小明", "tag", "宝妈"],
    ])
    expect(await found("?q=bm&found_by=person")).toEqual([["宝妈小王", "name", "宝妈小王"]])
    expect(await found("?q=nobody&found_by=tag")).toEqual([])
  })

  it("are counted as they are listed, within what one may see", async () => {
    const all = await ask("all", "?q=bm&with_total=true")
    expect(all.total).toBe(3)
    expect((await ask("all", "/count?q=bm")).people).toBe(3)
    expect(await found("?q=bm", "own")).toEqual([["单小明", "tag", "宝妈"]])
    expect((await ask("own", "/count?q=bm")).people).toBe(1)
  })

  it("what is done to everybody of a search is done to them too", async () => {
    const people = await customers.everybodyOf(db, registry, { scope: null, q: "baoma" }, 3)
    expect(people).toHaveLength(3)
  })

  it("are in the file that is made of the search, with the same people in the same order", async () => {
    const headers = { cookie: "siyu_session=x" }
    for (const filter of [{ q: "宝妈" }, { q: "bm", found_by: "tag" }, { q: "bm", found_by: "person" }]) {
      const payload = { filter, reason: "给门店核对名单" }
      const opened = (
        await app.inject({ method: "POST", url: "/api/customers/export", headers, payload })
      ).json()
      const file = await app.inject({ url: `/api/customers/exports/${opened.id}.csv`, headers })
      const names = file.body
        .trimEnd()
        .split("\r\n")
        .slice(1)
        .map((line) => line.split(",")[0])
      const listed = await found(`?${new URLSearchParams(filter as Record<string, string>)}`)
      expect([filter, names]).toEqual([filter, listed.map(([name]) => name)])
    }
  })

  it("one letter looks for no tag, and a retired tag is looked for no more", async () => {
    expect(await found("?q=b")).toEqual([["宝妈小王", "name", "宝妈小王"]])
    await run(db, "update tags_tags set retired_at = $1 where name = '宝妈'", [now])
    expect(await tagsFound(db, "宝妈")).toEqual([])
    await run(db, "update tags_tags set retired_at = null where name = '宝妈'")
  })

  it("nothing was looked for, nothing matched", async () => {
    expect((await ask("all", "")).rows.map((row) => row.matched)).toEqual([null, null, null, null])
  })
})
