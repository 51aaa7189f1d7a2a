import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { ConditionTree } from "../../../../kernel/tree.ts"
import { type Condition, emptyGroup, nextKey, toDraft, toTree } from "./draft.ts"

const words = { zh: "", en: "" }
const conditions = new Map<string, Condition>([
  [
    "shop.spent",
    {
      name: "shop.spent",
      version: 1,
      label: words,
      hint: null,
      args: { type: "object", properties: { min: { type: "integer" } }, required: ["min"] },
    },
  ],
])
const leaf: fc.Arbitrary<ConditionTree> = fc
  .integer({ min: 0, max: 9 })
  .map((min) => ({ offer: "shop.spent", version: 1, args: { min } }))
const { tree } = fc.letrec<{ tree: ConditionTree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    fc.array(tie("tree"), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie("tree"), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
    tie("tree").map((not) => ({ not })),
  ),
}))

/** The same rule without double negations, and with a group outermost: what the builder makes of it. */
function plain(t: ConditionTree, not = false): ConditionTree {
  if ("not" in t) return plain(t.not, !not)
  const inner: ConditionTree =
    "all" in t ? { all: t.all.map((x) => plain(x)) } : "any" in t ? { any: t.any.map((x) => plain(x)) } : t
  return not ? { not: inner } : inner
}

describe("the segment builder's draft", () => {
  it("a saved rule that is opened and saved again means the same", () => {
    fc.assert(
      fc.property(tree, (t) => {
        const simple = plain(t)
        const whole = "all" in simple || "any" in simple ? simple : { all: [simple] }
        expect(toTree(toDraft(t), conditions)).toEqual(whole)
      }),
    )
  })

  it("a condition still being filled in is not asked as if it were everybody", () => {
    const draft = emptyGroup()
    draft.items.push({ key: nextKey(), not: false, kind: "leaf", offer: "shop.spent", version: 1, args: {} })
    expect(toTree(draft, conditions)).toBeNull()
  })

  it("an empty inner group is left out, not read as everybody", () => {
    const draft = toDraft({ all: [{ offer: "shop.spent", version: 1, args: { min: 1 } }] })
    draft.items.push({ ...emptyGroup(), mode: "any" })
    expect(toTree(draft, conditions)).toEqual({
      all: [{ offer: "shop.spent", version: 1, args: { min: 1 } }],
    })
  })

  it("a group that holds only empty groups does not make the rule everybody", () => {
    const draft = toDraft({ any: [{ offer: "shop.spent", version: 1, args: { min: 1 } }] })
    draft.items.push({
      ...emptyGroup(),
      items: [
        { ...emptyGroup(), mode: "any" },
        { ...emptyGroup(), not: true },
      ],
    })
    expect(toTree(draft, conditions)).toEqual({
      any: [{ offer: "shop.spent", version: 1, args: { min: 1 } }],
    })
  })

  it("a rule without conditions is everybody, also when any one of them would do", () => {
    expect(toTree({ ...emptyGroup(), mode: "any" }, conditions)).toEqual({ all: [] })
    const nested = {
      ...emptyGroup(),
      mode: "any" as const,
      items: [{ ...emptyGroup(), mode: "any" as const }],
    }
    expect(toTree(nested, conditions)).toEqual({ all: [] })
  })
})
