import { describe, expect, it } from "vitest"
import { plainPhone } from "./phone.ts"

describe("a phone", () => {
  it.each([
    "13800001234",
    "+8613800001234",
    "+86 138 0000 1234",
    "0086-138-0000-1234",
    "86 13800001234",
    "(+86)138.0000.1234",
    "１３８００００１２３４",
    " 138\u00a00000\u200b1234 ",
  ])("is one number, written as %s", (text) => {
    expect(plainPhone(text)).toBe("13800001234")
  })

  it("of a desk or of another country is kept as what it is", () => {
    expect(plainPhone("0571-8888 6666")).toBe("057188886666")
    expect(plainPhone("+852 6123 4567")).toBe("+85261234567")
    expect(plainPhone("00852 61234567")).toBe("+85261234567")
  })

  it.each(["", "1380000", "12800001234", "138000012345", "+86 12345", "张三", "=13800001234", "1.38E+10"])(
    "is none: %s",
    (text) => {
      expect(plainPhone(text)).toBeNull()
    },
  )
})
