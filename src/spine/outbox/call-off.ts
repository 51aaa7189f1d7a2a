import { type Db, type Queryable, rows, run, type Tx, tx } from "../../platform/db.ts"
import { cancelByCause } from "./assignments.ts"
import { CALL_OFF_BATCH, CALL_OFF_CAUSES } from "./limits.ts"
import { callOffHandwork, OPEN_HANDWORK } from "./tasks.ts"
import { cancelTouches } from "./touches.ts"

/** A touch that can be called off now, and one that the channel may yet give back to be tried again. */
const OPEN = `(o.state in ('planned', 'unplaced') or exists (select from outbox_assignments a where ${OPEN_HANDWORK}))`
const UNDECIDED = "o.state in ('sending', 'unknown')"

/**
 * Calls off what stopped enrolments still intended: touches not yet handed over, assignments not yet done. What is more than one
 * transaction takes, and what is with the channel but may come back from it, is remembered for `tendCalledOff`.
 */
export async function callOffPlay(
  t: Tx,
  enrolment_ids: readonly string[],
  reason: string,
  now: Date,
  limit = CALL_OFF_BATCH,
): Promise<void> {
  await callOffPiece(t, enrolment_ids, reason, now, limit)
  const open = await rows<{ cause_key: string }>(
    t,
    `select cause_key from outbox_assignments where split_part(cause_key, '/', 1) = any($1) and state in ('open', 'missed')`,
    [enrolment_ids.map((id) => `play:${id}`)],
  )
  await cancelByCause(
    t,
    open.map((o) => o.cause_key),
    reason,
    now,
  )
  await run(
    t,
    `insert into outbox_called_off (cause_id, reason)
     select distinct o.cause_id, $2 from outbox_touches o
     where o.cause_id = any($1::uuid[]) and o.cause_kind = 'play' and (${OPEN} or ${UNDECIDED})
     on conflict do nothing`,
    [enrolment_ids, reason],
  )
}

/** Calls off what stopped enrolments have left, piece by piece, and forgets those that have nothing. Gives how many it called off. */
export async function tendCalledOff(db: Db, now: Date, limit = CALL_OFF_BATCH): Promise<number> {
  await run(
    db,
    `delete from outbox_called_off c where not exists (select from outbox_touches o
       where o.cause_id = c.cause_id and o.cause_kind = 'play' and (${OPEN} or ${UNDECIDED}))`,
  )
  const left = await withOpen(db)
  if (left.length === 0) return 0
  // one reason in a round: the next round takes the next
  const { reason } = left[0]!
  const ids = left.filter((c) => c.reason === reason).map((c) => c.cause_id)
  return tx(db, (t) => callOffPiece(t, ids, reason, now, limit))
}

function withOpen(q: Queryable): Promise<{ cause_id: string; reason: string }[]> {
  return rows(
    q,
    `select cause_id, reason from outbox_called_off c where exists (select from outbox_touches o
       where o.cause_id = c.cause_id and o.cause_kind = 'play' and ${OPEN}) order by cause_id limit $1`,
    [CALL_OFF_CAUSES],
  )
}

async function callOffPiece(t: Tx, ids: readonly string[], reason: string, now: Date, limit: number) {
  const touches = await cancelTouches(t, { kind: "play", ids }, reason, now, limit)
  return touches + (await callOffHandwork(t, { kind: "play", ids }, reason, now, limit))
}
