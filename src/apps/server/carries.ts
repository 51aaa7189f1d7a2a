import * as analytics from "../../modules/analytics/index.ts"
import * as classes from "../../modules/classes/index.ts"
import * as customers from "../../modules/customers/index.ts"
import * as groups from "../../modules/groups/index.ts"
import * as orders from "../../modules/orders/index.ts"
import * as plans from "../../modules/plans/index.ts"
import * as points from "../../modules/points/index.ts"
import * as segments from "../../modules/segments/index.ts"
import * as tags from "../../modules/tags/index.ts"
import * as transfers from "../../modules/transfers/index.ts"
import type { Carry } from "../../spine/facts/index.ts"
import * as outbox from "../../spine/outbox/index.ts"
import * as outcomes from "../../spine/outcomes/index.ts"
import * as plays from "../../spine/plays/index.ts"
import * as traits from "../../spine/traits/index.ts"

/**
 * What everybody does when one customer becomes part of another, in this order: the person first; plays before the outbox, since
 * what they stop it calls off; classes when all they follow from is there; the projection last, since others still read it.
 */
export const CARRIES: readonly Carry[] = [
  customers.carry,
  tags.carry,
  groups.carry,
  orders.carry,
  points.carry,
  plans.carry,
  segments.carry,
  transfers.carry,
  analytics.carry,
  plays.carryPlays(outbox.callOffPlay),
  outbox.carry,
  outcomes.carry,
  classes.carry,
  traits.carry,
]
