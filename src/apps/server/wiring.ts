import * as accounts from "../../modules/accounts/index.ts"
import * as analytics from "../../modules/analytics/index.ts"
import * as codes from "../../modules/codes/index.ts"
import * as customers from "../../modules/customers/index.ts"
import * as groups from "../../modules/groups/index.ts"
import * as points from "../../modules/points/index.ts"
import * as staff from "../../modules/staff/index.ts"
import type { Clock } from "../../platform/clock.ts"
import type { Db } from "../../platform/db.ts"
import type { Route } from "../../platform/http/index.ts"
import type { FactHandler } from "../../spine/facts/index.ts"
import { createRegistry, type Offers, type Registry } from "../../spine/offers/index.ts"
import type { TagIntake } from "./intake.ts"
import type { Loop } from "./loops.ts"
import { type SandboxControl, sandboxRoutes } from "./sandbox-panel/routes.ts"

/** What a running process lends the modules; nulls where this place has none. */
export type Lent = {
  sandbox: SandboxControl | null
  makeWay: codes.WayMaker | null
}

export type Wired = {
  registry: Registry
  routes: Route[]
  handlers: FactHandler[]
  /** What the intake hands tags of the channel to. */
  tags: TagIntake
  /** Work that is due by time rather than by facts. */
  loops(place: { db: Db; clock: Clock }): Loop[]
}

/** Every module that the server knows, in one place: routes for the door, handlers for facts, offers for the spine. */
export function wire(lent: Lent): Wired {
  const offers: Offers[] = [points.offers]
  const registry = createRegistry(offers)
  return {
    registry,
    routes: [
      ...staff.routes,
      ...accounts.routes(customers.contactCounts),
      ...customers.routes(() => registry.traits),
      ...groups.routes,
      ...points.routes,
      ...codes.routes({
        makeWay: () => lent.makeWay,
        knownTags: async (_t, ids) => ids,
        addedByState: customers.addedByState,
      }),
      ...analytics.routes(() => registry.traits),
      ...sandboxRoutes(() => lent.sandbox),
    ],
    handlers: [...points.handlers, ...analytics.handlers],
    tags: { catalogue: async () => undefined, worn: async () => undefined },
    loops: (place) => points.loops(place),
  }
}
