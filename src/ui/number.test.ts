import { describe, expect, it } from "vitest"
import { fenOf, numberProblem, readNumber, says, textOf, yuanOf, yuanWithin } from "./number.ts"

describe("a number that is typed", () => {
  it("is read as it stands, with whole-width digits and thousands parted, and never guessed at", () => {
    expect(
      ["12", "-3", " 0.5 ", "１２．５", "1,234.5", "3。5", ".5", "1."].map((text) => readNumber(text)),
    ).toEqual([12, -3, 0.5, 12.5, 1234.5, 3.5, 0.5, 1])
    expect(readNumber("  ")).toBeNull()
    for (const odd of ["abc", "1,5", "12a", "1e3", "--1", "1 2", "Infinity"])
      expect(readNumber(odd)).toBeNaN()
  })

  it("is told what is wrong with it, and left as it is", () => {
    expect(numberProblem(-3, { min: 1 })).toEqual({ word: "ui.at_least", holes: { n: "1" } })
    expect(numberProblem(1_001, { max: 1_000 })).toEqual({ word: "ui.at_most", holes: { n: "1,000" } })
    expect(numberProblem(0, { min: 1, max: 31 })).toEqual({
      word: "ui.between",
      holes: { min: "1", max: "31" },
    })
    expect(numberProblem(1.5, { decimals: 0 })).toEqual({ word: "ui.no_whole" })
    expect(numberProblem(1.005, { decimals: 2 })).toEqual({ word: "ui.decimals", holes: { n: 2 } })
    expect(numberProblem(Number.NaN, {})).toEqual({ word: "ui.no_number" })
    // More digits than a number holds would be saved as another number.
    expect(numberProblem(readNumber("12345678901234567890"), { min: 0 })?.word).toBe("ui.at_most")
    for (const fine of [1, 31]) expect(numberProblem(fine, { min: 1, max: 31, decimals: 0 })).toBeNull()
    expect(numberProblem(null, { min: 1 })).toBeNull()
  })

  it("money is typed in yuan and carried in whole fen, to the fen and no rounding", () => {
    for (const [yuan, fen] of [
      [1.1, 110],
      [0.29, 29],
      [1_234_567.89, 123_456_789],
    ] as const) {
      expect(fenOf(yuan)).toBe(fen)
      expect(numberProblem(yuanOf(fen), yuanWithin({}))).toBeNull()
      expect(says(String(yuan), yuanOf(fenOf(yuan)))).toBe(true)
    }
    expect(numberProblem(yuanOf(fenOf(1.005)), yuanWithin({}))?.word).toBe("ui.decimals")
    expect(says("1.005", yuanOf(fenOf(1.005)))).toBe(true)
    expect(numberProblem(0.001, yuanWithin({ min: 1 }))?.word).toBe("ui.decimals")
  })

  it("stays as it was typed while it says the number that is kept, and gives way to another", () => {
    expect(says("007", 7)).toBe(true)
    expect(says("abc", Number.NaN)).toBe(true)
    expect(says("", null)).toBe(true)
    expect(says("", 5)).toBe(false)
    expect(says("5", null)).toBe(false)
    expect([textOf(100, 2), textOf(7, 0), textOf(null), textOf(Number.NaN)]).toEqual(["100.00", "7", "", ""])
  })
})
