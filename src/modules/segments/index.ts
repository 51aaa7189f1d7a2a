import type { Clock } from "../../platform/clock.ts"
import type { Db } from "../../platform/db.ts"
import type { Registry } from "../../spine/offers/index.ts"
import { FOLLOW_REST_MS } from "./limits.ts"
import { followNext } from "./movement/night.ts"

export { segmentAudience } from "./commands.ts"
export { SEGMENT_REFUSALS } from "./contract.ts"
export { SEGMENTS_MAX } from "./limits.ts"
export { carry } from "./merge.ts"
export { offers } from "./offers.ts"
export { routes } from "./routes.ts"
export { segmentNamed, segments, segmentsNaming } from "./store.ts"
export { SEGMENTS_BACKUP } from "./store-backup.ts"

/** Looks at the segments that are due, one after the other: nothing to do costs one small query. */
export function loops({ db, clock }: { db: Db; clock: Clock }, registry: () => Registry) {
  return [
    {
      name: "segments.movement",
      rest_ms: FOLLOW_REST_MS,
      round: () => followNext(db, registry(), clock.now()),
    },
  ]
}
