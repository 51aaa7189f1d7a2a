import { type Queryable, rows } from "../../platform/db.ts"
import type { SendState } from "./sends.ts"

/** A send that goes on or ended lately: how many people it is about, of how many the outcome is known, and what that is. */
export type SendLately = {
  id: string
  state: SendState
  ended_at: Date | null
  planned: number
  settled: number
  delivered: number
}

type Tally = Partial<Record<string, number>>
const OPEN = ["unplaced", "planned", "sending", "sent_to_staff", "confirmed"]

/**
 * Sends under way and those that ended after `since`, whoever's; of some authors only where asked so. Only the touches of sends
 * under way are counted: those of an ended one were counted when it ended.
 */
export async function sendsLately(
  q: Queryable,
  asked: { authors: readonly string[] | null; since: Date; limit: number },
): Promise<SendLately[]> {
  const found = await rows<{ id: string; state: SendState; ended_at: Date | null; tally: Tally | null }>(
    q,
    `select s.id, s.state, s.ended_at, coalesce(s.tally, case when s.state in ('planning', 'running', 'paused') then
       (select jsonb_object_agg(o.state, o.n) from (select state, count(*) as n from outbox_touches
         where cause_id = s.id and cause_kind = 'send' group by state) o) end) as tally
     from outbox_sends s
     where ($1::uuid[] is null or s.author_id = any($1))
       and (s.ended_at > $2 or (s.ended_at is null and s.state in ('awaiting_approval', 'planning', 'running', 'paused')))
     order by s.ended_at desc nulls first, s.made_at desc limit $3`,
    [asked.authors, asked.since, asked.limit],
  )
  return found.map(({ tally, ...send }) => ({ ...send, ...counted(tally ?? {}) }))
}

function counted(tally: Tally) {
  const sum = (states: string[]) => states.reduce((n, state) => n + (tally[state] ?? 0), 0)
  const planned = sum(Object.keys(tally)) - (tally.left_out ?? 0)
  return { planned, settled: planned - sum(OPEN), delivered: tally.delivered ?? 0 }
}
