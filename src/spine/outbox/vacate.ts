import { rows, type Tx } from "../../platform/db.ts"
import { changeTouches, type TouchKey } from "./touches.ts"

/**
 * Takes what is planned through accounts that may not send any more away from them, the next due first, `limit` in one go: it is
 * placed anew, through another account that knows the person or not at all until one does. What is with the channel already stays.
 */
export async function vacateAccounts(
  t: Tx,
  account_ids: readonly string[],
  now: Date,
  limit: number,
): Promise<number> {
  const planned = await rows<TouchKey>(
    t,
    `select customer_id, cause_kind, cause_id, visit, part::text as part from outbox_touches
     where state = 'planned' and account_id = any($1::uuid[]) order by due_at limit $2 for update skip locked`,
    [account_ids, limit],
  )
  const moved = await changeTouches(
    t,
    planned.map((key) => ({ key, state: "unplaced", reason: "account_stopped" })),
    now,
    { from: ["planned"] },
  )
  return moved.length
}
