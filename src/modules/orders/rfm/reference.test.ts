import { existsSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { basename, join } from "node:path"
import { beforeAll, describe, expect, it } from "vitest"
import { dayNumber, parseDay } from "../../../kernel/day.ts"
import { parseFen } from "../../../kernel/money.ts"
import { isRefused } from "../../../kernel/result.ts"
import { type Db, oneRow } from "../../../platform/db.ts"
import { testDb } from "../../../platform/testkit/index.ts"
import { type ImportOptions, importFile } from "../../imports/index.ts"
import { ordersKind } from "../import/kind.ts"
import { computeRfm } from "./index.ts"
import type { RfmRule } from "./rules.ts"
import { rfmCsv } from "./table.ts"

const DATA = process.env.SIYU_REAL_DATA ?? ""
if (!DATA)
  console.warn("SIYU_REAL_DATA is not set: RFM was NOT checked against the real data and published results")

/** Published tables are compared only where the data is; that it was not is said above, by name of the variable. */
const real = describe.runIf(DATA !== "")

let db: Db

async function bring(file: string, mapping: ImportOptions["mapping"], over: Partial<ImportOptions> = {}) {
  const path = join(DATA, file)
  expect(existsSync(path), `${file} is part of SIYU_REAL_DATA`).toBe(true)
  const now = new Date("2026-11-23T04:00:00Z")
  const options = { mapping, header: true, source: basename(file), now, ...over }
  const counts: unknown[] = []
  for (let run = 0; run < 2; run++) {
    const result = await importFile(db, ordersKind(), path, options)
    if (isRefused(result)) throw new Error(result.refused)
    counts.push([result.read, result.imported, result.skipped, result.failed])
  }
  return counts
}

type Scored = { customer: string; days: number; orders: number; fen: number; score: string }

async function scored(day: string, rule: RfmRule): Promise<Scored[]> {
  const { base, scores } = await computeRfm(db, parseDay(day)!, rule)
  const text = Buffer.concat([...rfmCsv(base, scores)]).toString()
  return text
    .split("\n")
    .slice(1, -1)
    .map((line) => {
      const [customer = "", days, orders, fen, r, f, m] = line.split(",")
      return { customer, days: Number(days), orders: Number(orders), fen: Number(fen), score: `${r}${f}${m}` }
    })
}

async function published(file: string): Promise<string[][]> {
  const text = await readFile(join(DATA, file), "utf8")
  return text
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(","))
}

real("CDNOW, 69,659 purchases", () => {
  beforeAll(async () => {
    db = await testDb()
    const counts = await bring(
      "cdnow/CDNOW_master.txt",
      { customer: "customer_id", at: "date", amount: "dollar_value" },
      { delimiter: "whitespace" },
    )
    expect(counts).toEqual([
      [69_659, 69_659, 0, 0],
      [69_659, 0, 69_659, 0],
    ])
  }, 120_000)

  it("as of 1998-07-01 has 23,570 customers, 2,360 of them 555 by value and 2,509 by ntile", async () => {
    const value = await scored("1998-07-01", "value")
    expect(value.length).toBe(23_570)
    expect(value.reduce((sum, c) => sum + c.fen, 0)).toBe(250_031_563)
    expect(value.filter((c) => c.score === "555").length).toBe(2_360)
    expect((await scored("1998-07-01", "ntile")).filter((c) => c.score === "555").length).toBe(2_509)
  })

  it("keeps ids with their leading zeros", async () => {
    expect((await scored("1998-07-01", "value"))[0]).toMatchObject({
      customer: "00001",
      days: 546,
      fen: 1_177,
    })
  })
})

real("Online Retail, 13,239 invoices with cancellations", () => {
  it("lists whoever ordered, net of what was cancelled, and nobody else", async () => {
    db = await testDb()
    const counts = await bring("online_retail/invoices_dev.csv", {
      customer: "customer_id",
      at: "invoice_time",
      amount: "amount_gbp",
      order: "invoice_no",
    })
    expect(counts).toEqual([
      [13_239, 13_239, 0, 0],
      [13_239, 0, 13_239, 0],
    ])
    const expected = new Map<string, Scored>()
    const end = parseDay("2011-12-10")!
    for (const [, time = "", customer = "", , , , amount = ""] of await published(
      "online_retail/invoices_dev.csv",
    )) {
      const fen = parseFen(amount)!
      const days = end - dayNumber(new Date(`${time.replace(" ", "T")}:00+08:00`))
      const known = expected.get(customer) ?? { customer, days: 1e9, orders: 0, fen: 0, score: "" }
      known.fen += fen
      if (fen >= 0) {
        known.orders++
        known.days = Math.min(known.days, days)
      }
      expected.set(customer, known)
    }
    const got = await scored("2011-12-10", "value")
    const want = [...expected.values()]
      .filter((c) => c.orders > 0)
      .sort((a, b) => (a.customer < b.customer ? -1 : 1))
    expect(got.map((c) => ({ ...c, score: "" }))).toEqual(want)
  }, 60_000)
})

real("the R package's published results", () => {
  beforeAll(async () => {
    db = await testDb()
    await bring("rfm_reference/rfm_data_orders.csv", {
      customer: "customer_id",
      at: "order_date",
      amount: "revenue",
    })
  }, 60_000)

  it("are reproduced by rule r: the first ten customers, every column", async () => {
    const ten = (await published("rfm_reference/r_rfm_first10_published.csv")).map(
      ([customer, days, orders, amount, , score]) => ({
        customer,
        days: Number(days),
        orders: Number(orders),
        fen: Number(amount) * 100,
        score,
      }),
    )
    const ours = new Map((await scored("2006-12-31", "r")).map((c) => [c.customer, c]))
    expect(ours.size).toBe(995)
    expect(ten.map((c) => ours.get(c.customer!))).toEqual(ten)
  })

  it("and so is its summary of ten segments over all 995", async () => {
    const rules = await published("rfm_reference/r_rfm_segment_rules.csv")
    const segmentOf = (score: string) =>
      rules.find(([, ...bounds]) =>
        [0, 1, 2].every((i) => {
          const value = Number(score[i])
          return Number(bounds[2 * i]) <= value && value <= Number(bounds[2 * i + 1])
        }),
      )?.[0] ?? "Others"
    const summary = new Map<string, number[]>()
    for (const c of await scored("2006-12-31", "r")) {
      const sums = summary.get(segmentOf(c.score)) ?? [0, 0, 0]
      summary.set(segmentOf(c.score), [sums[0]! + 1, sums[1]! + c.orders, sums[2]! + c.fen / 100])
    }
    const want = await published("rfm_reference/r_rfm_segment_summary_published.csv")
    expect([...summary].map(([name, sums]) => [name, ...sums.map(String)]).sort()).toEqual(want.sort())
  })
})

real("the Superstore's published table", () => {
  it("agrees on recency, frequency and money of all 793 customers", async () => {
    db = await testDb()
    await bring("rfm_reference/superstore_orders.csv", {
      customer: "customer",
      at: "order_date",
      amount: "grand_total",
      order: "order_id",
    })
    expect((await oneRow<{ n: number }>(db, "select count(*) as n from orders_orders")).n).toBe(5_009)
    const ours = (await scored("2014-12-31", "value")).map((c) => [c.customer, c.orders, c.days, c.fen / 100])
    const want = (await published("rfm_reference/superstore_rfm_quartiles_published.csv")).map(
      ([customer, orders, days, money]) => [customer, Number(orders), Number(days), Number(money)],
    )
    const byName = (list: unknown[][]) => list.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))
    expect(byName(ours)).toEqual(byName(want))
  })
})
