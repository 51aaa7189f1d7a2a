import { describe, expect, it } from "vitest"
import { entriesFor, matching } from "./entries.ts"

const all = entriesFor(() => true)
const found = (text: string) => matching(all, text).map((entry) => entry.key)

describe("finding pages and actions", () => {
  it("finds a page by its Chinese name, full pinyin, initials and English name, whatever the width or case", () => {
    for (const text of ["群发", "qunfa", "qf", "Mass", "ＱＦ"]) expect(found(text)).toContain("/sends")
    expect(found("新建群发")).toEqual(["action:new_send"])
    expect(found("xjrq")).toEqual(["action:new_segment"])
  })

  it("what begins with the text stands before what only holds it", () => {
    expect(found("群发").slice(0, 2)).toEqual(["/sends", "action:new_send"])
  })

  it("offers nothing that the person may not open", () => {
    const few = entriesFor((permission) => permission === "plans.read")
    expect(few.filter((entry) => entry.kind === "page").map((entry) => entry.key)).toEqual([
      "/today",
      "/diversions",
    ])
    expect(matching(few, "新建群发")).toEqual([])
    expect(matching(few, "qhyy").map((entry) => entry.key)).toEqual(["action:switch_language"])
  })

  it("an empty text and one that nothing holds find nothing", () => {
    expect(found("  ")).toEqual([])
    expect(found("没有的页面")).toEqual([])
  })
})
