import { dayNumber } from "../../../kernel/day.ts"
import { type Refusal, refuse } from "../../../kernel/result.ts"
import { DISPUTE_DAYS } from "../limits.ts"

/** Pure: the Monday of a day's week, as a day number. Day 0 was a Thursday. */
export function weekOf(day: number): number {
  return day - ((((day + 3) % 7) + 7) % 7)
}

/** Pure: the share of what was judged that was right, in tenths of a percent; null where nothing was. */
export function scoreOf(found: { right: number; wrong: number; missing: number }): number | null {
  const judged = found.right + found.wrong + found.missing
  return judged === 0 ? null : Math.round((found.right * 1_000) / judged)
}

export type DisputeRefusal = Refusal<
  "not_own_work" | "not_judged" | "nothing_to_dispute" | "already_disputed" | "dispute_over"
>

/** Pure: why somebody may not say that a verdict is wrong; null for whose work it was, once, within some days. */
export function whyNotDispute(
  of: { staff_id: string; verdict: string | null; judged_at: Date | null; disputed_at: Date | null },
  who: string,
  now: Date,
): DisputeRefusal | null {
  if (of.staff_id !== who) return refuse("not_own_work")
  if (of.verdict === null || of.judged_at === null) return refuse("not_judged")
  if (of.verdict === "right") return refuse("nothing_to_dispute")
  if (of.disputed_at !== null) return refuse("already_disputed")
  if (dayNumber(now) > dayNumber(of.judged_at) + DISPUTE_DAYS)
    return refuse("dispute_over", { detail: { days: DISPUTE_DAYS } })
  return null
}
