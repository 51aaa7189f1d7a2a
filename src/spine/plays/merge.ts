import { rows, run, type Tx } from "../../platform/db.ts"
import { type Carry, carryRows, type Merged } from "../facts/index.ts"
import { leaveEndings } from "./end.ts"

/**
 * Enrolments of both, numbered on. Whoever is in a play already does not go through it twice at once: the enrolment of the one
 * who goes ends, and what it still intended is called off.
 */
export function carryPlays(
  onStopped: (t: Tx, enrolment_ids: readonly string[], reason: string, now: Date) => Promise<void>,
): Carry {
  return {
    name: "plays",
    tables: [
      { table: "plays_enrolments", by: ["id"] },
      { table: "plays_steps", follows: { table: "plays_enrolments", key: "id", by: "enrolment_id" } },
    ],
    async carry(t, pair, now) {
      await leaveEndings(t, pair.from, onStopped, now)
      const stopped = await stopTwice(t, pair, now)
      if (stopped.length > 0) await onStopped(t, stopped, REASON, now)
      await run(
        t,
        `update plays_enrolments e set customer_id = $2,
           entry = e.entry + coalesce((select max(o.entry) from plays_enrolments o
             where o.customer_id = $2 and o.play_id = e.play_id), 0),
           entered_by = case when exists (select from plays_enrolments o
               where o.customer_id = $2 and o.play_id = e.play_id and o.entered_by = e.entered_by)
             then e.entered_by || '/' || $1::text else e.entered_by end
         where e.customer_id = $1`,
        [pair.from, pair.into],
      )
      await carryRows(t, pair, "plays_steps")
    },
  }
}

const REASON = "merged"

async function stopTwice(t: Tx, { from, into }: Merged, now: Date): Promise<string[]> {
  const found = await rows<{ id: string }>(
    t,
    `update plays_enrolments e set state = 'stopped', reason = $3, ended_at = $4
     where e.customer_id = $1 and e.state = 'active' and exists (
       select from plays_enrolments o where o.customer_id = $2 and o.play_id = e.play_id and o.state = 'active')
     returning e.id`,
    [from, into, REASON, now],
  )
  return found.map((r) => r.id)
}
