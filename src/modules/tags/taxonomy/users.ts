import type { Queryable } from "../../../platform/db.ts"
import type { TagUser } from "../contract.ts"
import { currentTag, type Tag } from "../rules.ts"

/** Who names any of these tags: asked of the modules above by whoever wires them. */
export type UsersOf = (q: Queryable, tag_ids: readonly string[]) => Promise<TagUser[]>

/** A tag and the retired ones that stand for it now: what names one of them uses the tag. */
export function standingFor(tags: ReadonlyMap<string, Tag>, tag_id: string): string[] {
  return [...tags.keys()].filter((id) => id === tag_id || currentTag(tags, id)?.id === tag_id)
}
