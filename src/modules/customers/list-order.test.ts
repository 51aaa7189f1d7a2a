import { beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../kernel/ids.ts"
import { type Db, rows, run } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { listRows } from "./store.ts"

const MANY = 30_000
const owner = newId()
let db: Db
beforeAll(async () => {
  db = await testDb()
  await run(
    db,
    `insert into customers_customers (id, name, owner_staff_id, created_at, updated_at)
     select gen_random_uuid(), '客户' || n, case when n % 100 = 0 then $1::uuid end, '2026-01-01', '2026-01-01' from generate_series(1, $2::int) n`,
    [owner, MANY],
  )
  await run(db, "analyze customers_customers")
}, 60_000)

/** How PostgreSQL goes about the page that is asked for. */
async function planOf(filter: Parameters<typeof listRows>[1], before: number | null): Promise<string> {
  let asked = { text: "", params: [] as unknown[] }
  const listening = {
    async query(text: string, params: unknown[]) {
      asked = { text, params }
      return { rows: [] }
    },
  }
  await listRows(listening as never, filter, before, 51)
  const plan = await rows<{ "QUERY PLAN": string }>(db, `explain ${asked.text}`, asked.params)
  return plan.map((line) => line["QUERY PLAN"]).join("\n")
}

describe("the list of customers", () => {
  it("stands newest first, page by page, each once", async () => {
    const first = await listRows(db, { scope: null }, null, 3)
    expect(first.map((r) => r.name)).toEqual([`客户${MANY}`, `客户${MANY - 1}`, `客户${MANY - 2}`])
    const next = await listRows(db, { scope: null }, first.at(-1)!.number, 1)
    expect(next[0]?.name).toBe(`客户${MANY - 3}`)
  })

  it("is read off an index however many customers there are: nothing is sorted and no page is slower than the first", async () => {
    for (const before of [null, MANY / 2]) {
      // the first remark of each person on the page is looked up by itself
      const [plan = ""] = (await planOf({ scope: null }, before)).split("SubPlan")
      expect(plan).toMatch(/Index Scan Backward using customers_customers_number_key/)
      expect(plan).not.toMatch(/Sort|Seq Scan/)
    }
    const own = await planOf({ scope: [owner] }, null)
    expect(own).toMatch(/customers_customers_owner/)
    expect(own).not.toMatch(/Seq Scan on customers_customers/)
  })
})
