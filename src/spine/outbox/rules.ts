import { chance } from "../../kernel/chance.ts"
import { atTime, dayNumber, minuteOfDay, startOfDay } from "../../kernel/day.ts"
import { HOLE, VARIABLES } from "../../kernel/holes.ts"
import { BACKOFF_FIRST_MS, BACKOFF_MAX_MS, HANDWORK_MINUTES } from "./limits.ts"

const DAY_MINUTES = 24 * 60

/** What a touch is to the person: only `selling` counts in the cap; `answer` (welcome, reply) also goes out at night. */
export const NATURES = ["selling", "service", "answer"] as const
export type Nature = (typeof NATURES)[number]

/** The caps and quiet hours of one day, read from the dated table. Minutes since midnight, Asia/Shanghai. */
export type Caps = {
  per_day: number
  per_week: number
  /** Messages of any nature that a platform lets one person get in a calendar month; null where none is below one a day. */
  per_month: number | null
  quiet_from: number
  quiet_until: number
}

/** Whether nothing may go out at this moment. Equal bounds mean no quiet hours. */
export function isQuiet(at: Date, caps: Caps): boolean {
  const minute = minuteOfDay(at)
  if (caps.quiet_from === caps.quiet_until) return false
  return caps.quiet_from < caps.quiet_until
    ? minute >= caps.quiet_from && minute < caps.quiet_until
    : minute >= caps.quiet_from || minute < caps.quiet_until
}

/** Work handed to people today is due when quiet begins, or with the day where nothing is quiet; half an hour is always theirs. */
export function endOfWork(now: Date, caps: Pick<Caps, "quiet_from" | "quiet_until">): Date {
  const minute = minuteOfDay(now)
  const none = caps.quiet_from === caps.quiet_until
  const tomorrow = caps.quiet_from < caps.quiet_until && minute >= caps.quiet_until
  const end = none ? DAY_MINUTES : caps.quiet_from + (tomorrow ? DAY_MINUTES : 0)
  return new Date(now.getTime() + Math.max(end - minute, HANDWORK_MINUTES) * 60_000)
}

/** The first moment not before `at` at which something may go out. */
export function nextAllowed(at: Date, caps: Caps): Date {
  if (!isQuiet(at, caps)) return at
  const minute = minuteOfDay(at)
  const nextDay = caps.quiet_from > caps.quiet_until && minute >= caps.quiet_from
  return atTime(dayNumber(at) + (nextDay ? 1 : 0), 0, caps.quiet_until)
}

/**
 * Whether a person who has these days taken may be written to on `day`: at most per_day on it, and at most per_week in every
 * span of 7 days that holds it, later reservations included.
 */
export function capAllows(
  taken: readonly number[],
  day: number,
  caps: Pick<Caps, "per_day" | "per_week">,
): boolean {
  if (taken.filter((d) => d === day).length >= caps.per_day) return false
  for (let start = day - 6; start <= day; start++)
    if (taken.filter((d) => d >= start && d <= start + 6).length >= caps.per_week) return false
  return true
}

/** The same moment of another day: what does not fit today goes out tomorrow at its hour. */
export function onDay(at: Date, day: number): Date {
  return new Date(at.getTime() - startOfDay(dayNumber(at)).getTime() + startOfDay(day).getTime())
}

/** Pause before the next try: doubles, at most BACKOFF_MAX_MS, spread over its second half so that crowds do not come back together. */
export function backoff_ms(attempt: number, seed: string): number {
  const full = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.min(attempt - 1, 20))
  return Math.round(full / 2 + (full / 2) * chance(seed, attempt))
}

/** The variables of a text that nothing fills; empty where the text is in order. */
export function unknownVariables(text: string): string[] {
  const unknown = new Set<string>()
  for (const [, name] of text.matchAll(HOLE))
    if (!Object.hasOwn(VARIABLES, name ?? "")) unknown.add(name ?? "")
  return [...unknown]
}

export function hasVariables(text: string): boolean {
  return text.search(HOLE) !== -1
}

export { fillHoles as render } from "../../kernel/holes.ts"

/** Length as channels count it. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length
}

/** First day of the month of a moment in Shanghai, `2026-11-01`: the partition of everything a cause makes. */
export function partOf(at: Date): string {
  return new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 8) + "01"
}
