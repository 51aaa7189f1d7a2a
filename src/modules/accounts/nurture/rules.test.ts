import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { LEVEL_MAX, nurtureLevel } from "./rules.ts"

const days = fc.integer({ min: 0, max: 5_000 })
const incidents = fc.integer({ min: 0, max: 50 })

describe("the nurture level", () => {
  it("is a whole number from 0 to 5, never falls for a day more and never rises for an incident more", () => {
    fc.assert(
      fc.property(days, incidents, (active, befell) => {
        const level = nurtureLevel(active, befell)
        expect(Number.isInteger(level) && level >= 0 && level <= LEVEL_MAX).toBe(true)
        expect(nurtureLevel(active + 1, befell)).toBeGreaterThanOrEqual(level)
        expect(nurtureLevel(active, befell + 1)).toBeLessThanOrEqual(level)
      }),
    )
  })

  it("counts full blocks of thirty active days alone, and stops at five", () => {
    expect([0, 29, 30, 59, 60, 149, 150, 900].map((n) => nurtureLevel(n, 0))).toEqual([
      0, 0, 1, 1, 2, 4, 5, 5,
    ])
    expect([0, 1, 2, 6].map((n) => nurtureLevel(90, n))).toEqual([3, 2, 1, 0])
  })
})
