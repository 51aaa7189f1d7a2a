import { describe, expect, it } from "vitest"
import { csvCell } from "./export.ts"

describe("a cell of an exported file", () => {
  it("that a customer named like a formula is text when a colleague opens it", () => {
    for (const name of ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u0000=1"])
      expect(csvCell(name).replace(/^"/, "").startsWith("'")).toBe(true)
  })

  it("with a comma, a quote or a line break stays one cell", () => {
    expect(csvCell("王,小明")).toBe('"王,小明"')
    expect(csvCell('叫"小王"的')).toBe('"叫""小王""的"')
    expect(csvCell("两\n行")).toBe('"两\n行"')
    expect(csvCell('="1,2"')).toBe(`"'=""1,2"""`)
  })

  it("is else as it is", () => {
    expect(["王小明", "12.50", "138****8888", ""].map(csvCell)).toEqual([
      "王小明",
      "12.50",
      "138****8888",
      "",
    ])
  })
})
