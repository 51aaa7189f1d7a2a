import type { Channel } from "../../channels/protocol/index.ts"
import * as accounts from "../../modules/accounts/index.ts"
import * as analytics from "../../modules/analytics/index.ts"
import * as classes from "../../modules/classes/index.ts"
import * as codes from "../../modules/codes/index.ts"
import * as customers from "../../modules/customers/index.ts"
import * as groups from "../../modules/groups/index.ts"
import * as orders from "../../modules/orders/index.ts"
import * as points from "../../modules/points/index.ts"
import * as staff from "../../modules/staff/index.ts"
import * as tags from "../../modules/tags/index.ts"
import type { Clock } from "../../platform/clock.ts"
import type { Db } from "../../platform/db.ts"
import type { Route } from "../../platform/http/index.ts"
import type { FactHandler } from "../../spine/facts/index.ts"
import { createRegistry, type Offers, type Registry } from "../../spine/offers/index.ts"
import { askReceipts, deliverOnce, resolveOpen, tendSends, type World } from "../../spine/outbox/index.ts"
import type { TagIntake } from "./intake.ts"
import type { Loop } from "./loops.ts"
import { type SandboxControl, sandboxRoutes } from "./sandbox-panel/routes.ts"
import { outboxWorld } from "./world.ts"

/** What a running process lends the modules; nulls where this place has none. */
export type Lent = {
  sandbox: SandboxControl | null
  /** What the company can speak through; the manual channel is always there. */
  channels: readonly Channel[]
}

export type Wired = {
  registry: Registry
  routes: Route[]
  handlers: FactHandler[]
  /** What the intake hands tags of the channel to. */
  tags: TagIntake
  world: World
  /** Work that is due by time rather than by facts. */
  loops(place: { db: Db; clock: Clock }): Loop[]
}

const OUTBOX_REST_MS = 500
const RESOLVE_REST_MS = 2_000
const RECEIPTS_REST_MS = 2_000

/** Codes are made by the first channel that can. */
function wayMaker(channels: readonly Channel[]): codes.WayMaker | null {
  const service = channels.find((c) => c.services.contact_way)?.services.contact_way
  if (!service) return null
  return async (wish) => {
    const made = await service.create({ ...wish, skip_verify: true })
    return "failure" in made ? { failure: { code: made.failure.code, detail: made.failure.detail } } : made
  }
}

/** Every module that the server knows, in one place: routes for the door, handlers for facts, offers for the spine. */
export function wire(lent: Lent): Wired {
  const offers: Offers[] = [
    customers.offers,
    tags.offers,
    orders.offers,
    groups.offers,
    points.offers,
    classes.offers,
  ]
  const registry = createRegistry(offers)
  const world = outboxWorld(lent.channels)
  return {
    registry,
    routes: [
      ...staff.routes,
      ...accounts.routes(customers.contactCounts),
      ...customers.routes(() => registry.traits),
      ...tags.routes,
      ...groups.routes,
      ...orders.routes,
      ...points.routes,
      ...codes.routes({
        makeWay: () => wayMaker(lent.channels),
        knownTags: tags.knownTags,
        addedByState: customers.addedByState,
      }),
      ...analytics.routes(() => registry.traits),
      ...sandboxRoutes(() => lent.sandbox),
    ],
    handlers: [
      ...customers.handlers,
      ...orders.handlers,
      ...groups.handlers,
      ...points.handlers,
      ...classes.handlers,
      ...analytics.handlers,
    ],
    tags: { catalogue: tags.syncTags, worn: tags.takeWorn },
    world,
    loops: (place) => [
      ...orders.loops(place),
      ...points.loops(place),
      ...classes.loops(place),
      ...outboxLoops(place, world),
    ],
  }
}

function outboxLoops({ db, clock }: { db: Db; clock: Clock }, world: World): Loop[] {
  return [
    {
      name: "outbox",
      rest_ms: OUTBOX_REST_MS,
      round: async () => {
        const { placed, parcels, stale } = await deliverOnce(db, world, clock.now())
        return placed + parcels + stale
      },
    },
    { name: "unknown outcomes", rest_ms: RESOLVE_REST_MS, round: () => resolveOpen(db, world, clock.now()) },
    { name: "receipts", rest_ms: RECEIPTS_REST_MS, round: () => askReceipts(db, world, clock.now()) },
    { name: "sends", rest_ms: OUTBOX_REST_MS, round: () => tendSends(db, clock.now()) },
  ]
}
