import type { Queryable } from "../../platform/db.ts"
import { foundBy, type Keys, keysOf, lookFor } from "../customers/index.ts"
import { READINGS_KEPT, TAGS_SOUGHT } from "./limits.ts"
import { tagRows } from "./store-taxonomy.ts"

/** Reading a name takes longer than comparing it, and the same few hundred names are looked at by every search. */
const kept = new Map<string, Keys>()

function keysAtHand(name: string): Keys {
  const known = kept.get(name)
  if (known) return known
  if (kept.size >= READINGS_KEPT) kept.clear()
  const keys = keysOf(name)
  kept.set(name, keys)
  return keys
}

/** Living tags whose name begins with a text, in any reading: at most TAGS_SOUGHT, in the order of the taxonomy. */
export async function tagsFound(q: Queryable, text: string): Promise<string[]> {
  const look = lookFor(text)
  return (await tagRows(q))
    .filter((tag) => tag.retired_at === null && foundBy(look, tag.name, keysAtHand(tag.name)))
    .slice(0, TAGS_SOUGHT)
    .map((tag) => tag.id)
}
