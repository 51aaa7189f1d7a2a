import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { RateWindows } from "./rate.ts"

const bounds = { per_minute: 5, per_hour: 20 }

describe("call windows", () => {
  it("never let more through in any minute or hour than the bound, whatever the rhythm of the calls", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 300 }), (gaps) => {
        const windows = new RateWindows()
        const passed: number[] = []
        let now = 0
        for (const gap of gaps) {
          now += gap
          if (!windows.over("a", now, bounds)) passed.push(Math.floor(now / 1000))
        }
        for (const at of passed) {
          expect(passed.filter((p) => p > at - 60 && p <= at).length).toBeLessThanOrEqual(5)
          expect(passed.filter((p) => p > at - 3600 && p <= at).length).toBeLessThanOrEqual(20)
        }
      }),
    )
  })

  it("block for the length of the window, and each api for itself", () => {
    const windows = new RateWindows()
    for (let i = 0; i < 5; i++) expect(windows.over("a", 0, bounds)).toBe(false)
    expect(windows.over("a", 30_000, bounds)).toBe(true)
    expect(windows.over("b", 30_000, bounds)).toBe(false)
    // Asked for at second 30: the block lasts a whole minute from there, not until the first calls grow old.
    expect(windows.over("a", 61_000, bounds)).toBe(true)
    expect(windows.over("a", 90_000, bounds)).toBe(false)
  })
})
