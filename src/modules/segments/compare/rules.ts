import type { ConditionTree } from "../../../kernel/tree.ts"

export const PARTS = ["only_a", "both", "only_b"] as const
export type Part = (typeof PARTS)[number]

/**
 * The people of one part of two segments, as a rule of its own: what both rules say stands on one level where it can, so that the
 * new one is not nested deeper than it must be.
 */
export function partRule(part: Part, a: ConditionTree, b: ConditionTree): ConditionTree {
  if (part === "both") return { all: [...conditionsOf(a), ...conditionsOf(b)] }
  const [inside, outside] = part === "only_a" ? [a, b] : [b, a]
  return { all: [...conditionsOf(inside), opposite(outside)] }
}

const conditionsOf = (rule: ConditionTree): ConditionTree[] => ("all" in rule ? rule.all : [rule])

const opposite = (rule: ConditionTree): ConditionTree => {
  if ("not" in rule) return rule.not
  if ("all" in rule && rule.all.length === 1) return opposite(rule.all[0]!)
  return { not: rule }
}
