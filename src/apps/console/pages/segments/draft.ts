import type { ConditionTree } from "../../../../kernel/tree.ts"
import { type Args, isFilled, type Schema } from "../../../../ui/schema.ts"

/** A condition as the server's catalogue describes it. */
export type Condition = {
  name: string
  version: number
  label: { zh: string; en: string }
  hint: { zh: string; en: string } | null
  args: Schema
}

/** The tree while it is edited: every node has a key of its own, and "not" is a mark on a node. */
export type Draft =
  | { key: string; not: boolean; kind: "group"; mode: "all" | "any"; items: Draft[] }
  | { key: string; not: boolean; kind: "leaf"; offer: string; version: number; args: Args }
export type DraftGroup = Extract<Draft, { kind: "group" }>

let made = 0
export const nextKey = () => `n${++made}`

export function emptyGroup(): DraftGroup {
  return { key: nextKey(), not: false, kind: "group", mode: "all", items: [] }
}

/** A stored tree as a draft; the outermost node is always a group, so that something can be added beside it. */
export function toDraft(tree: ConditionTree): DraftGroup {
  const draft = node(tree, false)
  return draft.kind === "group" && !draft.not ? draft : { ...emptyGroup(), items: [draft] }
}

function node(tree: ConditionTree, not: boolean): Draft {
  if ("not" in tree) return node(tree.not, !not)
  if ("all" in tree || "any" in tree) {
    const mode = "all" in tree ? "all" : "any"
    const items = "all" in tree ? tree.all : tree.any
    return { key: nextKey(), not, kind: "group", mode, items: items.map((one) => node(one, false)) }
  }
  return {
    key: nextKey(),
    not,
    kind: "leaf",
    offer: tree.offer,
    version: tree.version,
    args: { ...(tree.args as Args) },
  }
}

/**
 * The draft as a tree; null while something is not filled in. Inner groups without a condition at any depth are left out:
 * they are being written, not meant as "everybody". A rule with none at all is everybody, whatever its outermost group says.
 */
export function toTree(draft: Draft, conditions: ReadonlyMap<string, Condition>): ConditionTree | null {
  const tree = bare(draft, conditions)
  if (tree === null) return null
  return draft.not ? { not: tree } : tree
}

function bare(draft: Draft, conditions: ReadonlyMap<string, Condition>): ConditionTree | null {
  if (draft.kind === "leaf") {
    const condition = conditions.get(draft.offer)
    if (!condition || !isFilled(condition.args, draft.args)) return null
    const args = Object.fromEntries(Object.entries(draft.args).filter(([, value]) => value !== undefined))
    return { offer: draft.offer, version: draft.version, args }
  }
  const kept = draft.items.filter((one) => countLeaves(one) > 0)
  if (kept.length === 0) return { all: [] }
  const items = kept.map((one) => toTree(one, conditions))
  if (items.some((one) => one === null)) return null
  return draft.mode === "all" ? { all: items as ConditionTree[] } : { any: items as ConditionTree[] }
}

export function countLeaves(draft: Draft): number {
  return draft.kind === "leaf" ? 1 : draft.items.reduce((sum, one) => sum + countLeaves(one), 0)
}
