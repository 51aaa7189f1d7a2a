import type { z } from "zod"
import { DAY_MS } from "../../kernel/day.ts"
import { newId } from "../../kernel/ids.ts"
import { isRefused, type Refusal, refuse } from "../../kernel/result.ts"
import type { Tx } from "../../platform/db.ts"
import type { makeTransfer } from "./contract.ts"
import { AHEAD_DAYS_MAX } from "./limits.ts"
import { planTransfer, type TransferDeps } from "./plan.ts"
import {
  insertPassing,
  insertTransfer,
  lockTransfer,
  type Passing,
  plannedOf,
  setCancelled,
  settle,
} from "./store.ts"

/**
 * Writes a transfer down; it begins when its time has come. Refused like a plan, and where nobody is left to pass on
 * (`nobody_to_pass`), the number is not the confirmed one (`count_changed`), or the time is no good (`time_invalid`).
 */
export async function make(
  t: Tx,
  deps: TransferDeps,
  asked: Omit<z.output<typeof makeTransfer.body>, "confirmed"> & { confirmed?: number },
  by: { staff_id: string; scope: string[] | null },
  now: Date,
): Promise<{ id: string; customers: number } | Refusal> {
  const effective_at = asked.effective_at ?? now
  if (effective_at < now || effective_at.getTime() > now.getTime() + AHEAD_DAYS_MAX * DAY_MS)
    return refuse("time_invalid", { field: "effective_at" })
  const plan = await planTransfer(t, deps, asked, by.scope, now)
  if (isRefused(plan)) return plan
  const id = newId(now.getTime())
  const passing = plan.decided.flatMap(({ customer_id, owner_staff_id, decision }): Passing[] => {
    if (decision.kind === "held") return []
    const from = decision.kind === "move" ? decision : null
    return [
      {
        customer_id,
        transfer_id: id,
        from_account_id: from?.from_account_id ?? null,
        from_staff_id: owner_staff_id,
        to_account_id: plan.target.account_id,
        ref: from?.ref ?? null,
        resigned: from !== null && plan.gone.has(from.from_account_id),
      },
    ]
  })
  if (passing.length === 0) return refuse("nobody_to_pass")
  if (asked.confirmed !== undefined && passing.length !== asked.confirmed)
    return refuse("count_changed", { detail: { now: passing.length } })
  const { to_account_id, reason, note, message } = asked
  const source =
    "filter" in asked.who
      ? { kind: "filter" }
      : "segment_id" in asked.who
        ? { kind: "segment", id: asked.who.segment_id }
        : { kind: "people" }
  await insertTransfer(t, {
    id,
    to_account_id,
    reason,
    note,
    message,
    source,
    effective_at,
    made_at: now,
    made_by: by.staff_id,
  })
  // Whoever was passed on by somebody else in the meantime is on one way only: the number is to be confirmed again.
  if ((await insertPassing(t, passing, effective_at)) !== passing.length) return refuse("count_changed")
  return { id, customers: passing.length }
}

/** Calls off what has not begun. Refused: `not_found`, `nothing_waits`. */
export async function cancel(
  t: Tx,
  id: string,
  by: string,
  now: Date,
): Promise<{ cancelled: number } | Refusal<"not_found" | "nothing_waits">> {
  if (!(await lockTransfer(t, id))) return refuse("not_found")
  const planned = await plannedOf(t, id)
  if (planned.length === 0) return refuse("nothing_waits")
  await settle(
    t,
    planned.map((p) => ({ ...p, state: "cancelled" as const, reason: null })),
    now,
  )
  await setCancelled(t, id, by, now)
  return { cancelled: planned.length }
}
