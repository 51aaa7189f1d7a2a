import { beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../kernel/ids.ts"
import type { SortPlace } from "../../kernel/sort.ts"
import { type Db, rows, run } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import type { SendSort } from "./contract.ts"
import { draftPage } from "./store.ts"

const now = new Date("2026-11-23T04:00:00Z")
const [mine, theirs] = [newId(), newId()]
const SENDS = 30
let db: Db
beforeAll(async () => {
  db = await testDb()
  // Five were written in one second, and some go out at one minute.
  await run(
    db,
    `insert into sends_sends (id, name, text, nature, rule, send_at, expires_at, author_id, created_at, updated_at)
     select gen_random_uuid(), 'S' || n, '…', 'service', '{}', $1::timestamptz + n * 7 % 6 * interval '1 minute', $1, case when n % 3 = 0 then $2 else $3 end::uuid,
       $1::timestamptz + n / 5 * interval '1 second', $1
     from generate_series(1, $4::int) n`,
    [now, mine, theirs, SENDS],
  )
})

async function walked(sort: SendSort, authors: string[] | null) {
  const names: string[] = []
  for (let after: SortPlace<string> | null = null; ; ) {
    const page: Awaited<ReturnType<typeof draftPage>> = await draftPage(db, authors, sort, after, 4)
    names.push(...page.map((s) => s.name))
    const last = page.at(-1)
    if (!last || page.length < 4) return names
    after = { sort, value: last.sorted_by, id: last.id }
  }
}

describe("the list of sends", () => {
  it.each(["created_at", "send_at"] as const)(
    "by %s holds each once, page by page, whoever's they are or one's own",
    async (column) => {
      for (const sort of [column, `-${column}`] as SendSort[])
        for (const authors of [null, [mine]]) {
          const way = sort.startsWith("-") ? "desc" : "asc"
          const all = await rows<{ name: string }>(
            db,
            `select name from sends_sends where $1::uuid[] is null or author_id = any($1) order by ${column} ${way}, id ${way}`,
            [authors],
          )
          expect(all).toHaveLength(authors ? SENDS / 3 : SENDS)
          expect(await walked(sort, authors)).toEqual(all.map((s) => s.name))
        }
    },
  )
})
