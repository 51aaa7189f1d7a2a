import type { FastifyInstance } from "fastify"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../../kernel/ids.ts"
import { type Db, oneRow, rows, run, tx } from "../../../platform/db.ts"
import { type Actor, createHttp } from "../../../platform/http/index.ts"
import { testDb } from "../../../platform/testkit/index.ts"
import { createRegistry } from "../../../spine/offers/index.ts"
import { prepareTraits } from "../../../spine/traits/index.ts"
import { carry, exportDoor, mergeCustomers, offers, routes, undoMerge } from "../index.ts"
import { EXPORT_CHOSEN_MAX, EXPORT_KEPT_MS, EXPORT_OPEN_MS, EXPORT_PAGE } from "../limits.ts"
import { exportPieces, valueText } from "./sheet.ts"

const now = new Date("2026-11-23T04:00:00Z")
const [ying, lan] = [newId(), newId()]
const boss: Actor = {
  kind: "staff",
  staff_id: ying,
  name: "周莹",
  role: "owner",
  can: () => true,
  scope: null,
}
const registry = createRegistry([
  offers,
  {
    module: "orders",
    traits: [
      {
        name: "orders.gmv_fen",
        kind: "number",
        label: { zh: "累计成交", en: "GMV" },
        unit: "fen",
        listed: true,
      },
    ],
  },
])
let db: Db
let app: FastifyInstance
let who: Actor | null = boss
let now_ms = now.getTime()

beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, registry)
  app = await createHttp({
    db,
    clock: { now: () => new Date(now_ms) },
    routes: routes(() => registry),
    resolveActor: async () => who,
  })
  await exportDoor(app, { db, registry, now: () => new Date(now_ms), actorOf: async () => who })
  await run(
    db,
    "insert into staff_members (id, name, role, status, created_at) values ($1, '周莹', 'owner', 'active', $3), ($2, '陈岚', 'operator', 'active', $3)",
    [ying, lan, now],
  )
  await run(
    db,
    `insert into customers_customers (id, name, remark, phone, owner_staff_id, first_contact_at, created_at, updated_at)
     values (gen_random_uuid(), '甲', '老客,多年', '13800001111', $1, '2026-01-02T00:30:00Z', $3, $3),
       (gen_random_uuid(), '=HYPERLINK(1)', '', '+85261234567', $2, null, $3, $3), (gen_random_uuid(), '丙', '', null, $2, null, $3, $3)`,
    [ying, lan, now],
  )
  await run(
    db,
    `insert into traits_customers (customer_id, number, scope_id, "orders.gmv_fen")
     select id, number, owner_staff_id, case name when '丙' then 123450 when '甲' then 500 end from customers_customers`,
  )
})
afterAll(() => app.close())

const headers = { cookie: "siyu_session=x" }
type Opened = { id: string; people: number; code?: string }
async function open(body: object): Promise<Opened> {
  const payload = { filter: {}, reason: "给门店核对名单", ...body }
  return (await app.inject({ method: "POST", url: "/api/customers/export", headers, payload })).json()
}
const get = (id: string, lang = "") =>
  app.inject({ method: "GET", url: `/api/customers/exports/${id}.csv${lang}`, headers })
const linesOf = (text: string) =>
  text
    .replace(/^\ufeff/, "")
    .trimEnd()
    .split("\r\n")

