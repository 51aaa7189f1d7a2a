/** What a rule gives and what it asks of tags; `any` asks whether somebody has a tag at all. */
export type Asking = { id: string; gives: string; asks: readonly string[]; any: boolean }

/**
 * Pure: whether a rule asks for what it gives, by itself or by way of other rules. Gives the tags from its own back to its own,
 * each asked by the rule that gives the one before; null where there is no circle.
 */
export function circleOf(rule: Asking, others: readonly Asking[]): string[] | null {
  const all = [rule, ...others.filter((o) => o.id !== rule.id)]
  const seen = new Set<string>()
  const walk = (one: Asking, path: string[]): string[] | null => {
    for (const next of all) {
      if (!one.any && !one.asks.includes(next.gives)) continue
      if (next.gives === rule.gives) return [...path, next.gives]
      if (seen.has(next.gives)) continue
      seen.add(next.gives)
      const found = walk(next, [...path, next.gives])
      if (found) return found
    }
    return null
  }
  return walk(rule, [rule.gives])
}
