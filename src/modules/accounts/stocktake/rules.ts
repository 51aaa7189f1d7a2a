import { dayNumber, parseDay } from "../../../kernel/day.ts"

export const DIFFERENCES = ["custodian_mismatch", "friends_off", "tags_off", "backup_old"] as const
export type Difference = (typeof DIFFERENCES)[number]

export type Expected = { custodian_staff_id: string | null; friends: number }
/** What somebody found; null is what they did not look at. */
export type Counted = {
  custodian_staff_id: string | null
  friends: number | null
  tags_ok: boolean | null
  backup_on: string | null
}
export type CountRules = { friends_tolerance_percent: number; backup_days: number }

/** In what an account that was counted is not as it was expected. */
export function differencesOf(
  expected: Expected,
  counted: Counted,
  rules: CountRules,
  now: Date,
): Difference[] {
  const off = counted.friends === null ? 0 : Math.abs(counted.friends - expected.friends)
  const backup = counted.backup_on === null ? null : parseDay(counted.backup_on)
  const found: Record<Difference, boolean> = {
    custodian_mismatch: counted.custodian_staff_id !== expected.custodian_staff_id,
    friends_off: off * 100 > rules.friends_tolerance_percent * expected.friends,
    tags_off: counted.tags_ok === false,
    backup_old: backup !== null && dayNumber(now) - backup > rules.backup_days,
  }
  return DIFFERENCES.filter((one) => found[one])
}

/** Whole percent of what was expected that was counted; an empty list is covered. */
export function coverage(counted: number, expected: number): number {
  return expected === 0 ? 100 : Math.floor((counted * 100) / expected)
}
