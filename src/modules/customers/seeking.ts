import type { Queryable } from "../../platform/db.ts"
import type { Registry } from "../../spine/offers/index.ts"
import { lookFor } from "./look-for.ts"
import type { ListFilter } from "./store-filter.ts"

/**
 * A filter with all that its search may find people by: things that they have, such as tags, whose name is found by the same text.
 * Whoever lists, counts or acts on everybody of a filter asks this first, so that all three mean the same people.
 */
export async function seeking<F extends ListFilter>(
  q: Queryable,
  registry: Pick<Registry, "names">,
  filter: F,
): Promise<F> {
  if (!filter.q || filter.found_by === "person" || !lookFor(filter.q).tags) return filter
  const having = []
  for (const { sought } of registry.names.values()) {
    const ids = sought ? await sought.find(q, filter.q) : []
    if (sought && ids.length > 0) having.push({ of: sought, ids })
  }
  return { ...filter, having }
}
