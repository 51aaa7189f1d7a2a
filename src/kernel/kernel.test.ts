import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { chance } from "./chance.ts"
import { atTime, dayNumber, dayString, minuteOfDay, parseDay, startOfDay } from "./day.ts"
import { newId } from "./ids.ts"
import { fenToDecimal, formatYuan, parseFen } from "./money.ts"

describe("a day is a day in Shanghai", () => {
  it("23:59:59 and 00:00:01 in Shanghai are two days, wherever the server stands", () => {
    const late = new Date("2026-11-22T15:59:59Z")
    const early = new Date("2026-11-22T16:00:01Z")
    expect(dayString(dayNumber(late))).toBe("2026-11-22")
    expect(dayString(dayNumber(early))).toBe("2026-11-23")
  })
  it("a day begins at 16:00 UTC of the evening before", () => {
    expect(startOfDay(parseDay("2026-11-23")!).toISOString()).toBe("2026-11-22T16:00:00.000Z")
    expect(atTime(parseDay("2026-11-23")!, 20).toISOString()).toBe("2026-11-23T12:00:00.000Z")
    expect(minuteOfDay(new Date("2026-11-23T12:30:00Z"))).toBe(20 * 60 + 30)
  })
  it("a day that the calendar does not have is no day", () => {
    expect(parseDay("2026-02-31")).toBeNull()
    expect(parseDay("2026-2-3")).toBeNull()
  })
  it("every instant lies in the day that it is counted to", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (ms) => {
        const day = dayNumber(ms)
        return (
          startOfDay(day).getTime() <= ms &&
          ms < startOfDay(day + 1).getTime() &&
          parseDay(dayString(day)) === day
        )
      }),
    )
  })
})

describe("money is whole fen", () => {
  it.each([
    ["11.77", 1177],
    ["0", 0],
    ["-0.00", 0],
    ["0.005", 1],
    ["-0.005", -1],
    ["1.0049999", 100],
    ["¥1,234.50", 123450],
    ["-25.50", -2550],
    [".5", 50],
    ["１２．３", 1230],
    ["2500315.63", 250031563],
  ])("reads %s as %i fen", (text, fen) => expect(parseFen(text)).toBe(fen))
  it.each(["", "-", ".", "1e5", "12,34", "abc", "1.2.3", "99999999999999"])("refuses %j", (text) =>
    expect(parseFen(text)).toBeNull(),
  )
  it("what is written is read back", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (fen) => parseFen(fenToDecimal(fen)) === fen),
    )
    expect(formatYuan(-123450)).toBe("-¥1,234.50")
  })
})

describe("chance and ids", () => {
  it("the same person and stimulus always meet the same chance, others another", () => {
    expect(chance("seed", "p1", "scan", 3)).toBe(chance("seed", "p1", "scan", 3))
    expect(chance("seed", "p1", "scan", 3)).not.toBe(chance("seed", "p1", "scan", 4))
    const mean = Array.from({ length: 10_000 }, (_, n) => chance("seed", n)).reduce((a, b) => a + b) / 10_000
    expect(mean).toBeGreaterThan(0.48)
    expect(mean).toBeLessThan(0.52)
  })
  it("made one after another in one moment sort in that order: a statement's lines never change places", () => {
    const ids = Array.from({ length: 1_000 }, () => newId(1_700_000_000_000))
    expect(ids.toSorted()).toEqual(ids)
    expect(new Set(ids).size).toBe(1_000)
  })

  it("ids sort by their moment", () => {
    expect(newId(1_700_000_000_000) < newId(1_700_000_000_001)).toBe(true)
    expect(newId(1)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
})
