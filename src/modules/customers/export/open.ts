import { newId } from "../../../kernel/ids.ts"
import { type Refusal, refuse } from "../../../kernel/result.ts"
import type { Tx } from "../../../platform/db.ts"
import type { Actor } from "../../../platform/http/index.ts"
import { intoWhom } from "../../../spine/facts/index.ts"
import type { Registry } from "../../../spine/offers/index.ts"
import type { CustomerSort } from "../contract.ts"
import { EXPORT_CHOSEN_MAX, EXPORT_KEPT_MS, EXPORT_PEOPLE_MAX } from "../limits.ts"
import { seeking } from "../seeking.ts"
import { forgetExports, insertExport } from "../store-export.ts"
import type { ListFilter } from "../store-filter.ts"

type Asked = { filter: Omit<ListFilter, "scope">; sort: CustomerSort; customer_ids: string[] | null }

/**
 * Decides whom a file holds, in its order: those of the filter whom this person may see, now, as the list finds them. Their numbers
 * are kept and not the filter, whose words may be somebody's name. Who was chosen and is part of another since stands there as that
 * one. Files whose time is long over are forgotten on the way.
 */
export async function openExport(
  t: Tx,
  registry: Pick<Registry, "names">,
  { filter, sort, customer_ids }: Asked,
  actor: Pick<Actor, "staff_id" | "scope">,
  now: Date,
): Promise<{ id: string; people: number } | Refusal<"nobody_there" | "too_many_people" | "too_many_chosen">> {
  if (customer_ids && customer_ids.length > EXPORT_CHOSEN_MAX) return refuse("too_many_chosen")
  await forgetExports(t, new Date(now.getTime() - EXPORT_KEPT_MS))
  const id = newId(now.getTime())
  const whom = await seeking(t, registry, {
    ...filter,
    scope: actor.scope,
    ids: customer_ids ? await asKnownNow(t, customer_ids) : undefined,
  })
  const people = await insertExport(t, { id, staff_id: actor.staff_id, now }, whom, sort)
  if (people === 0) return refuse("nobody_there")
  if (people > EXPORT_PEOPLE_MAX) return refuse("too_many_people")
  return { id, people }
}

async function asKnownNow(t: Tx, ids: readonly string[]): Promise<string[]> {
  const into = await intoWhom(t, ids)
  return [...new Set(ids.map((id) => into.get(id) ?? id))]
}
