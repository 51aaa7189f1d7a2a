import { refuse } from "../../kernel/result.ts"
import { type Db, tx } from "../../platform/db.ts"
import { createGatherer, type Gatherer } from "../../platform/gather.ts"
import type { PointsAsk } from "./asks.ts"
import { movePoints, type PointsAnswer } from "./commands.ts"
import { BATCH_ASKS, BATCHES_IN_FLIGHT, WAITING_ASKS } from "./limits.ts"

export type Points = Gatherer<PointsAsk, PointsAnswer>

/** The door for single asks: one a process, so that what comes together is committed together. */
export function createPoints(db: Db): Points {
  return createGatherer<PointsAsk, PointsAnswer>({
    batch: BATCH_ASKS,
    in_flight: BATCHES_IN_FLIGHT,
    waiting: WAITING_ASKS,
    busy: refuse("overloaded"),
    work: (asks) => tx(db, (t) => movePoints(t, asks)),
  })
}
