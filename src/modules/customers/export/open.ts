import { newId } from "../../../kernel/ids.ts"
import { type Refusal, refuse } from "../../../kernel/result.ts"
import type { Tx } from "../../../platform/db.ts"
import type { Actor } from "../../../platform/http/index.ts"
import type { CustomerSort } from "../contract.ts"
import { EXPORT_OPEN_MS, EXPORT_PEOPLE_MAX } from "../limits.ts"
import { forgetExports, insertExport } from "../store-export.ts"
import type { ListFilter } from "../store-filter.ts"

type Asked = { filter: Omit<ListFilter, "scope">; sort: CustomerSort; customer_ids: string[] | null }

/**
 * Decides whom a file holds, in its order: those of the filter whom this person may see, now. Their numbers are kept and not the
 * filter, whose words may be somebody's name. Files whose time is over are forgotten on the way.
 */
export async function openExport(
  t: Tx,
  { filter, sort, customer_ids }: Asked,
  actor: Pick<Actor, "staff_id" | "scope">,
  now: Date,
): Promise<{ id: string; people: number } | Refusal<"nobody_there" | "too_many_people">> {
  await forgetExports(t, new Date(now.getTime() - EXPORT_OPEN_MS))
  const id = newId(now.getTime())
  const whom = { ...filter, scope: actor.scope, ids: customer_ids ?? undefined }
  const people = await insertExport(t, { id, staff_id: actor.staff_id, now }, whom, sort)
  if (people === 0) return refuse("nobody_there")
  if (people > EXPORT_PEOPLE_MAX) return refuse("too_many_people")
  return { id, people }
}
