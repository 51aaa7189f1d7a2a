import type { Clock } from "../../platform/clock.ts"
import type { Db } from "../../platform/db.ts"
import type { Loop } from "../../platform/loops.ts"
import { vacateOnce } from "./hazard/vacate.ts"
import { NIGHT_REST_MS, SCRIPTS_REST_MS, VACATE_REST_MS } from "./limits.ts"
import { night } from "./nurture/night.ts"
import { installScripts } from "./scripts/built-in.ts"

/** Work that is due by time, looked for again and again: nothing to do costs one small query. */
export function loops({ db, clock }: { db: Db; clock: Clock }): Loop[] {
  return [
    { name: "accounts.night", rest_ms: NIGHT_REST_MS, round: () => night(db, clock.now()) },
    { name: "accounts.scripts", rest_ms: SCRIPTS_REST_MS, round: () => installScripts(db, clock.now()) },
    { name: "accounts.stopped", rest_ms: VACATE_REST_MS, round: () => vacateOnce(db, clock.now()) },
  ]
}
