import type { Clock } from "../../platform/clock.ts"
import type { Db } from "../../platform/db.ts"
import type { Route } from "../../platform/http/index.ts"
import type { Loop } from "../../platform/loops.ts"
import { leavingRoutes } from "./leaving/routes.ts"
import { tendLeavings } from "./leaving/unowned.ts"
import { LEAVINGS_REST_MS, TRANSFERS_REST_MS } from "./limits.ts"
import type { TransferDeps } from "./plan.ts"
import { routes as transferRoutes } from "./routes.ts"
import { beginTransfers, pollTransfers } from "./run.ts"

export { handlers, type TransferFailure, takeTransferFailures } from "./handlers.ts"
export { carry } from "./merge.ts"
export { offers } from "./offers.ts"
export type { TransferDeps } from "./plan.ts"

export const routes = (deps: TransferDeps): Route[] => [...transferRoutes(deps), ...leavingRoutes(deps)]

export const loops = ({ db, clock }: { db: Db; clock: Clock }, deps: TransferDeps): Loop[] => [
  { name: "transfers", rest_ms: TRANSFERS_REST_MS, round: () => beginTransfers(db, clock.now()) },
  {
    name: "transfers.results",
    rest_ms: TRANSFERS_REST_MS,
    round: () => pollTransfers(db, deps, clock.now()),
  },
  { name: "leavings", rest_ms: LEAVINGS_REST_MS, round: () => tendLeavings(db, clock.now()) },
]
