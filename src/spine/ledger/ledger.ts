import { refuse } from "../../kernel/result.ts"
import { type Db, quickTx } from "../../platform/db.ts"
import { fault } from "../../platform/fault.ts"
import { createGatherer, type Gatherer } from "../../platform/gather.ts"
import { type Answer, type Ask, checkAsk } from "./ask.ts"
import { BATCH_ASKS, BATCHES_IN_FLIGHT, WAITING_ASKS } from "./limits.ts"
import { decideBatch } from "./post.ts"

export type Ledger = Gatherer<Ask, Answer>

/** The ledger's door for single asks: one a process, so that what comes together is committed together. */
export function createLedger(db: Db, options: { in_flight?: number } = {}): Ledger {
  const gatherer = createGatherer<Ask, Answer>({
    batch: BATCH_ASKS,
    in_flight: options.in_flight ?? BATCHES_IN_FLIGHT,
    waiting: WAITING_ASKS,
    busy: refuse("ledger_busy"),
    async work(asks) {
      const answers = await quickTx(db, async (t) => {
        const decided = await decideBatch(t, asks)
        fault("ledger:before-commit")
        return decided
      })
      fault("ledger:after-commit-before-ack")
      return answers
    },
  })
  return {
    idle: gatherer.idle,
    async ask(ask) {
      checkAsk(ask)
      return gatherer.ask(ask)
    },
  }
}
