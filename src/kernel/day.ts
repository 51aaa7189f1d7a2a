/**
 * A day is the shop's day in Asia/Shanghai. China has kept UTC+8 without summer time since 1992, so a day number is plain
 * arithmetic and the same in JavaScript and SQL: floor((epoch seconds + 28800) / 86400).
 */
export const SHANGHAI_OFFSET_MS = 8 * 3_600_000
export const DAY_MS = 86_400_000

/** Days since 1970-01-01 in Shanghai. */
export function dayNumber(at: Date | number): number {
  return Math.floor((Number(at) + SHANGHAI_OFFSET_MS) / DAY_MS)
}

/** The instant at which a Shanghai day begins. */
export function startOfDay(day: number): Date {
  return new Date(day * DAY_MS - SHANGHAI_OFFSET_MS)
}

/** `2026-11-23` for a day number. */
export function dayString(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}

/** Day number of `YYYY-MM-DD`; null where the calendar has no such day (31 February is not 3 March). */
export function parseDay(text: string): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (!match) return null
  const ms = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]))
  const day = ms / DAY_MS
  return dayString(day) === text ? day : null
}

/** Minutes since midnight in Shanghai, 0 to 1439. */
export function minuteOfDay(at: Date | number): number {
  return Math.floor((Number(at) + SHANGHAI_OFFSET_MS - dayNumber(at) * DAY_MS) / 60_000)
}

/** The instant of a Shanghai day and a clock time such as `20:00`. */
export function atTime(day: number, hour: number, minute = 0): Date {
  return new Date(startOfDay(day).getTime() + (hour * 60 + minute) * 60_000)
}

/** SQL text of the same rule: the day number of a timestamptz expression. */
export function sqlDay(expression: string): string {
  return `floor((extract(epoch from ${expression}) + 28800) / 86400)::int`
}
