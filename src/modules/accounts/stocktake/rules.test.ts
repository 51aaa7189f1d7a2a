import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Counted, coverage, differencesOf } from "./rules.ts"

const now = new Date("2026-11-23T04:00:00Z")
const rules = { friends_tolerance_percent: 5, backup_days: 31 }
const expected = { custodian_staff_id: "a", friends: 1_000 }
const same: Counted = { custodian_staff_id: "a", friends: 1_000, tags_ok: true, backup_on: "2026-11-20" }

describe("what a count finds", () => {
  it("is nothing where all is as expected, or was not looked at", () => {
    expect(differencesOf(expected, same, rules, now)).toEqual([])
    expect(
      differencesOf(expected, { ...same, friends: null, tags_ok: null, backup_on: null }, rules, now),
    ).toEqual([])
  })

  it("is every difference beyond what the team tolerates", () => {
    const differing = (over: Partial<Counted>) => differencesOf(expected, { ...same, ...over }, rules, now)
    expect(differing({ custodian_staff_id: "b" })).toEqual(["custodian_mismatch"])
    expect(differing({ custodian_staff_id: null })).toEqual(["custodian_mismatch"])
    expect([differing({ friends: 950 }), differing({ friends: 949 })]).toEqual([[], ["friends_off"]])
    expect(differing({ tags_ok: false })).toEqual(["tags_off"])
    expect([differing({ backup_on: "2026-10-23" }), differing({ backup_on: "2026-10-22" })]).toEqual([
      [],
      ["backup_old"],
    ])
  })

  it("covers a whole percentage that never says more than was counted", () => {
    expect(coverage(7, 10)).toBe(70)
    expect(coverage(0, 0)).toBe(100)
    fc.assert(
      fc.property(fc.nat(2_000), fc.nat(2_000), (a, b) => {
        const [counted, all] = [Math.min(a, b), Math.max(a, b)]
        const told = coverage(counted, all)
        if (told === 100) expect(counted).toBe(all)
        expect(told * all).toBeLessThanOrEqual(counted * 100)
      }),
    )
  })
})
