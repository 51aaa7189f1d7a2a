import * as staff from "../../modules/staff/index.ts"
import type { Route } from "../../platform/http/index.ts"
import type { FactHandler } from "../../spine/facts/index.ts"
import { createRegistry, type Offers } from "../../spine/offers/index.ts"

/** Every module that the server knows, in one place: routes for the door, handlers for facts, offers for the spine. */
export const routes: Route[] = [...staff.routes]
export const handlers: FactHandler[] = []
export const offers: Offers[] = []
export const registry = createRegistry(offers)
