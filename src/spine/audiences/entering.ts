import { type Refusal, refuse } from "../../kernel/result.ts"
import { type Db, oneRow, rows, type Tx, tx } from "../../platform/db.ts"
import type { Conditional, Registry, Test } from "../offers/index.ts"
import { columnOf, ROW, TRAITS_TABLE, type Values, wordsOf } from "../traits/index.ts"
import { type Audience, atMoment } from "./audience.ts"
import { holds, testsOf } from "./evaluate.ts"
import { ENTERING_BATCH } from "./limits.ts"
import { conditionSql } from "./sql.ts"

/** Up to where somebody has looked: everything committed at a snapshot, as a rule was understood on a day. */
export type Place = { position: string; day: number }

/** Where the present ends: the place to begin to look from. */
export async function placeNow(db: Db, day: number): Promise<Place> {
  const { position } = await oneRow<{ position: string }>(
    db,
    "select pg_current_snapshot()::text as position",
  )
  return { position, day }
}

/**
 * Who matches now, on the audience's day, and did not at `since`: found from the customers whose traits changed in between and
 * from those who crossed a border of days, never by asking everybody again. Exact, also while others write: who enters is told
 * once, if the next question begins at the place that this answer gives. Refused: `position_lost` (what changed since then was
 * thrown away), `not_followed` (the rule asks rows, of which no changes are kept).
 */
export async function entering(
  db: Db,
  audience: Audience,
  since: Place,
): Promise<{ customers: string[]; to: Place } | Refusal<"position_lost" | "not_followed">> {
  if (audience.views.length > 0) return refuse("not_followed")
  return tx(db, async (t) => {
    await t.query("set transaction isolation level repeatable read read only")
    const here = await oneRow<{ position: string; lost: boolean }>(
      t,
      `select pg_current_snapshot()::text as position,
         pg_snapshot_xmin($1::pg_snapshot) < (select tx from traits_floor) as lost`,
      [since.position],
    )
    if (here.lost) return refuse("position_lost")
    const before = await valuesBefore(t, audience, since.position)
    const then = atMoment(audience, { day: since.day })
    const numbers = new Set(before.keys())
    for (const n of await crossed(t, audience, then)) numbers.add(n)
    const customers: string[] = []
    const all = [...numbers]
    for (let at = 0; at < all.length; at += ENTERING_BATCH)
      for (const c of await matchingNow(t, audience, all.slice(at, at + ENTERING_BATCH))) {
        const old = before.get(c.number)
        const wasThere = old?.[ROW] !== false
        if (!wasThere || !holds(then.conditional, { ...c.values, ...old } as Values))
          customers.push(c.customer_id)
      }
    return { customers: customers.sort(), to: { position: here.position, day: audience.moment.day } }
  })
}

type Old = Record<string, Values[string] | boolean>

/** What the traits that the rule asks were at a position, of the customers who changed since; of these only, where some are named. */
export async function valuesBefore(
  t: Tx,
  audience: Audience,
  position: string,
  numbers: readonly number[] | null = null,
): Promise<Map<number, Old>> {
  const found = await rows<{ trait: string; number: number; old: unknown }>(
    t,
    `select distinct on (c.trait, u.number) c.trait, u.number, u.old
     from traits_changes c, rows from (unnest(c.numbers), jsonb_array_elements(c.old)) as u (number, old)
     where c.tx >= pg_snapshot_xmin($1::pg_snapshot) and not pg_visible_in_snapshot(c.tx, $1::pg_snapshot) and c.trait = any($2)
       and ($3::int[] is null or c.numbers && $3 and u.number = any($3))
     order by c.trait, u.number, c.id`,
    [position, [ROW, ...audience.traits], numbers],
  )
  const isSet = setsIn(audience.registry)
  const words = await wordsOf(
    t,
    found.flatMap((f) => (isSet(f.trait) ? ((f.old as number[] | null) ?? []) : [])),
  )
  const before = new Map<number, Old>()
  for (const { trait, number, old } of found) {
    const values = before.get(number) ?? {}
    values[trait] = isSet(trait) ? wordList(old, words) : (old as Values[string])
    before.set(number, values)
  }
  return before
}

/** Who matches now and lies on another side of a border of days than on the other day. */
async function crossed(t: Tx, now: Audience, then: Audience): Promise<number[]> {
  const pairs = pairsOf(now.conditional, then.conditional)
  if (pairs.length === 0) return []
  const params: unknown[] = []
  const sql = (c: Conditional) => conditionSql(now.registry, c, params)
  const moved = pairs.map(([a, b]) => `((${sql(a)}) is true) <> ((${sql(b)}) is true)`).join(" or ")
  const found = await rows<{ number: number }>(
    t,
    `select c.number from ${TRAITS_TABLE} c where (${moved}) and ${sql(now.conditional)}`,
    params,
  )
  return found.map((r) => r.number)
}

/** The questions that read differently on two days; the whole rule where the two have not even one shape. */
function pairsOf(now: Conditional, then: Conditional): [Conditional, Conditional][] {
  const [a, b] = [testsOf(now) as Test[], testsOf(then) as Test[]]
  if (a.length !== b.length) return [[now, then]]
  return a.flatMap((test, i) =>
    JSON.stringify(test) === JSON.stringify(b[i]) ? [] : [[test, b[i]!] as [Conditional, Conditional]],
  )
}

async function matchingNow(
  t: Tx,
  audience: Audience,
  numbers: readonly number[],
): Promise<{ customer_id: string; number: number; values: Values }[]> {
  const params: unknown[] = [numbers]
  const where = conditionSql(audience.registry, audience.conditional, params)
  const list = ["c.customer_id", "c.number", ...audience.traits.map((name) => `c.${columnOf(name)}`)]
  const found = await rows<Record<string, unknown> & { customer_id: string; number: number }>(
    t,
    `select ${list.join(", ")} from ${TRAITS_TABLE} c where c.number = any($1::int[]) and ${where}`,
    params,
  )
  const isSet = setsIn(audience.registry)
  const sets = audience.traits.filter(isSet)
  const words = await wordsOf(
    t,
    found.flatMap((row) => sets.flatMap((name) => (row[name] as number[] | null) ?? [])),
  )
  return found.map((row) => ({
    customer_id: row.customer_id,
    number: row.number,
    values: Object.fromEntries(
      audience.traits.map((name) => [
        name,
        isSet(name) ? wordList(row[name], words) : (row[name] as Values[string]),
      ]),
    ),
  }))
}

const setsIn = (registry: Registry) => (trait: string) => registry.traits.get(trait)?.kind === "tags"

function wordList(ids: unknown, words: ReadonlyMap<number, string>): string[] {
  return ((ids ?? []) as number[]).map((id) => words.get(id) ?? "")
}
