import { beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../kernel/ids.ts"
import type { SortPlace } from "../../kernel/sort.ts"
import { type Db, rows, run } from "../../platform/db.ts"
import { WALK_ROWS } from "../../platform/keyset.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { createRegistry, type TraitOffer } from "../../spine/offers/index.ts"
import { prepareTraits } from "../../spine/traits/index.ts"
import type { CustomerSort } from "./contract.ts"
import type { ListFilter } from "./store-filter.ts"
import { listRows } from "./store-list.ts"

const MANY = 30_000
const PAGE = 51
const owner = newId()
const trait = (name: string, kind: TraitOffer["kind"], listed: boolean): TraitOffer => ({
  name,
  kind,
  label: { zh: name, en: name },
  ...(listed ? { listed } : {}),
})
const traits = [
  trait("orders.last_day", "day", true),
  trait("orders.gmv_fen", "number", true),
  trait("orders.count", "number", true),
  trait("points.balance", "number", true),
  trait("customers.stage", "text", false),
  trait("customers.standing", "text", false),
]
/** By the column of the list: the index that serves it, and a value in the middle. */
const SORTS = {
  first_contact: { index: "customers_customers_first_contact", value: Date.UTC(2026, 0, 10) * 1_000 },
  last_order: { index: "traits_customers_by_orders.last_day", value: 20_400 },
  gmv: { index: "traits_customers_by_orders.gmv_fen", value: 50_000 },
  orders: { index: "traits_customers_by_orders.count", value: 3 },
  points: { index: "traits_customers_by_points.balance", value: 400 },
} as const
let db: Db
beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, createRegistry([{ module: "orders", traits }]))
  await run(
    db,
    `insert into customers_customers (id, name, owner_staff_id, first_contact_at, created_at, updated_at)
     select gen_random_uuid(), '客户' || n, case when n % 100 = 0 then $1::uuid end,
       case when n % 4 > 0 then timestamptz '2026-01-01' + n % 1000 * interval '30 minutes 0.000001 seconds' end, '2026-01-01', '2026-01-01'
     from generate_series(1, $2::int) n`,
    [owner, MANY],
  )
  // Every third has bought nothing; what the others bought is shared by many.
  await run(
    db,
    `insert into traits_customers (customer_id, number, scope_id, "orders.last_day", "orders.gmv_fen", "orders.count", "points.balance",
       "customers.stage")
     select id, number, owner_staff_id, case when number % 3 > 0 then 20000 + number % 800 end,
       case when number % 3 > 0 then number % 977 * 100 end, case when number % 3 > 0 then 1 + number % 7 end,
       case when number % 3 > 0 then number % 13 * 50 end, case when number % 10 = 0 then 'member' else 'prospect' end
     from customers_customers`,
  )
  await run(db, "analyze customers_customers")
  await run(db, "vacuum analyze traits_customers")
}, 60_000)

/** How PostgreSQL goes about the page that is asked for: a plan a statement. */
async function plansOf(
  filter: ListFilter,
  sort: CustomerSort,
  after: SortPlace<number> | null,
  explain = "explain",
) {
  const asked: { text: string; params: unknown[] }[] = []
  const listening = {
    async query(text: string, params: unknown[]) {
      asked.push({ text, params })
      return { rows: [] }
    },
  }
  await listRows(listening as never, filter, sort, after, PAGE)
  return Promise.all(
    asked.map(async ({ text, params }) => {
      const plan = await rows<{ "QUERY PLAN": string }>(db, `${explain} ${text}`, params)
      // the first remark of each person on the page is looked up by itself
      return (
        plan
          .map((line) => line["QUERY PLAN"])
          .join("\n")
          .split("SubPlan")[0] ?? ""
      )
    }),
  )
}

