import { describe, expect, it } from "vitest"
import { holds, passes } from "./evaluate.ts"

describe("one question about one value in hand", () => {
  it("passes nothing that is not known, and neither is a set without a word in it", () => {
    const known = { trait: "tags.all", op: "known" } as const
    expect([null, undefined, []].map((value) => passes(known, value as never))).toEqual([false, false, false])
    expect([["a"], 0, false, ""].map((value) => passes(known, value))).toEqual([true, true, true, true])
    expect(passes({ trait: "x", op: "between", max: 9 }, null)).toBe(false)
    expect(passes({ trait: "x", op: "between" }, 0)).toBe(true)
  })

  it("of a set asks for any of the words, and a yes or no is none of a list", () => {
    const any = { trait: "tags.all", op: "in", values: ["a", "b"] } as const
    expect(
      [["b", "c"], ["c"], "a", true].map((value) => passes({ ...any, values: [...any.values] }, value)),
    ).toEqual([true, false, true, false])
  })

  it("the opposite of something unknown holds: who never bought is among those who did not buy lately", () => {
    const lately = { trait: "orders.last_day", op: "between", min: 20_000 } as const
    expect(holds({ not: lately }, {})).toBe(true)
    expect(holds({ all: [] }, {})).toBe(true)
    expect(holds({ any: [] }, {})).toBe(false)
  })
})
