import type { Queryable } from "../../platform/db.ts"
import { mayApply } from "./rules.ts"
import { allTags, worn } from "./store.ts"

/** What one customer wears, and which of it somebody of this role may take off by hand. */
export async function wornFor(q: Queryable, customer_id: string, role: string) {
  const [found, tags] = await Promise.all([worn(q, customer_id), allTags(q)])
  return found.map((one) => {
    const tag = tags.get(one.tag_id)
    return { ...one, may_take: tag === undefined || mayApply(tag, role) }
  })
}