/** The names of the whole list, page by page. */
async function walked(filter: ListFilter, sort: CustomerSort, size: number) {
  const names: string[] = []
  for (let after: SortPlace<number> | null = null; ; ) {
    const page: Awaited<ReturnType<typeof listRows>> = await listRows(db, filter, sort, after, size)
    names.push(...page.map((r) => r.name))
    const last = page.at(-1)
    if (!last || page.length < size) return names
    after = { sort, value: last.sorted_by, id: last.number }
  }
}

describe("the list of customers", () => {
  it("stands newest first, page by page, each once", async () => {
    const first = await listRows(db, { scope: null }, "-created", null, 3)
    expect(first.map((r) => r.name)).toEqual([`客户${MANY}`, `客户${MANY - 1}`, `客户${MANY - 2}`])
    const { number, sorted_by } = first.at(-1)!
    const next = await listRows(
      db,
      { scope: null },
      "-created",
      { sort: "-created", value: sorted_by, id: number },
      1,
    )
    expect(next[0]?.name).toBe(`客户${MANY - 3}`)
  })

  it("is read off an index however many customers there are: nothing is sorted and no page is slower than the first", async () => {
    for (const value of [null, MANY / 2]) {
      const after = value === null ? null : { sort: "-created", value, id: value }
      const [plan = ""] = await plansOf({ scope: null }, "-created", after)
      expect(plan).toMatch(/Index Scan Backward using customers_customers_number_key/)
      expect(plan).not.toMatch(/Sort|Seq Scan/)
    }
    const [own = ""] = await plansOf({ scope: [owner] }, "-created", null)
    expect(own).toMatch(/customers_customers_of_owner/)
    expect(own).not.toMatch(/Seq Scan on customers_customers/)
  })

  it.each(Object.entries(SORTS))(
    "by %s it is read off an index too, both ways, from any place and among those without a value",
    async (column, { index, value }) => {
      for (const sort of [column, `-${column}`] as CustomerSort[])
        for (const after of [null, { sort, value, id: MANY / 2 }, { sort, value: null, id: MANY / 2 }]) {
          const plans = await plansOf({ scope: null }, sort, after)
          expect(plans).toHaveLength(after?.value === null ? 1 : 2)
          for (const plan of plans) {
            expect(plan).toContain(index)
            expect(plan).not.toMatch(/Sort|Seq Scan/)
          }
        }
    },
  )

  it("is not walked through to its end for the few whom a filter holds: after some thousands these are gathered", async () => {
    const nobody = { scope: [newId()] }
    const [walk = "", gather = ""] = await plansOf(nobody, "-gmv", null, "explain (analyze, timing off)")
    const seen = /actual rows=(\d+)/.exec(
      walk.split("\n").find((line) => line.includes(SORTS.gmv.index)) ?? "",
    )
    expect(Number(seen?.[1])).toBe(WALK_ROWS)
    expect(gather).toContain("traits_customers_scope")
    expect(gather).not.toMatch(/Seq Scan/)
  })

  it("sorted, a filter or a scope leaves out rows and changes no order: everybody once, who has no value last", async () => {
    const filters: ListFilter[] = [{ scope: [owner] }, { scope: [owner], stage: "member" }]
    for (const filter of filters)
      for (const [column, by] of [
        ["gmv", `t."orders.gmv_fen"`],
        ["last_order", `t."orders.last_day"`],
        ["first_contact", "c.first_contact_at"],
      ] as const)
        for (const sort of [column, `-${column}`] as CustomerSort[]) {
          const way = sort.startsWith("-") ? "desc" : "asc"
          const all = await rows<{ name: string }>(
            db,
            `select name from customers_customers c join traits_customers t on t.customer_id = c.id
             where c.owner_staff_id = $1 and ($2::text is null or t."customers.stage" = $2)
             order by ${by} ${way} nulls last, c.number ${way}`,
            [owner, filter.stage ?? null],
          )
          expect(await walked(filter, sort, 70)).toEqual(all.map((r) => r.name))
        }
  })
})
