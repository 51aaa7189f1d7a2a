import { maybeRow, oneRow, type Queryable, rows, run, type Tx } from "../../../platform/db.ts"
import { TRAITS_TABLE } from "../../../spine/traits/index.ts"
import type { Quality } from "./contract.ts"

export type Taken = { taken_at: Date; settings: { stale_days: number }; body: Quality }

export const lastQuality = (q: Queryable) =>
  maybeRow<Taken>(q, "select taken_at, settings, body from tags_quality")

export function saveQuality(q: Queryable, taken: Taken): Promise<number> {
  return run(
    q,
    `insert into tags_quality (taken_at, settings, body) values ($1, $2, $3)
     on conflict (one) do update set taken_at = excluded.taken_at, settings = excluded.settings, body = excluded.body`,
    [taken.taken_at, JSON.stringify(taken.settings), JSON.stringify(taken.body)],
  )
}

/** One worker counts at a time; others need not. */
export async function mayCount(t: Tx): Promise<boolean> {
  const { got } = await oneRow<{ got: boolean }>(
    t,
    "select pg_try_advisory_xact_lock(hashtextextended('tags:quality', 7250)) as got",
  )
  return got
}

/** How many customers there are, and how many of them have a tag of each group: one look over the projection. */
export async function coverage(
  q: Queryable,
  groups: readonly { id: string; tags: readonly string[] }[],
): Promise<{ people: number; covered: number[] }> {
  const params = groups.map((g) => g.tags)
  const filters = groups.map(
    (_, i) =>
      `count(*) filter (where c."tags.all" && array(select id from traits_words where word = any($${i + 1}::text[])))::int as g${i}`,
  )
  const row = await oneRow<Record<string, number>>(
    q,
    `select count(*)::int as people${filters.map((f) => `, ${f}`).join("")} from ${TRAITS_TABLE} c`,
    params,
  )
  return { people: row.people!, covered: groups.map((_, i) => row[`g${i}`]!) }
}

export async function wearersByTag(q: Queryable): Promise<Record<string, number>> {
  const found = await rows<{ tag_id: string; n: number }>(
    q,
    "select tag_id, count(*)::int as n from tags_assignments group by tag_id",
  )
  return Object.fromEntries(found.map((r) => [r.tag_id, r.n]))
}
