import { run, type Tx } from "../../platform/db.ts"
import { append } from "../facts/index.ts"
import { openAssignments } from "./assignments.ts"
import type { DeedRow } from "./deeds.ts"
import { deedDone, deedFailed } from "./events.ts"
import { capsOn } from "./limit-table.ts"
import { endOfWork } from "./rules.ts"

export type DeedEnd = {
  deed: DeedRow
  end: "done" | "failed" | "expired" | "by_hand"
  reason: string | null
}

/** Ends deeds and tells it. What no interface does becomes the task of whoever holds the account; its tick is then the answer. */
export async function endDeeds(
  t: Tx,
  ends: readonly DeedEnd[],
  custodian: string | null,
  now: Date,
): Promise<void> {
  if (ends.length === 0) return
  await run(
    t,
    `update outbox_deeds o set state = e.state, reason = e.reason, ended_at = $4
     from unnest($1::text[], $2::text[], $3::text[]) e (key, state, reason) where o.key = e.key`,
    [ends.map((e) => e.deed.key), ends.map((e) => e.end), ends.map((e) => e.reason), now],
  )
  const handwork = ends.filter((e) => e.end === "by_hand")
  if (handwork.length > 0) {
    const due_at = endOfWork(now, await capsOn(t, now))
    await openAssignments(
      t,
      handwork.map(({ deed, reason }) => ({
        cause_key: `deed:${deed.key}`,
        kind: deed.touch_kind,
        title: deed.by_hand.title,
        script: deed.by_hand.script,
        reason,
        customer_id: deed.by_hand.customer_id,
        account_id: deed.account_id,
        assignee_staff_id: custodian,
        due_at,
      })),
      now,
    )
  }
  await append(
    t,
    ends
      .filter((e) => e.end !== "by_hand")
      .map(({ deed, end, reason }) => {
        const fact = { subject: deed.subject_id, occurred_at: now }
        const payload = { key: deed.key, kind: deed.touch_kind, account_id: deed.account_id }
        return end === "done"
          ? deedDone.of({ ...fact, payload })
          : deedFailed.of({ ...fact, payload: { ...payload, reason: reason ?? end } })
      }),
  )
}
