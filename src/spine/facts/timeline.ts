import { type Queryable, rows } from "../../platform/db.ts"
import type { Fact } from "./fact.ts"
import { TIMELINE_PAGE } from "./limits.ts"

export type TimelinePage = { facts: Fact[]; next_cursor: string | null }

/** One subject's facts, newest first; `cursor` is where the last page ended. */
export async function timeline(
  q: Queryable,
  subject: string,
  options: { cursor?: string | null; types?: string[] | null; limit?: number } = {},
): Promise<TimelinePage> {
  const limit = Math.min(options.limit ?? TIMELINE_PAGE, TIMELINE_PAGE)
  const [at, id] = options.cursor?.split("_") ?? []
  const facts = await rows<Fact>(
    q,
    `select tx::text as tx, id, type, subject, case origin when 'l' then 'live' else 'history' end as origin,
       occurred_at, recorded_at, payload
     from facts
     where subject = $1 and ($2::timestamptz is null or (occurred_at, id) < ($2, $3::bigint))
       and ($4::text[] is null or type = any($4))
     order by occurred_at desc, id desc limit $5`,
    [subject, at ? new Date(Number(at)) : null, id ?? 0, options.types ?? null, limit + 1],
  )
  const page = facts.slice(0, limit)
  const last = page.at(-1)
  return {
    facts: page,
    next_cursor: facts.length > limit && last ? `${last.occurred_at.getTime()}_${last.id}` : null,
  }
}
