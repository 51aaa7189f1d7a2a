import { z } from "zod"
import { type Refusal, refuse } from "./result.ts"

/** One condition as it is stored: which offer, in which version of its arguments. */
export type ConditionLeaf = { offer: string; version: number; args: Record<string, unknown> }
/** A rule: everything in `all`, something in `any`, the opposite of `not`. An empty `all` is everybody. */
export type ConditionTree =
  | ConditionLeaf
  | { all: ConditionTree[] }
  | { any: ConditionTree[] }
  | { not: ConditionTree }

/** How deep groups may stand in groups, and how many conditions one rule may have. */
export const TREE_MAX_DEPTH = 6
export const TREE_MAX_LEAVES = 50

/** The form of a rule in a contract; what it says is checked by parseTree, which names the place that is wrong. */
export const conditionTree = z.custom<ConditionTree>((value) => typeof value === "object" && value !== null, {
  message: "a rule is an object",
})

/** Refusals of rules, for the contracts that take one. */
export const TREE_REFUSALS = {
  tree_invalid: { status: 400, zh: "人群规则的格式不对。", en: "The rule is not well formed." },
  tree_too_deep: {
    status: 400,
    zh: `人群规则嵌套太深，最多 ${TREE_MAX_DEPTH} 层。`,
    en: `The rule is nested too deeply; at most ${TREE_MAX_DEPTH} levels.`,
  },
  tree_too_large: {
    status: 400,
    zh: `人群规则的条件太多，最多 ${TREE_MAX_LEAVES} 个。`,
    en: `The rule has too many conditions; at most ${TREE_MAX_LEAVES}.`,
  },
  condition_unknown: {
    status: 400,
    zh: "规则里有系统不认识的条件。",
    en: "The rule has a condition that is not known.",
  },
  condition_invalid: {
    status: 400,
    zh: "规则里有条件的参数不对。",
    en: "A condition's arguments are not valid.",
  },
  condition_broken: {
    status: 409,
    zh: "规则里的条件指向了已删除的内容，请修改后再用。",
    en: "A condition refers to something that was deleted; change it first.",
  },
  rule_in_rule: {
    status: 409,
    zh: "条件里只能用固定人群。按规则更新的人群（也包括正在编辑的这个）不能放进另一条规则：请把它的条件加进来，或先把它存成固定人群。",
    en: "A condition takes frozen segments only. One that follows its rule, this one included, cannot stand inside a rule: add its conditions here, or save it as a frozen one first.",
  },
} as const

const leaf = z.strictObject({
  offer: z.string().min(1).max(80),
  version: z.number().int().min(1).max(1_000),
  args: z.record(z.string(), z.unknown()).default({}),
})

/** A well-formed tree within the limits; else a refusal whose field is the place, such as `all.1.not`. */
export function parseTree(value: unknown): ConditionTree | Refusal {
  let leaves = 0
  const visit = (node: unknown, path: string, depth: number): ConditionTree | Refusal => {
    if (depth > TREE_MAX_DEPTH) return refuse("tree_too_deep", { field: path })
    if (typeof node !== "object" || node === null || Array.isArray(node))
      return refuse("tree_invalid", { field: path })
    const keys = Object.keys(node)
    const one = keys.length === 1 ? keys[0] : undefined
    if (one === "not") {
      const inner = visit((node as { not: unknown }).not, step(path, "not"), depth + 1)
      return "refused" in inner ? inner : { not: inner }
    }
    if (one === "all" || one === "any") {
      const list = (node as Record<string, unknown>)[one]
      if (!Array.isArray(list) || (one === "any" && list.length === 0))
        return refuse("tree_invalid", { field: step(path, one) })
      const parts: ConditionTree[] = []
      for (const [i, child] of list.entries()) {
        const inner = visit(child, step(path, `${one}.${i}`), depth + 1)
        if ("refused" in inner) return inner
        parts.push(inner)
      }
      return one === "all" ? { all: parts } : { any: parts }
    }
    leaves++
    if (leaves > TREE_MAX_LEAVES) return refuse("tree_too_large", { field: path })
    const parsed = leaf.safeParse(node)
    return parsed.success ? parsed.data : refuse("tree_invalid", { field: path })
  }
  return visit(value, "", 1)
}

const step = (path: string, next: string) => (path === "" ? next : `${path}.${next}`)

/** The leaves of a tree with their places, from left to right. */
export function leavesOf(tree: ConditionTree, path = ""): { path: string; leaf: ConditionLeaf }[] {
  if ("not" in tree) return leavesOf(tree.not, step(path, "not"))
  if ("all" in tree) return tree.all.flatMap((child, i) => leavesOf(child, step(path, `all.${i}`)))
  if ("any" in tree) return tree.any.flatMap((child, i) => leavesOf(child, step(path, `any.${i}`)))
  return [{ path, leaf: tree }]
}

/** The same tree with each leaf replaced. */
export function mapLeaves(
  tree: ConditionTree,
  change: (leaf: ConditionLeaf) => ConditionLeaf,
): ConditionTree {
  if ("not" in tree) return { not: mapLeaves(tree.not, change) }
  if ("all" in tree) return { all: tree.all.map((child) => mapLeaves(child, change)) }
  if ("any" in tree) return { any: tree.any.map((child) => mapLeaves(child, change)) }
  return change(tree)
}
