import { type Queryable, rows } from "../../platform/db.ts"
import type { Fact } from "./fact.ts"
import { TIMELINE_PAGE } from "./limits.ts"

/** One subject's facts, with those of whoever became part of it, newest first, from below `before`: the key of the last one seen. */
export function timeline(
  q: Queryable,
  subject: string,
  options: {
    before?: { occurred_at: Date; id: number } | null
    types?: string[] | null
    limit?: number
  } = {},
): Promise<Fact[]> {
  const { before, types, limit = TIMELINE_PAGE } = options
  return rows<Fact>(
    q,
    `select f.* from (select $1::uuid as name union all select from_id from facts_merged where into_id = $1) n
     cross join lateral (
       select tx::text as tx, id, type, $1::uuid as subject, case origin when 'l' then 'live' else 'history' end as origin,
         occurred_at, recorded_at, payload
       from facts
       where subject = n.name and ($2::timestamptz is null or (occurred_at, id) < ($2, $3::bigint))
         and ($4::text[] is null or type = any($4))
       order by occurred_at desc, id desc limit $5) f
     order by occurred_at desc, id desc limit $5`,
    [subject, before?.occurred_at ?? null, before?.id ?? 0, types ?? null, limit],
  )
}
