import type { FastifyInstance } from "fastify"
import { beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../kernel/ids.ts"
import { routes as customerRoutes, takeContacts } from "../../modules/customers/index.ts"
import { offers as orderOffers, routes as orderRoutes, takeShopOrders } from "../../modules/orders/index.ts"
import { type Db, rows, tx } from "../../platform/db.ts"
import { type Actor, createHttp } from "../../platform/http/index.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { createRegistry } from "../../spine/offers/index.ts"
import { prepareTraits, publish } from "../../spine/traits/index.ts"

const now = new Date("2026-11-23T04:00:00Z")
const mine = newId()
const registry = createRegistry([orderOffers])
const PEOPLE = 30
const BUYERS = 3
let db: Db
let app: FastifyInstance
let scope: string[] | null = null

beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, registry)
  const seen = Array.from({ length: PEOPLE }, (_, n) => ({
    account_id: newId(),
    custodian_staff_id: n < 10 ? mine : newId(),
    external_userid: `wm-${n}`,
    remark: `客户${n}`,
    at: new Date(now.getTime() - (n % 4) * 3_600_000),
    origin: "live" as const,
  }))
  await tx(db, (t) => takeContacts(t, seen, now))
  const all = await rows<{ id: string; number: number }>(db, "select id, number from customers_customers")
  const spent = all.map(({ id, number }) => ({
    customer_id: id,
    value: number % 3 === 0 ? null : (number % 5) * 100,
  }))
  await tx(db, (t) => publish(t, { "orders.gmv_fen": spent }, now))
  const orders = Array.from({ length: 12 }, (_, n) => ({
    order_no: `N${n}`,
    buyer: { shop_buyer_id: `B${n % BUYERS}` },
    status: "paid",
    paid_at: new Date(now.getTime() - (n % 5) * 60_000).toISOString(),
    amount_fen: (n % 4) * 1_000 + 100,
    lines: [{ sku: "a", name: "茶", qty: 1, price_fen: (n % 4) * 1_000 + 100 }],
  }))
  await tx(db, (t) => takeShopOrders(t, "live", orders, now))
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
    routes: [...customerRoutes(() => registry), ...orderRoutes],
    resolveActor: async () => actor(),
  })
})

type Row = Record<string, unknown> & { id: string; order_id: string; traits: Record<string, number | null> }
type Answer = { rows: Row[]; next_cursor: string | null; code?: string; field?: string; message?: string }
const get = async (url: string) =>
  (await app.inject({ method: "GET", url, headers: { cookie: "siyu_session=x" } })).json() as Answer

async function walk(url: string): Promise<Row[]> {
  const all: Row[] = []
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page: Answer = await get(`${url}&limit=4${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`)
    all.push(...page.rows)
    cursor = page.next_cursor
  }
  return all
}

describe("a list that is asked for in an order", () => {
  it("holds every customer once, the greatest first, and those who bought nothing last, whichever way", async () => {
    for (const sort of ["gmv", "-gmv"]) {
      const all = await walk(`/api/customers?sort=${sort}`)
      expect(new Set(all.map((r) => r.id)).size).toBe(PEOPLE + BUYERS)
      const money = all.map((r) => r.traits["orders.gmv_fen"] ?? null)
      const known = money.filter((fen) => fen !== null)
      expect(money).toEqual([
        ...known.toSorted((a, b) => (sort === "gmv" ? a - b : b - a)),
        ...Array<null>(all.length - known.length).fill(null),
      ])
    }
  })

  it("shows an operator only their own customers, in the same order", async () => {
    const ids = (await walk("/api/customers?sort=-gmv")).map((r) => r.id)
    scope = [mine]
    const own = (await walk("/api/customers?sort=-gmv")).map((r) => r.id)
    scope = null
    expect(own).toHaveLength(10)
    expect(own).toEqual(ids.filter((id) => own.includes(id)))
  })

  it("holds every order once, by amount and by time", async () => {
    const amounts = (await walk("/api/orders?sort=-paid_fen")).map((r) => Number(r.paid_fen))
    expect(amounts).toHaveLength(12)
    expect(amounts).toEqual(amounts.toSorted((a, b) => b - a))
    const times = (await walk("/api/orders?sort=paid_at")).map((r) => String(r.paid_at))
    expect(times).toEqual(times.toSorted())
    expect(await walk("/api/orders?sort=-paid_at")).toEqual(await walk("/api/orders?"))
  })

  it("refuses a sort that it does not offer, and a place under another sort, each with what to correct", async () => {
    for (const list of ["customers", "orders"]) {
      expect(await get(`/api/${list}?sort=shoe_size`)).toMatchObject({ code: "invalid_input", field: "sort" })
      const { next_cursor } = await get(`/api/${list}?limit=2`)
      const sort = list === "orders" ? "paid_fen" : "gmv"
      const other = await get(`/api/${list}?sort=${sort}&cursor=${encodeURIComponent(next_cursor ?? "")}`)
      expect(other).toMatchObject({ code: "cursor_of_another_sort", field: "cursor" })
      expect(other.message).toContain("从第一页看起")
    }
  })

  it("refuses a sort by what no module of this company tells", async () => {
    expect(await get("/api/customers?sort=points")).toMatchObject({ code: "invalid_input", field: "sort" })
  })
})
