import type { Clock } from "../../platform/clock.ts"
import type { Db } from "../../platform/db.ts"
import { night } from "./compute.ts"
import { layerNight } from "./layers/night.ts"
import { NIGHT_REST_MS } from "./limits.ts"

export { classify, night } from "./compute.ts"
export { handlers } from "./handlers.ts"
export { stepDownHandler } from "./ladder/propose.ts"
export { ladderRoutes as routes } from "./ladder/routes.ts"
export { offers } from "./offers.ts"
export { type Activity, STAGES, type Stage, type Standing } from "./shared.ts"

/** The night's work, looked for again and again: nothing to do costs one small query. */
export function loops({ db, clock }: { db: Db; clock: Clock }) {
  return [
    { name: "classes.night", rest_ms: NIGHT_REST_MS, round: () => night(db, clock.now()) },
    { name: "classes.layers", rest_ms: NIGHT_REST_MS, round: () => layerNight(db, clock.now()) },
  ]
}
export { carry } from "./merge.ts"
