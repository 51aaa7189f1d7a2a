import fc from "fast-check"
import { beforeAll, describe, expect, it } from "vitest"
import type { SortPlace } from "../kernel/sort.ts"
import { type Db, rows, run } from "./db.ts"
import { type Keyset, pageAfter } from "./keyset.ts"
import { testDb } from "./testkit/index.ts"

let db: Db
beforeAll(async () => {
  db = await testDb()
  await run(db, "create table listed (id int primary key, n bigint, at timestamptz, sure int not null)")
})

const COLUMNS: Record<string, Keyset> = {
  n: { value: "l.n", kind: "integer", nullable: true, id: "l.id", id_type: "int" },
  at: { value: "l.at", kind: "moment", nullable: true, id: "l.id", id_type: "int" },
  sure: { value: "l.sure", kind: "integer", nullable: false, id: "l.id", id_type: "int" },
  id: { value: "l.id", kind: "integer", nullable: false, id: "l.id", id_type: "int" },
}
type Found = { id: number; sorted_by: number | null }

const page = (column: string, sort: string, after: SortPlace<number> | null, limit: number) =>
  pageAfter<Found>(COLUMNS[column]!, sort, after, limit, (stretch) => {
    const params: unknown[] = []
    const where = stretch.conditions((value) => `$${params.push(value)}`)
    return rows(
      db,
      `select l.id, ${stretch.sorted_by} as sorted_by from listed l ${where.length > 0 ? `where ${where.join(" and ")}` : ""}
       order by ${stretch.order} limit $${params.push(stretch.limit)}`,
      params,
    )
  })

/** Every page one after another, with something done between them. */
async function walk(column: string, sort: string, size: number, between?: () => Promise<void>) {
  const seen: number[] = []
  for (let after: SortPlace<number> | null = null; ; ) {
    const found: Found[] = await page(column, sort, after, size)
    seen.push(...found.map((r) => r.id))
    const last = found.at(-1)
    if (!last || found.length < size) return seen
    after = { sort, value: last.sorted_by, id: last.id }
    await between?.()
  }
}

/** As SQL orders all of it at once: those without a value last, whichever way. */
async function whole(column: string, sort: string) {
  const way = sort.startsWith("-") ? "desc" : "asc"
  const all = await rows<{ id: number }>(
    db,
    `select id from listed order by ${column} ${way} nulls last, id ${way}`,
  )
  return all.map((r) => r.id)
}

type Row = { n: number | null; at: number | null; sure: number }
async function fill(list: Row[], from = 0) {
  await run(
    db,
    `insert into listed (id, n, at, sure)
     select i, n, timestamptz '2026-11-29 00:00:00Z' + at * interval '1 microsecond', sure
     from unnest($1::int[], $2::bigint[], $3::bigint[], $4::int[]) x (i, n, at, sure)`,
    [list.map((_, i) => from + i), list.map((r) => r.n), list.map((r) => r.at), list.map((r) => r.sure)],
  )
}

/** Few values, so that many rows share one; moments closer to each other than a thousandth of a second. */
const row: fc.Arbitrary<Row> = fc.record({
  n: fc.option(fc.integer({ min: -2, max: 2 }), { freq: 3 }),
  at: fc.option(fc.integer({ min: 0, max: 3 }), { freq: 3 }),
  sure: fc.integer({ min: 0, max: 2 }),
})
const sort = fc.tuple(fc.constantFrom(...Object.keys(COLUMNS)), fc.constantFrom("", "-"))

describe("paging through a sorted list", () => {
  it("gives exactly the list in SQL's order, whatever the page size, the direction, the ties and the missing values", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 25 }),
        sort,
        fc.integer({ min: 1, max: 9 }),
        async (list, [column, sign], size) => {
          await run(db, "truncate listed")
          await fill(list)
          expect(await walk(column, sign + column, size)).toEqual(await whole(column, sign + column))
        },
      ),
      { numRuns: 150 },
    )
  })

  it("shows nobody twice and leaves out nobody who was there all along, while rows come in and go between two pages", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 4, maxLength: 20 }),
        fc.array(row, { minLength: 1, maxLength: 12 }),
        sort,
        fc.integer({ min: 1, max: 4 }),
        async (list, newcomers, [column, sign], size) => {
          await run(db, "truncate listed")
          // Those who stay have the odd places of their values; the even ones leave one by one.
          await fill(list)
          const stay = new Set(list.flatMap((_, id) => (id % 2 === 1 ? [id] : [])))
          const waiting = [...newcomers.entries()]
          const leaving = list.flatMap((_, id) => (id % 2 === 0 ? [id] : []))
          const seen = await walk(column, sign + column, size, async () => {
            const next = waiting.pop()
            if (next) await fill([next[1]], 1_000 + next[0])
            await run(db, "delete from listed where id = $1", [leaving.pop() ?? -1])
          })
          expect(new Set(seen).size).toBe(seen.length)
          const order = await whole(column, sign + column)
          expect(seen.filter((id) => stay.has(id))).toEqual(order.filter((id) => stay.has(id)))
        },
      ),
      { numRuns: 100 },
    )
  })

  it("a place under another sort is a bug of the caller, never another list", async () => {
    await expect(page("n", "-n", { sort: "n", value: 1, id: 1 }, 5)).rejects.toThrow(
      /under n is none under -n/,
    )
  })
})
