import { describe, expect, it } from "vitest"
import { fillHoles, NAME_HOLE } from "./holes.ts"

describe("a line for many", () => {
  it("says the customer's name whichever language it was written in, and never shows a customer the braces", () => {
    for (const hole of [...Object.values(NAME_HOLE), "{{ name }}", "{{ 称呼 }}"])
      expect(fillHoles(`${hole}，您好`, { name: "王小雨" })).toBe("王小雨，您好")
  })

  it("braces in a name are a name, and a hole that nothing fills stays as it is written", () => {
    expect(fillHoles("{{称呼}}，{{phone}}", { name: "{{name}}" })).toBe("{{name}}，{{phone}}")
    expect(fillHoles("{{constructor}}", { name: "x" })).toBe("{{constructor}}")
  })
})