describe("a file of customers", () => {
  it("masks phones, keeps texts from being calculated, comes in the order of the list, and is named by the minute", async () => {
    const { id, people } = await open({ sort: "-gmv" })
    expect(people).toBe(3)
    const file = await get(id)
    expect(file.headers["content-disposition"]).toContain(encodeURIComponent("客户_20261123_1200.csv"))
    expect(file.headers["cache-control"]).toBe("no-store")
    expect(linesOf(file.body)).toEqual([
      "姓名,备注,手机号,累计成交（元）,负责人,来源,首次联系时间",
      "丙,,,1234.50,陈岚,,",
      '甲,"老客,多年",138****1111,5.00,周莹,,2026-01-02 08:30:00',
      "'=HYPERLINK(1),,****67,,陈岚,,",
    ])
    expect(linesOf((await get(id, "?lang=en")).body)[0]).toBe(
      "Name,Remark,Phone,GMV (yuan),Owner,Source,First contact",
    )
  })

  it("stands in the audit with who, what for and how many, and without the words that were searched for", async () => {
    const { id } = await open({ filter: { q: "甲" } })
    expect(linesOf((await get(id)).body)).toHaveLength(2)
    const [row] = await rows<{ actor_id: string; after: unknown }>(
      db,
      "select actor_id, after from platform_audit where action = 'customers.export' order by seq desc limit 1",
    )
    expect(row).toMatchObject({
      actor_id: ying,
      after: { filter: { searched: true }, chosen: null, people: 1, reason: "给门店核对名单" },
    })
    expect(JSON.stringify(row)).not.toContain("甲")
  })

  it("is opened by nobody who gives no reason, for nobody at all, and by nobody without the right", async () => {
    expect(await open({ reason: "  " })).toMatchObject({ code: "invalid_input" })
    expect(await open({ filter: { q: "没有这个人" } })).toMatchObject({ code: "nobody_there" })
    who = { ...boss, can: () => false }
    expect(await open({})).toMatchObject({ code: "forbidden" })
    who = boss
  })

  it("holds those who were chosen, and of them nobody outside of what one may see, then or when it is got", async () => {
    const all = await rows<{ id: string }>(db, "select id from customers_customers")
    who = { ...boss, staff_id: lan, scope: [lan] }
    const opened = await open({ customer_ids: all.map((c) => c.id) })
    expect(opened.people).toBe(2)
    expect(linesOf((await get(opened.id)).body)).toHaveLength(3)
    await run(db, "update customers_customers set owner_staff_id = $1 where name = '丙'", [ying])
    expect((await get(opened.id)).body).not.toContain("丙")
    await run(db, "update customers_customers set owner_staff_id = $1 where name = '丙'", [lan])
    // Nobody else gets what one opened.
    who = boss
    expect((await get(opened.id)).statusCode).toBe(404)
    who = null
    expect((await get(opened.id)).statusCode).toBe(401)
    who = boss
    expect((await get("x")).statusCode).toBe(404)
  })

  it("is there for a quarter of an hour; one that is opened when it is long over clears it away", async () => {
    const { id } = await open({})
    now_ms += EXPORT_OPEN_MS + 1
    const late = await get(id)
    expect([late.statusCode, late.json().code]).toEqual([410, "export_over"])
    now_ms = now.getTime() + EXPORT_KEPT_MS + 1
    await open({})
    expect(
      await oneRow(db, "select count(*) as n from customers_export_pages where export_id = $1", [id]),
    ).toEqual({ n: 0 })
    now_ms = now.getTime()
  })

  it("of more than a page goes on page by page: everybody once, in one order", async () => {
    await run(
      db,
      `insert into customers_customers (id, name, created_at, updated_at)
       select gen_random_uuid(), '客户' || n, $1, $1 from generate_series(1, $2::int) n`,
      [now, EXPORT_PAGE + 5],
    )
    const { id, people } = await open({ sort: "created" })
    expect(people).toBe(EXPORT_PAGE + 8)
    const names = linesOf((await get(id)).body).slice(4)
    expect(names).toHaveLength(EXPORT_PAGE + 5)
    expect(names.map((line) => Number(/^客户(\d+),/.exec(line)?.[1]))).toEqual(
      Array.from({ length: EXPORT_PAGE + 5 }, (_, n) => n + 1),
    )
  })
})

/** A file of two pages while it is on its way: the first is read. */
async function underWay() {
  const { id, people } = await open({ sort: "created" })
  const file = exportPieces(db, registry, { id, people, scope: null, lang: "zh" })
  await file.next()
  await file.next()
  return file
}

describe("a file that takes long on its way", () => {
  it("is whole also where somebody opens another one meanwhile", async () => {
    const file = await underWay()
    now_ms += EXPORT_OPEN_MS + 1
    await open({})
    now_ms = now.getTime()
    expect(linesOf(String((await file.next()).value))).toHaveLength(8)
  })

  it("breaks off where the rest of it is gone, and never ends as if it were whole", async () => {
    const file = await underWay()
    await run(db, "delete from customers_export_pages where page = 1")
    await expect(file.next()).rejects.toThrow("page 1 of the file")
  })

  it("reaches whoever gets it as a download that failed", async () => {
    const { id } = await open({})
    await run(db, "delete from customers_export_pages where page = 1")
    const at = await app.listen({ port: 0, host: "127.0.0.1" })
    for (const encoding of ["identity", "gzip"]) {
      const file = await fetch(`${at}/api/customers/exports/${id}.csv`, {
        headers: { ...headers, "accept-encoding": encoding },
      })
      expect([encoding, file.status]).toEqual([encoding, 200])
      await expect(file.text(), encoding).rejects.toThrow()
    }
  })
})

