import { describe, expect, it } from "vitest"
import { FUNCTION_OF_STANDING, FUNCTIONS, functionOfPosition, QUOTA_DEFAULTS, quotasOf } from "./rules.ts"

describe("an account's function", () => {
  it("is read from the job title as people type it, with wide letters and blanks", () => {
    expect(["IP号", "ip 号", "ＩＰ号", " 成交号 ", "会员号", "代理号"].map(functionOfPosition)).toEqual([
      "ip",
      "ip",
      "ip",
      "sales",
      "member",
      "agent",
    ])
  })

  it("is nobody's who merely has such a word in the title: a person's account never sends for the company", () => {
    for (const title of [undefined, "", "会员号主管", "成交", "VIP号"])
      expect(functionOfPosition(title)).toBe(null)
  })

  it("is named for every standing of a customer by one that there is", () => {
    for (const one of Object.values(FUNCTION_OF_STANDING)) expect(FUNCTIONS).toContain(one)
  })
})

describe("quotas by nurture level", () => {
  it("let a new account add few friends, and more with every level; what is sent does not grow with it", () => {
    const levels = [0, 1, 2, 3, 4, 5].map((level) => quotasOf(level, QUOTA_DEFAULTS))
    expect(levels.map((one) => one.friends)).toEqual([50, 60, 70, 80, 90, 100])
    for (const { private_messages, group_messages, moments } of levels)
      expect([private_messages, group_messages, moments]).toEqual([200, 100, 3])
  })
})
