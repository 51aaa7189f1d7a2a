import { describe, expect, it } from "vitest"
import { canBeKept, DEPTH_MAX, TOO_DEEP, unkeepable } from "./text.ts"

describe("text that can be kept", () => {
  it("is any letter and emoji, but no NUL and no half of a pair", () => {
    expect(["", "私域", "😀", "a\tb\n"].map(canBeKept)).toEqual([true, true, true, true])
    expect(["a\u0000", "\ud83d", "x\ude00y"].map(canBeKept)).toEqual([false, false, false])
  })

  it("is missed at its place, in values and in names", () => {
    expect(unkeepable({ a: [{ b: "ok" }, { b: "\u0000" }], c: "\ud800" })).toMatchObject({ path: "a.1.b" })
    expect(unkeepable({ a: { "\u0000": 1 } })).toMatchObject({ path: "a" })
    expect(unkeepable({ a: [1, true, null, "b"] })).toBeNull()
  })

  it("is not looked for without end: what is nested without end is refused", () => {
    const nested = (n: number) => JSON.parse(`${"[".repeat(n)}${"]".repeat(n)}`) as unknown
    expect(unkeepable(nested(DEPTH_MAX))).toBeNull()
    expect(unkeepable(nested(100_000))).toMatchObject({ problem: TOO_DEEP })
  })
})
