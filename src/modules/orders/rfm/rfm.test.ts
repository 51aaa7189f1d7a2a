import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { chance } from "../../../kernel/chance.ts"
import { dayString, parseDay } from "../../../kernel/day.ts"
import { fenToDecimal } from "../../../kernel/money.ts"
import { isRefused } from "../../../kernel/result.ts"
import { type Db, rows, tx } from "../../../platform/db.ts"
import { writeWhole } from "../../../platform/files/write-whole.ts"
import { testDb } from "../../../platform/testkit/index.ts"
import { importFile } from "../../imports/index.ts"
import { ordersKind } from "../import/kind.ts"
import { takeShopOrders } from "../shop/door.ts"
import { computeRfm, cubeOf, segmentSizes } from "./index.ts"
import { RFM_RULES, type RfmRule, scoreOne } from "./rules.ts"
import { RFM_BASE_SQL } from "./store-read.ts"
import { RFM_COLUMNS, rfmCsv } from "./table.ts"

const now = new Date("2026-11-23T04:00:00Z")
let db: Db
let folder: string
beforeAll(async () => {
  db = await testDb()
  folder = await mkdtemp(join(tmpdir(), "siyu-rfm-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function bring(name: string, lines: string[]): Promise<void> {
  const path = join(folder, name)
  await writeFile(path, ["customer,at,amount,order", ...lines, ""].join("\n"))
  const mapping = { customer: "customer", at: "at", amount: "amount", order: "order" }
  const result = await importFile(db, ordersKind(), path, { mapping, header: true, source: name, now })
  if (isRefused(result) || result.failed > 0) throw new Error(JSON.stringify(result))
}

async function table(day: string, rule: RfmRule): Promise<string[]> {
  const { base, scores } = await computeRfm(db, parseDay(day)!, rule)
  const path = join(folder, "out.csv")
  await writeWhole(path, rfmCsv(base, scores))
  const lines = (await readFile(path, "utf8")).split("\n")
  expect(lines[0]).toBe(RFM_COLUMNS)
  expect(lines.at(-1)).toBe("")
  return lines.slice(1, -1)
}

describe("the RFM table", () => {
  it("is empty but for its heading where nobody bought", async () => {
    for (const rule of RFM_RULES) expect(await table("2024-12-31", rule)).toEqual([])
  })

  it("lists who has an order, also with money 0, and nobody who only gave something back", async () => {
    await bring("small.csv", [
      "丙,2024-01-01 23:59,0,1",
      '"甲,""A""",2024-03-01,30,2',
      '"甲,""A""",2024-03-31,-10.5,3',
      "=乙,2024-02-01,10,4",
      "=乙,2024-02-01,5,5",
      "丁,2024-02-01,-5,6",
    ])
    expect(await table("2024-03-31", "value")).toEqual([
      "=乙,59,2,1500,3,5,3",
      "丙,90,1,0,1,1,1",
      '"甲,""A""",30,1,1950,5,1,5',
    ])
  })

  it("as of an earlier day knows only what had happened by the end of it", async () => {
    expect(await table("2024-03-30", "value")).toContain('"甲,""A""",29,1,3000,5,1,5')
    expect(await table("2024-02-01", "value")).toEqual(["=乙,0,2,1500,5,5,5", "丙,31,1,0,1,1,1"])
    expect(await table("2024-01-01", "value")).toEqual(["丙,0,1,0,5,1,1"])
    expect(await table("2023-12-31", "value")).toEqual([])
  })

  it("of an order cancelled later counts it until the day before and not from that day on", async () => {
    const one = {
      order_no: "S1",
      buyer: { shop_buyer_id: "戊" },
      paid_at: "2024-02-10T10:00:00+08:00",
      amount_fen: 5_000,
      lines: [{ sku: "a", name: "a", qty: 1, price_fen: 5_000 }],
    }
    const cancelled = {
      ...one,
      status: "cancelled",
      refund: { refund_no: "R1", at: "2024-02-20T10:00:00+08:00", amount_fen: 5_000 },
    }
    await tx(db, (t) => takeShopOrders(t, "history", [{ ...one, status: "paid" }, cancelled], now))
    expect((await table("2024-02-19", "ntile")).filter((l) => l.startsWith("戊"))).toEqual([
      "戊,9,1,5000,3,2,3",
    ])
    expect((await table("2024-02-20", "ntile")).filter((l) => l.startsWith("戊"))).toEqual([])
  })
})

describe("a thousand customers", () => {
  const DAYS = 400
  const from = parseDay("2025-01-01")!
  beforeAll(async () => {
    const lines: string[] = []
    for (let n = 0; n < 1_000; n++)
      for (let k = 0; k < 1 + Math.floor(6 * chance("orders", n) ** 3); k++) {
        const day = dayString(from + Math.floor(DAYS * chance("day", n, k)))
        const fen = Math.floor(20 * chance("fen", n, k)) * 500
        const back = chance("back", n, k) < 0.1
        lines.push(`客户${n},${day},${back ? "-" : ""}${fenToDecimal(back ? fen + 1 : fen)},${n}/${k}`)
      }
    await bring("thousand.csv", lines)
  })

  it.each([from + 100, from + 250, from + DAYS])(
    "score by ntile as SQL does it, as of day %i",
    async (day) => {
      const expected = await rows<{ line: string }>(
        db,
        `with orders as (
         select customer_id, max(day) as last_day, count(*) as n, sum(paid_fen) as fen from orders_orders
         where day <= $1 and (cancelled_day is null or cancelled_day > $1) group by customer_id),
       all_money as (
         select customer_id, paid_fen as fen from orders_orders where day <= $1
         union all select customer_id, -refund_fen from orders_refunds where day <= $1),
       c as (
         select k.name_in_source as name, customer_id, $1::int - orders.last_day as days, n, m.fen
         from orders join (select customer_id, sum(fen) as fen from all_money group by customer_id) m using (customer_id)
         join orders_by_customer k using (customer_id))
       select concat_ws(',', case when name ~ '[",]' then '"' || replace(name, '"', '""') || '"' else name end, days, n, fen,
         ntile(5) over (order by days desc, name, customer_id), ntile(5) over (order by n, name, customer_id),
         ntile(5) over (order by fen, name, customer_id)) as line
       from c order by name`,
        [day],
      )
      expect(await table(dayString(day), "ntile")).toEqual(expected.map((r) => r.line))
    },
  )

  it("score by value as percentiles in SQL do it", async () => {
    const day = from + DAYS
    const expected = await rows<{ line: string }>(
      db,
      `with c as (${RFM_BASE_SQL(day)}), v as (
         select name_in_source as name, customer_id, ${day} - last_day as days, order_count as n, "?column?" as fen from c),
       cut as (
         select percentile_cont(array[.2,.4,.6,.8]) within group (order by days) as d,
           percentile_cont(array[.2,.4,.6,.8]) within group (order by n) as n,
           percentile_cont(array[.2,.4,.6,.8]) within group (order by fen) as m from v)
       select concat_ws(',', case when v.name ~ '[",]' then '"' || replace(v.name, '"', '""') || '"' else v.name end,
         days, v.n, fen, 5 - (select count(*) from unnest(cut.d) x where x < days),
         1 + (select count(*) from unnest(cut.n) x where x < v.n), 1 + (select count(*) from unnest(cut.m) x where x < fen)) as line
       from v, cut order by name`,
    )
    expect(await table(dayString(day), "value")).toEqual(expected.map((r) => r.line))
  })

  it("fall into eight segments and 25 cells that add up, and one customer's kept cut points give the same score", async () => {
    for (const rule of ["value", "r"] as const) {
      const { base, scores } = await computeRfm(db, from + DAYS, rule)
      const sum = (list: { customers: number }[]) => list.reduce((n, one) => n + one.customers, 0)
      expect([sum(segmentSizes(base, scores)), sum(cubeOf(base, scores))]).toEqual([base.count, base.count])
      for (let i = 0; i < base.count; i++) {
        const customer = {
          recency_days: scores.recency_days[i]!,
          orders: base.orders[i]!,
          monetary_fen: base.monetary_fen[i]!,
        }
        expect(scoreOne(rule, scores.cuts!, customer)).toEqual({
          r: scores.r[i],
          f: scores.f[i],
          m: scores.m[i],
        })
      }
    }
  })
})
