import { dayNumber } from "../../kernel/day.ts"
import type { Tx } from "../../platform/db.ts"
import type { FactHandler } from "../../spine/facts/index.ts"
import { publish } from "../../spine/traits/index.ts"
import { contactAdded } from "../customers/index.ts"
import { groupDismissed, memberJoined, memberLeft, messageSent } from "./events.ts"
import { customersIn, membershipOf } from "./store-traits.ts"

/** Publishes in which groups these customers are now and when they last spoke there. */
export async function publishGroups(t: Tx, customers: readonly string[], now: Date): Promise<void> {
  const found = await membershipOf(t, customers)
  const of = <V>(value: (m: (typeof found)[number]) => V) =>
    found.map((m) => ({ customer_id: m.customer_id, value: value(m) }))
  await publish(
    t,
    {
      "groups.all": of((m) => m.group_ids),
      "groups.count": of((m) => m.group_ids.length),
      "groups.last_spoke_day": of((m) => (m.last_spoke_at ? dayNumber(m.last_spoke_at) : null)),
    },
    now,
  )
}

export const handlers: FactHandler[] = [
  {
    name: "groups.traits",
    types: [memberJoined, memberLeft, messageSent, groupDismissed, contactAdded].map((f) => f.type),
    origins: "all",
    from: "start",
    async handle(t, facts, now) {
      const closed = facts.filter(groupDismissed.is).map((f) => f.subject)
      const customers = new Set(facts.filter((f) => !groupDismissed.is(f)).map((f) => f.subject))
      if (closed.length > 0) for (const id of await customersIn(t, closed)) customers.add(id)
      await publishGroups(t, [...customers].sort(), now)
    },
  },
]
