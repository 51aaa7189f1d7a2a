import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { atTime, dayNumber } from "../../kernel/day.ts"
import {
  backoff_ms,
  capAllows,
  endOfWork,
  isQuiet,
  nextAllowed,
  onDay,
  partOf,
  render,
  unknownVariables,
} from "./rules.ts"

const caps = { per_day: 1, per_week: 3, per_month: null, quiet_from: 1290, quiet_until: 510 }
const day = 20_780

describe("nobody is disturbed at night", () => {
  it("21:30 is quiet, 08:30 is not, and what falls in between goes out at the next 08:30", () => {
    expect(isQuiet(atTime(day, 21, 29), caps)).toBe(false)
    expect(isQuiet(atTime(day, 21, 30), caps)).toBe(true)
    expect(isQuiet(atTime(day, 8, 29), caps)).toBe(true)
    expect(nextAllowed(atTime(day, 23, 0), caps)).toEqual(atTime(day + 1, 8, 30))
    expect(nextAllowed(atTime(day, 3, 0), caps)).toEqual(atTime(day, 8, 30))
    expect(nextAllowed(atTime(day, 12, 0), caps)).toEqual(atTime(day, 12, 0))
  })

  it("work for people is due when quiet begins, whatever hours the team set, and never in less than half an hour", () => {
    const until = (hour: number, minute: number, quiet_from: number, quiet_until: number) =>
      endOfWork(atTime(day, hour, minute), { quiet_from, quiet_until })
    expect(until(10, 0, 21 * 60 + 30, 8 * 60)).toEqual(atTime(day, 21, 30))
    expect(until(10, 0, 20 * 60, 8 * 60)).toEqual(atTime(day, 20, 0))
    expect(until(19, 50, 20 * 60, 8 * 60)).toEqual(atTime(day, 20, 20))
    expect(until(10, 0, 30, 8 * 60)).toEqual(atTime(day + 1, 0, 30))
    expect(until(10, 0, 0, 0)).toEqual(atTime(day + 1, 0, 0))
  })

  it("the next allowed moment is allowed, never earlier, and less than a day away, whatever the hours", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1439 }),
        fc.integer({ min: 0, max: 1439 }),
        fc.integer({ min: 0, max: 1439 }),
        (from, until, minute) => {
          const hours = { ...caps, quiet_from: from, quiet_until: until }
          const at = new Date(atTime(day, 0).getTime() + minute * 60_000)
          const next = nextAllowed(at, hours)
          expect(isQuiet(next, hours)).toBe(false)
          expect(next.getTime() - at.getTime()).toBeGreaterThanOrEqual(0)
          expect(next.getTime() - at.getTime()).toBeLessThan(86_400_000)
        },
      ),
    )
  })
})

describe("the cap of a person", () => {
  it("whatever days are asked for, no day has two and no seven days have four", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 60 }), (asked) => {
        const taken: number[] = []
        for (const d of asked) if (capAllows(taken, d, caps)) taken.push(d)
        expect(new Set(taken).size).toBe(taken.length)
        for (let d = -6; d <= 30; d++)
          expect(taken.filter((x) => x >= d && x <= d + 6).length).toBeLessThanOrEqual(3)
      }),
    )
  })
})

describe("texts", () => {
  it("a name with braces stays a name, and a variable nobody fills is told", () => {
    expect(render("{{ name }}你好", { name: "{{name}}" })).toBe("{{name}}你好")
    expect(render("{{toString}} {{constructor}}", { name: "x" })).toBe("{{toString}} {{constructor}}")
    expect(unknownVariables("{{name}} {{phone}} {{}}")).toEqual(["phone", ""])
  })
})

describe("times", () => {
  it("what moves to another day keeps its hour; tries wait longer and longer but not for ever", () => {
    expect(onDay(atTime(day, 20, 15), day + 3)).toEqual(atTime(day + 3, 20, 15))
    expect(dayNumber(onDay(atTime(day, 0), day + 1))).toBe(day + 1)
    for (let n = 1; n < 60; n++) {
      expect(backoff_ms(n, "x")).toBeGreaterThan(0)
      expect(backoff_ms(n, "x")).toBeLessThanOrEqual(900_000)
    }
    expect(partOf(new Date("2026-10-31T16:00:00Z"))).toBe("2026-11-01")
  })
})
