import type { Delivery, Outcome } from "../../channels/protocol/index.ts"
import { rows, run, type Tx } from "../../platform/db.ts"
import { append } from "../facts/index.ts"
import { openAssignments } from "./assignments.ts"
import { openCircuit } from "./circuits.ts"
import type { DeedRow } from "./deeds.ts"
import { deedDone, deedFailed } from "./events.ts"
import { capsOn } from "./limit-table.ts"
import { RESOLVE_TRIES, TOUCH_TRIES } from "./limits.ts"
import { backoff_ms, endOfWork } from "./rules.ts"

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

/** What an answer makes of a deed: an end, or another try after some machine time or on the next day of the shop. */
type Verdict =
  | { end: DeedEnd["end"]; reason: string | null }
  | { again: "waiting" | "unknown"; reason: string; after_ms: number; next_day: boolean }

/** Pure. No outcome, or an unknown one: it is asked about again, never repeated. */
export function verdictOn(deed: Pick<DeedRow, "key" | "attempts">, o: Outcome | undefined): Verdict {
  const wait_ms = backoff_ms(deed.attempts, deed.key)
  if (!o || o.outcome === "unknown") {
    if (deed.attempts >= RESOLVE_TRIES) return { end: "failed", reason: "nobody_knows" }
    return { again: "unknown", reason: o?.detail ?? "no_answer", after_ms: wait_ms, next_day: false }
  }
  if (o.outcome === "accepted") return { end: "done", reason: null }
  const { class: kind, code, retry_after_ms = 0 } = o.failure
  if (kind === "wait_window") return { again: "waiting", reason: code, after_ms: 0, next_day: true }
  if (kind === "stop" || (kind === "retry_later" && deed.attempts < TOUCH_TRIES))
    return { again: "waiting", reason: code, after_ms: Math.max(retry_after_ms, wait_ms), next_day: false }
  return { end: "failed", reason: code }
}

/** Writes down what became of a parcel's deeds, unless somebody else has taken it over in the meantime. */
export async function recordDeeds(
  t: Tx,
  list: readonly DeedRow[],
  delivery: Delivery | null,
  who: { channel: string; custodian: string | null },
  now: Date,
): Promise<void> {
  const mine = await rows<{ key: string }>(
    t,
    `select key from outbox_deeds where key = any($1) and parcel_id = $2 and attempts = $3 and state in ('handing', 'unknown')
     order by key for update`,
    [list.map((d) => d.key), list[0]!.parcel_id, list[0]!.attempts],
  )
  const open = new Set(mine.map((m) => m.key))
  const outcomes = new Map(delivery?.outcomes.map((o) => [o.key, o]))
  const byHand = new Set(delivery?.instructions?.map((i) => i.key))
  const ends: DeedEnd[] = []
  const again: (Extract<Verdict, { again: string }> & { key: string })[] = []
  for (const deed of list.filter((d) => open.has(d.key))) {
    const verdict = verdictOn(deed, outcomes.get(deed.key))
    if ("again" in verdict) again.push({ ...verdict, key: deed.key })
    else if (byHand.has(deed.key)) ends.push({ deed, end: "by_hand", reason: `cannot:${deed.touch_kind}` })
    else ends.push({ deed, ...verdict })
  }
  const stop = delivery?.outcomes.find((o) => o.outcome === "refused" && o.failure.class === "stop")
  if (stop?.outcome === "refused") await openCircuit(t, who.channel, stop.failure, now)
  await tryAgain(t, again)
  await endDeeds(t, ends, who.custodian, now)
}

/** A quota that is used up waits for the next day and has all its tries again; the rest waits by the machine's clock. */
async function tryAgain(
  t: Tx,
  again: readonly (Extract<Verdict, { again: string }> & { key: string })[],
): Promise<void> {
  if (again.length === 0) return
  await run(
    t,
    `update outbox_deeds o set state = k.state, reason = k.reason,
       due_at = case when k.next_day then o.due_at + interval '1 day' else o.due_at end,
       attempts = case when k.next_day then 0 else o.attempts end,
       next_try_at = clock_timestamp() + k.ms * interval '1 ms', lease_until = clock_timestamp() + k.ms * interval '1 ms'
     from unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::boolean[]) k (key, state, reason, ms, next_day)
     where o.key = k.key`,
    [
      again.map((k) => k.key),
      again.map((k) => k.again),
      again.map((k) => k.reason.slice(0, 200)),
      again.map((k) => k.after_ms),
      again.map((k) => k.next_day),
    ],
  )
}
