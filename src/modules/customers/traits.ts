import { dayNumber } from "../../kernel/day.ts"
import type { Tx } from "../../platform/db.ts"
import type { FactHandler } from "../../spine/facts/index.ts"
import { publish } from "../../spine/traits/index.ts"
import { contactAdded, contactRemoved, ownerChanged, profileChanged } from "./events.ts"
import { profileTraits } from "./store-traits.ts"

const GENDERS = ["unknown", "male", "female"]

/** Publishes what segments ask of profiles: region, source, owner, friendships. */
export async function publishProfiles(t: Tx, customers: readonly string[], now: Date): Promise<void> {
  const found = await profileTraits(t, customers)
  const of = <V>(value: (p: (typeof found)[number]) => V) =>
    found.map((p) => ({ customer_id: p.customer_id, value: value(p) }))
  await publish(
    t,
    {
      "customers.region": of((p) => p.region),
      "customers.source_code": of((p) => p.source_code),
      "customers.gender": of((p) => GENDERS[p.gender] ?? "unknown"),
      "customers.owner": of((p) => p.owner_staff_id),
      "customers.friend_since_day": of((p) => (p.first_contact_at ? dayNumber(p.first_contact_at) : null)),
      "customers.accounts": of((p) => p.account_ids),
      "customers.opted_out": of((p) => p.opted_out),
    },
    now,
  )
}

export const handlers: FactHandler[] = [
  {
    name: "customers.traits",
    types: [contactAdded, contactRemoved, profileChanged, ownerChanged].map((f) => f.type),
    origins: "all",
    from: "start",
    handle: (t, facts, now) => publishProfiles(t, [...new Set(facts.map((f) => f.subject))].sort(), now),
  },
]
