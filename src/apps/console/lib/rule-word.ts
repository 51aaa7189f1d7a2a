import type { ConditionTree } from "../../../kernel/tree.ts"

/** A rule as one plain word of an address, by which a page leads to the people behind a number. */
export function ruleWord(rule: ConditionTree): string {
  const bytes = new TextEncoder().encode(JSON.stringify(rule))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "")
}

/** The rule that a word stands for; null where it is none, such as an address that was cut short. */
export function ruleOf(word: string | undefined): ConditionTree | null {
  if (!word) return null
  try {
    const bytes = Uint8Array.from(atob(word.replaceAll("-", "+").replaceAll("_", "/")), (c) =>
      c.charCodeAt(0),
    )
    const rule: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return isTree(rule) ? rule : null
  } catch {
    return null
  }
}

/** Its shape alone: no schemas are in the browser, and the server judges what a rule says. */
function isTree(node: unknown): node is ConditionTree {
  if (typeof node !== "object" || node === null) return false
  if ("not" in node) return isTree(node.not)
  if ("all" in node) return Array.isArray(node.all) && node.all.every(isTree)
  if ("any" in node) return Array.isArray(node.any) && node.any.length > 0 && node.any.every(isTree)
  return (
    "offer" in node &&
    typeof node.offer === "string" &&
    "version" in node &&
    typeof node.version === "number" &&
    "args" in node &&
    typeof node.args === "object" &&
    node.args !== null
  )
}
