import { DAY_MS, parseDay, startOfDay } from "../../../kernel/day.ts"

/** What a goal can be set for, with its unit. */
export const GOALS = {
  net_gmv_fen: "fen",
  orders: "times",
  customers_new: "people",
} as const
export type GoalMeasure = keyof typeof GOALS
export const GOAL_MEASURES = Object.keys(GOALS) as GoalMeasure[]

/** By measure; none is no goal. */
export type Targets = { [measure in GoalMeasure]?: number | null | undefined }

/** Whether two say the same goals. */
export const areSame = (a: Targets, b: Targets): boolean =>
  GOAL_MEASURES.every((measure) => (a[measure] ?? null) === (b[measure] ?? null))

export type MonthSpan = { from_day: number; to_day: number; starts: Date; ends: Date }

/** The Shanghai days of a month such as `2026-11`; null where it is none. */
export function monthSpan(month: string): MonthSpan | null {
  const from_day = parseDay(`${month}-01`)
  if (from_day === null) return null
  const [year = 0, n = 0] = month.split("-").map(Number)
  const next = parseDay(n === 12 ? `${year + 1}-01-01` : `${year}-${String(n + 1).padStart(2, "0")}-01`)
  if (next === null) return null
  return { from_day, to_day: next - 1, starts: startOfDay(from_day), ends: startOfDay(next) }
}

/** Which part of a month is over: 0 before it, 1 after it. */
export function elapsedOf(span: MonthSpan, now: Date): number {
  const part = (now.getTime() - span.starts.getTime()) / (span.ends.getTime() - span.starts.getTime())
  return Math.min(1, Math.max(0, part))
}

/** What a month comes to if it goes on as until now; null before a whole day of it is over. */
export function forecast(so_far: number, span: MonthSpan, now: Date): number | null {
  if (now.getTime() - span.starts.getTime() < DAY_MS) return null
  return Math.round(so_far / elapsedOf(span, now))
}
