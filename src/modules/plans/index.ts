import type { Clock } from "../../platform/clock.ts"
import { type Db, tx } from "../../platform/db.ts"
import type { Registry } from "../../spine/offers/index.ts"
import { markMissed } from "../../spine/outbox/index.ts"
import { installBuiltIn } from "./built-in.ts"
import { type DiversionDeps, tendDiversions } from "./diversions/commands.ts"
import { DIVERSION_REST_MS } from "./diversions/limits.ts"

export { ASSIGNMENT_KINDS } from "./assignment-kinds.ts"
export { BUILT_IN, installBuiltIn } from "./built-in.ts"
export type { DiversionDeps } from "./diversions/commands.ts"
export { diversionHandler } from "./diversions/handler.ts"
export { diversionRoutes } from "./diversions/routes.ts"
export { type IntroductionDeps, introductionHandler, propose } from "./introductions.ts"
export type { PlansDeps } from "./plays/routes.ts"
export { routes, rowsOf as assignmentRows, seenBy as assignmentsSeenBy } from "./routes.ts"

const MISSED_REST_MS = 5_000
const BUILT_IN_REST_MS = 3_600_000

/** Diversions unfold day by day; assignments whose time has passed are told once; a new company gets its built-in plays. */
export function loops(
  { db, clock }: { db: Db; clock: Clock },
  registry: Registry,
  diversions: DiversionDeps,
) {
  return [
    {
      name: "plans.diversions",
      rest_ms: DIVERSION_REST_MS,
      round: () => tendDiversions(db, diversions, clock.now()),
    },
    { name: "plans.missed", rest_ms: MISSED_REST_MS, round: () => tx(db, (t) => markMissed(t, clock.now())) },
    {
      name: "plans.built_in",
      rest_ms: BUILT_IN_REST_MS,
      round: () => installBuiltIn(db, registry, clock.now()),
    },
  ]
}
export { carry } from "./merge.ts"
