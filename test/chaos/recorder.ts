import { z } from "zod"
import { type Queryable, rows, run } from "../../src/platform/db.ts"
import { defineFact, type FactHandler } from "../../src/spine/facts/index.ts"
import { defineBook } from "../../src/spine/ledger/index.ts"

/** What the scenarios tell: a numbered fact of somebody, and points that moved. */
export const counted = defineFact("chaos.counted", z.object({ n: z.number().int() }))
export const moved = defineFact("chaos.moved", z.object({ posting: z.string(), amount: z.number().int() }))

export const BOOK = "chaos"
defineBook({
  name: BOOK,
  unit: "point",
  accounts: {
    wallet: { of: "each", floor: 0, shortfall: "owed", reserve: "reserved" },
    owed: { of: "each", ceiling: 0 },
    reserved: { of: "each", floor: 0 },
    issue: { of: "house" },
  },
})

/** Where handlers note what they took. No key forbids a second note: a fact handled twice must be seen. */
export async function prepareNotes(q: Queryable): Promise<void> {
  await run(
    q,
    `create table if not exists chaos_notes (
       at bigint generated always as identity, handler text, subject uuid, type text, n bigint, posting text, by int)`,
  )
}

const note = (name: string, batch: number): FactHandler => ({
  name,
  types: [counted.type, moved.type],
  origins: "all",
  batch,
  async handle(t, facts) {
    await run(
      t,
      `insert into chaos_notes (handler, subject, type, n, posting, by)
       select $1, f.subject, f.type, (f.payload ->> 'n')::bigint, f.payload ->> 'posting', $5
       from unnest($2::uuid[], $3::text[], $4::jsonb[]) with ordinality f (subject, type, payload, place) order by place`,
      [
        name,
        facts.map((f) => f.subject),
        facts.map((f) => f.type),
        facts.map((f) => JSON.stringify(f.payload)),
        process.pid,
      ],
    )
  },
})

/** Two readers of the same facts, one in big and one in small steps. */
export const RECORDERS: FactHandler[] = [note("chaos.big", 500), note("chaos.small", 50)]

/** How often each handler noted what it should have noted once, and how often out of order. */
export async function readNotes(
  q: Queryable,
): Promise<{ handler: string; notes: number; twice: number; out_of_order: number; workers: number }[]> {
  return rows(
    q,
    `with placed as (
       select *, lag(n) over (partition by handler, subject order by at) as before from chaos_notes)
     select handler, count(*) as notes,
       count(*) - count(distinct (subject, type, coalesce(n::text, posting))) as twice,
       count(*) filter (where n < before) as out_of_order,
       count(distinct by) as workers
     from placed group by handler order by handler`,
  )
}
