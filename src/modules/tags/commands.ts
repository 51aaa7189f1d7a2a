import type { Tx } from "../../platform/db.ts"
import { append, type Origin } from "../../spine/facts/index.ts"
import { publish } from "../../spine/traits/index.ts"
import { type TagSource, tagAssigned, tagRemoved } from "./events.ts"
import { settle, type TagAsk } from "./rules.ts"
import {
  allTags,
  deleteAssignments,
  insertAssignments,
  lockCustomers,
  removeRivals,
  tagsOf,
} from "./store.ts"

/** Who or what tags: `by` is a member of staff, a code, a play or a rule, by its id. */
export type From = { source: TagSource; by: string | null; at: Date; origin?: Origin }

/**
 * Gives tags to customers, as many as there are. A retired tag stands for the one it maps to; of an exclusive group the new tag
 * takes the place of the old. What is there already changes nothing and tells nothing. `unknown`: tags that are gone.
 */
export async function assign(
  t: Tx,
  asks: readonly TagAsk[],
  from: From,
): Promise<{ assigned: TagAsk[]; unknown: string[] }> {
  const { assign, unknown } = settle(await allTags(t), asks)
  if (assign.length === 0) return { assigned: [], unknown }
  await lockCustomers(
    t,
    assign.map((a) => a.customer_id),
    from.at,
  )
  const replaced = await removeRivals(t, assign)
  const assigned = await insertAssignments(t, assign, from)
  await tell(t, assigned, replaced, from)
  return { assigned, unknown }
}

/** Takes tags away; gives what was there. */
export async function remove(t: Tx, asks: readonly TagAsk[], from: From): Promise<TagAsk[]> {
  if (asks.length === 0) return []
  await lockCustomers(
    t,
    asks.map((a) => a.customer_id),
    from.at,
  )
  const removed = await deleteAssignments(t, asks)
  await tell(
    t,
    [],
    removed.map((r) => ({ ...r, instead: null })),
    from,
  )
  return removed
}

async function tell(
  t: Tx,
  assigned: readonly TagAsk[],
  removed: readonly (TagAsk & { instead: string | null })[],
  { source, by, at, origin = "live" }: From,
): Promise<void> {
  const changed = [...new Set([...assigned, ...removed].map((a) => a.customer_id))]
  if (changed.length === 0) return
  await append(t, [
    ...removed.map(({ customer_id, tag_id, instead }) =>
      tagRemoved.of({
        subject: customer_id,
        occurred_at: at,
        origin,
        payload: { tag_id, source, by, instead },
      }),
    ),
    ...assigned.map(({ customer_id, tag_id }) =>
      tagAssigned.of({ subject: customer_id, occurred_at: at, origin, payload: { tag_id, source, by } }),
    ),
  ])
  await publishTags(t, changed, at)
}

/** Publishes the tags that these customers wear. */
export async function publishTags(t: Tx, customers: readonly string[], now: Date): Promise<void> {
  const found = await tagsOf(t, customers)
  await publish(
    t,
    { "tags.all": found.map(({ customer_id, tag_ids }) => ({ customer_id, value: tag_ids })) },
    now,
  )
}