describe("somebody who was chosen and merged", () => {
  const idOf = async (name: string) =>
    (await oneRow<{ id: string }>(db, "select id from customers_customers where name = $1", [name])).id
  const names = async (id: string) =>
    linesOf((await get(id)).body)
      .slice(1)
      .map((line) => line.split(",")[0])

  it("is in the file as the one they became, once, and as both again when that is undone while it is open", async () => {
    const [from, into] = [await idOf("客户1"), await idOf("客户2")]
    const both = await open({ customer_ids: [from, into], sort: "created" })
    await tx(db, (t) => mergeCustomers(t, [carry], { from, into }, null, now))
    expect(await names((await open({ customer_ids: [from] })).id)).toEqual(["客户2"])
    expect((await open({ customer_ids: [from, into] })).people).toBe(1)
    expect(await names(both.id)).toEqual(["客户2"])
    await tx(db, (t) => undoMerge(t, [carry], from, null, now))
    expect(await names(both.id)).toEqual(["客户1", "客户2"])
  })

  it("of more than can be chosen one by one the answer says how many can", async () => {
    const customer_ids = Array.from({ length: EXPORT_CHOSEN_MAX + 1 }, () => newId())
    expect(await open({ customer_ids })).toMatchObject({ code: "too_many_chosen" })
  })
})

describe("what people write themselves", () => {
  const add = (name: string, remark = "", source_code: string | null = null) =>
    run(
      db,
      `insert into customers_customers (id, name, remark, source_code, created_at, updated_at)
       values (gen_random_uuid(), $1, $2, $3, $4, $4)`,
      [name, remark, source_code, now],
    )
  const newest = async (n: number) => linesOf((await get((await open({})).id)).body).slice(1, n + 1)

  it("gives no phone away that the column of phones masks, however it is written", async () => {
    await add("王姐13812345678", "电话+86 138-1234-5678二胎", "１３８１２３４５６７８")
    await add("2026-11-23 13912345678", "单位0571-88886666", "香港+852 6123 4567")
    await add("订单113812345678901", "3月12日到店 1380")
    expect(await newest(3)).toEqual([
      "订单113812345678901,3月12日到店 1380,,,,,",
      "2026-11-23 139****5678,单位****66,,,,香港****67,",
      "王姐138****5678,电话138****5678二胎,,,,138****5678,",
    ])
  })

  it("is calculated by no spreadsheet, whatever stands in front of the sign and however wide that is", async () => {
    const signs = ["=", "+", "-", "@", "\t", "\r=", " =", "\u00a0=", "＝", "＋", "－", "＠"]
    for (const sign of signs) await add(`${sign}SUM`)
    const cells = (await newest(signs.length)).reverse().map((line) => line.replace(/^"/, "").slice(0, 2))
    expect(cells).toEqual(signs.map((sign) => `'${sign[0]}`))
  })
})

describe("a value in a file", () => {
  const words = (zh: string) => ({ zh, en: zh })
  it("is a date, yuan, or the word of its list", () => {
    const day = { name: "a.day", kind: "day", label: words("日") } as const
    expect(valueText(day, 20_780, "zh")).toBe("2026-11-23")
    const stage = {
      name: "a.stage",
      kind: "text",
      label: words("阶段"),
      values: { member: { zh: "会员", en: "member" } },
    } as const
    expect([valueText(stage, "member", "zh"), valueText(stage, "other", "en")]).toEqual(["会员", "other"])
    expect(valueText({ name: "a.tags", kind: "tags", label: words("标签") }, ["宝妈", "IP"], "zh")).toBe(
      "宝妈、IP",
    )
    expect(valueText(day, null, "zh")).toBe("")
  })
})
