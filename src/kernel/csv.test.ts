import { describe, expect, it } from "vitest"
import { csvCell, saidInCell } from "./csv.ts"

describe("a cell of an exported file", () => {
  it("that a customer named like a formula is text when a colleague opens it", () => {
    for (const name of ["=HYPERLINK(1)", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u0000=1", "＝1"])
      expect(csvCell(name).replace(/^"/, "").startsWith("'")).toBe(true)
  })

  it("with a comma, a quote or a line break stays one cell", () => {
    expect(csvCell("王,小明")).toBe('"王,小明"')
    expect(csvCell('叫"小王"的')).toBe('"叫""小王""的"')
    expect(csvCell("两\n行")).toBe('"两\n行"')
    expect(csvCell('="1,2"')).toBe(`"'=""1,2"""`)
  })

  it("is else as it is", () => {
    for (const text of ["王小明", "12.50", "-12.50", "138****8888", ""]) expect(csvCell(text)).toBe(text)
  })

  it("that is read again says what it said before", () => {
    for (const text of ["=HYPERLINK(1)", "+8613800001234", "＝1", "-12.50", "'引号'", "王小明", ""])
      expect(saidInCell(csvCell(text))).toBe(text)
  })
})
