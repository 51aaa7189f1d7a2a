import type { Tx } from "../../platform/db.ts"
import { append } from "../../spine/facts/index.ts"
import { rescopeCustomers } from "../../spine/traits/index.ts"
import { ownerChanged } from "./events.ts"
import { changeOwners } from "./store-owners.ts"

/** Somebody else looks after these customers from now on (null: nobody). Gives those whose owner this changed. */
export async function giveOwnersTo(
  t: Tx,
  given: readonly { customer_id: string; staff_id: string | null }[],
  now: Date,
): Promise<string[]> {
  if (given.length === 0) return []
  const changed = await changeOwners(t, given, now)
  await rescopeCustomers(
    t,
    changed.map((c) => ({ customer_id: c.id, scope_id: c.to_staff_id })),
  )
  await append(
    t,
    changed.map((c) =>
      ownerChanged.of({
        subject: c.id,
        occurred_at: now,
        payload: { from_staff_id: c.from_staff_id, to_staff_id: c.to_staff_id },
      }),
    ),
  )
  return changed.map((c) => c.id)
}
