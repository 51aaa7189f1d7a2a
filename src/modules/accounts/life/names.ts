import type { Queryable } from "../../../platform/db.ts"
import { staffNames } from "../../staff/index.ts"

/** Names of those who are spoken of. */
export async function namesOf(q: Queryable, ids: readonly (string | null | undefined)[]) {
  const names = await staffNames(
    q,
    ids.filter((id) => typeof id === "string"),
  )
  return (id: string | null | undefined) => (id ? (names.get(id) ?? null) : null)
}
