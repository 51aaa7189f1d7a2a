import type { Clock } from "../../platform/clock.ts"
import type { Db } from "../../platform/db.ts"
import { planSends, type SendsDeps } from "./commands.ts"

export { planSends, type SendsDeps } from "./commands.ts"
export { routes } from "./routes.ts"
export { sendNames, sentBetween } from "./store.ts"

const PLAN_REST_MS = 1_000

/** Plans what was approved, piece by piece. */
export function loops({ db, clock }: { db: Db; clock: Clock }, deps: SendsDeps) {
  return [{ name: "sends.plan", rest_ms: PLAN_REST_MS, round: () => planSends(db, deps, clock.now()) }]
}
