import type { Queryable } from "../../platform/db.ts"
import { lookFor, type Matched, matchedBy } from "./look-for.ts"
import { keysOf } from "./pinyin.ts"
import { remarksOf } from "./store.ts"

type Found = { id: string; name: string; phone: string | null }

/** What each person of a page was found by. `tagsOf`: the names of the tags that were found, of those a person has. */
export async function matchedOf(
  q: Queryable,
  text: string,
  people: readonly Found[],
  tagsOf: (id: string) => readonly string[],
): Promise<Map<string, Matched | null>> {
  const look = lookFor(text)
  const remarks = await remarksOf(
    q,
    people.map((one) => one.id),
  )
  return new Map(
    people.map((one) => [
      one.id,
      matchedBy(look, { ...one, remarks: remarks.get(one.id) ?? [], tags: tagsOf(one.id) }, keysOf),
    ]),
  )
}
