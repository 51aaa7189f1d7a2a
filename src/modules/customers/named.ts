import type { Queryable } from "../../platform/db.ts"
import { namesOf } from "../../spine/audiences/index.ts"
import type { Registry } from "../../spine/offers/index.ts"
import type { Known } from "../../spine/traits/index.ts"
import { staffNames } from "../staff/index.ts"

/** Traits whose words stand for things: what kind of thing, so that people read names and not ids. */
const WORDS_OF: Record<string, string> = {
  "tags.all": "tag",
  "groups.all": "group",
  "customers.accounts": "account",
  "customers.owner": "staff",
}

/** Words that are no ids of ours are shown as they are. */
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** How members of staff are called, of those who are named at all. */
export const namesOfOwners = (q: Queryable, ids: readonly (string | null)[]) =>
  staffNames(
    q,
    ids.filter((id) => id !== null),
  )

/** Gives the words of such traits their names; other values stay as they are. */
export async function naming(q: Queryable, registry: Registry, all: readonly Record<string, Known>[]) {
  const refs = Object.entries(WORDS_OF).flatMap(([trait, kind]) =>
    registry.names.has(kind)
      ? all.flatMap((known) => {
          const ids = [known[trait]?.value].flat().filter((id) => typeof id === "string" && UUID.test(id))
          return ids.map((id) => ({ kind, id: String(id) }))
        })
      : [],
  )
  const names = await namesOf(q, registry, refs)
  return (trait: string, value: Known["value"]) => {
    const kind = WORDS_OF[trait]
    if (!kind) return value
    if (Array.isArray(value)) return value.map((id) => names.of(kind, id))
    return typeof value === "string" ? names.of(kind, value) : value
  }
}
