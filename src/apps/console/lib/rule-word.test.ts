import { describe, expect, it } from "vitest"
import { ruleOf, ruleWord } from "./rule-word.ts"

const rule = { all: [{ offer: "tags.has", version: 1, args: { name: "宝妈 & 复购+" } }] }

describe("a rule in an address", () => {
  it("comes back as it was, Chinese too, and its word needs no escaping", () => {
    expect(ruleOf(ruleWord(rule))).toEqual(rule)
    expect(ruleWord(rule)).toMatch(/^[\w-]+$/)
  })

  it("that was cut short or is no rule opens an empty page instead of a broken one", () => {
    expect(ruleOf(ruleWord(rule).slice(0, 20))).toBeNull()
    expect(ruleOf("%%%")).toBeNull()
    expect(ruleOf(btoa('{"all":[{"offer":7}]}'))).toBeNull()
    expect(ruleOf(undefined)).toBeNull()
  })
})
