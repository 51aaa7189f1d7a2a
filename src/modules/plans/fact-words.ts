import type { Registry } from "../../spine/offers/index.ts"

/** A fact that ended something, in words; null where it was something else. */
export function factWords(registry: Registry, reason: string | null) {
  if (!reason?.startsWith("fact:")) return null
  const type = reason.slice("fact:".length)
  return registry.facts.get(type)?.label ?? { zh: type, en: type }
}
