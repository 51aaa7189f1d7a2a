import type { Queryable } from "../../platform/db.ts"
import {
  type AccountProgress,
  openTasks,
  progressOf,
  type SenderAccount,
  type TouchState,
} from "../../spine/outbox/index.ts"
import { earnedOf } from "../../spine/outcomes/index.ts"

const sum = (list: readonly AccountProgress[], ...states: TouchState[]) =>
  list.filter((p) => states.includes(p.state)).reduce((s, p) => s + p.n, 0)

/** Pure: progress in the two blocks that the field reads: what staff did, and what customers got. */
export function blocks(progress: readonly AccountProgress[], names: ReadonlyMap<string, string>) {
  const ids = [...new Set(progress.flatMap((p) => (p.account_id ? [p.account_id] : [])))]
  const staff = ids.map((account_id) => {
    const mine = progress.filter((p) => p.account_id === account_id)
    const confirmed = sum(mine, "confirmed", "delivered", "not_friend", "over_quota")
    return {
      account_id,
      name: names.get(account_id) ?? "",
      sent_to_staff: confirmed + sum(mine, "sent_to_staff"),
      confirmed,
      pending: sum(mine, "sent_to_staff"),
    }
  })
  const customers = {
    planned: progress.reduce((s, p) => s + p.n, 0) - sum(progress, "left_out"),
    waiting: sum(progress, "unplaced", "planned", "sending", "sent_to_staff", "confirmed"),
    delivered: sum(progress, "delivered"),
    not_friend: sum(progress, "not_friend"),
    over_quota: sum(progress, "over_quota"),
    failed: sum(progress, "failed"),
    unknown: sum(progress, "unknown"),
    expired: sum(progress, "expired"),
    cancelled: sum(progress, "cancelled"),
    left_out: leftOut(progress),
  }
  return { staff, customers }
}

function leftOut(progress: readonly AccountProgress[]) {
  const reasons = new Map<string, number>()
  for (const p of progress)
    if (p.state === "left_out")
      reasons.set(p.reason ?? "unknown", (reasons.get(p.reason ?? "unknown") ?? 0) + p.n)
  return [...reasons].map(([reason, people]) => ({ reason, people }))
}

export async function resultsOf(q: Queryable, id: string, accounts: readonly SenderAccount[]) {
  const progress = await progressOf(q, id)
  const tasks = new Map((await openTasks(q, id)).map((o) => [o.account_id, o]))
  const { staff, customers } = blocks(progress, new Map(accounts.map((a) => [a.id, a.name])))
  return {
    staff: staff.map((s) => ({
      ...s,
      tasks_open: tasks.get(s.account_id)?.tasks ?? 0,
      reminded_at: tasks.get(s.account_id)?.reminded_at ?? null,
    })),
    customers,
    earned: await earnedOf(q, "send", id),
  }
}
