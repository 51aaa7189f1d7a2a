import { RECENT_ROWS } from "./limits.ts"

/** Of a customer only the id is kept in the browser: the name is asked of the server, which knows who may still read it. */
export type Recent = { kind: "entry"; key: string } | { kind: "customer"; id: string }

const place = (person: string) => `siyu.search.${person}`

export function readRecent(person: string): Recent[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place(person)) ?? "[]")
    return Array.isArray(kept) ? kept.filter(isRecent).slice(0, RECENT_ROWS) : []
  } catch {
    return [] // what stands in the browser's storage may be anybody's
  }
}

/** The chosen one stands first, and once. */
export function keepRecent(person: string, chosen: Recent): void {
  const same = (one: Recent) => JSON.stringify(one) === JSON.stringify(chosen)
  const kept = [chosen, ...readRecent(person).filter((one) => !same(one))]
  localStorage.setItem(place(person), JSON.stringify(kept.slice(0, RECENT_ROWS)))
}

function isRecent(one: unknown): one is Recent {
  if (typeof one !== "object" || one === null) return false
  const { kind, key, id } = one as Record<string, unknown>
  return (kind === "entry" && typeof key === "string") || (kind === "customer" && typeof id === "string")
}
