import type { ConditionLeaf, ConditionTree } from "../../kernel/tree.ts"
import type { Names, Registry } from "../offers/index.ts"

export type Language = "zh" | "en"

const JOIN = {
  zh: {
    all: "，且",
    any: "，或",
    not: (inner: string) => `并非${inner}`,
    inside: (text: string) => `（${text}）`,
    everybody: "所有客户",
  },
  en: {
    all: ", and ",
    any: ", or ",
    not: (inner: string) => `not ${inner}`,
    inside: (text: string) => `(${text})`,
    everybody: "every customer",
  },
}

/** One sentence that a manager can check: `已付费，且最近一次购买在 60–120 天前，且有标签「宝妈」，且不在任何群`. */
export function sentence(registry: Registry, tree: ConditionTree, names: Names, language: Language): string {
  const words = JOIN[language]
  const leaf = ({ offer, args }: ConditionLeaf) => {
    const condition = registry.conditions.get(offer)!
    return language === "zh" ? condition.sentence(args, names) : condition.sentence_en(args, names)
  }
  const opposite = (tree: ConditionTree): string => {
    if ("offer" in tree) {
      const condition = registry.conditions.get(tree.offer)!
      const say = language === "zh" ? condition.sentence_not : condition.sentence_not_en
      return say ? say.call(condition, tree.args, names) : words.not(words.inside(leaf(tree)))
    }
    if ("not" in tree) return visit(tree.not, true)
    return words.not(words.inside(visit(tree, false)))
  }
  const visit = (tree: ConditionTree, inside: boolean): string => {
    if ("offer" in tree) return leaf(tree)
    if ("not" in tree) return opposite(tree.not)
    const kind = "all" in tree ? "all" : "any"
    const children = "all" in tree ? tree.all : tree.any
    if (children.length === 0) return words.everybody
    if (children.length === 1) return visit(children[0]!, inside)
    const text = children.map((child) => visit(child, true)).join(words[kind])
    return inside ? words.inside(text) : text
  }
  return visit(tree, false)
}
