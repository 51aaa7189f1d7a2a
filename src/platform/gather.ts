import { isTransient } from "./transient.ts"

export type GatherOptions<A, R> = {
  /** Does the asks in one transaction and gives an answer each, in order; may be called again for the same asks. */
  work(asks: A[]): Promise<R[]>
  /** Asks of one batch, or what `size` of them may come to; one ask always fits. */
  batch: number
  /** How much of a batch an ask takes; 1 when not given. */
  size?(ask: A): number
  /** Batches on their way at once. */
  in_flight: number
  /** Asks that may wait; one more gets `busy`. */
  waiting: number
  busy: R
}

export type Gatherer<A, R> = {
  /** Resolves after the commit of the batch that held the ask. */
  ask(ask: A): Promise<R>
  /** Resolves when nothing waits and nothing is on its way. */
  idle(): Promise<void>
}

/** Pauses before a batch is tried again after a lost connection or a restart of the database. */
const RETRY_MS = [20, 100, 500, 1_000, 2_000, 4_000] as const

type Waiting<A, R> = { ask: A; resolve(answer: R): void; reject(error: unknown): void }

/**
 * Group commit: asks are gathered into one transaction. None waits for time; the next batch is what came while the last ones
 * were on their way. A batch that fails is halved until the ask that cannot be done stands alone with its error. Where the
 * outcome is unknown (the connection was lost) the batch is done again: its keys tell what is already there.
 */
export function createGatherer<A, R>(options: GatherOptions<A, R>): Gatherer<A, R> {
  const queue: Waiting<A, R>[] = []
  let flying = 0
  let scheduled = false
  let idle: (() => void)[] = []

  const fitting = (): number => {
    const { size, batch } = options
    if (!size) return batch
    let room = batch - size(queue[0]!.ask)
    let count = 1
    for (; count < queue.length; count++) {
      room -= size(queue[count]!.ask)
      if (room < 0) break
    }
    return count
  }

  const schedule = () => {
    if (scheduled || flying >= options.in_flight || queue.length === 0) return
    scheduled = true
    // Everything asked in this turn of the event loop comes along; that is no wait for time.
    setImmediate(() => {
      scheduled = false
      if (queue.length === 0 || flying >= options.in_flight) return
      flying++
      void attempt(queue.splice(0, fitting()), 0).then(() => {
        flying--
        schedule()
        if (flying > 0 || queue.length > 0) return
        const resting = idle
        idle = []
        for (const done of resting) done()
      })
      schedule()
    })
  }

  const attempt = async (batch: Waiting<A, R>[], tries: number): Promise<void> => {
    let answers: R[]
    try {
      answers = await options.work(batch.map((w) => w.ask))
    } catch (error) {
      if (isTransient(error) && tries < RETRY_MS.length) {
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS[tries]))
        return attempt(batch, tries + 1)
      }
      if (batch.length === 1) return batch[0]!.reject(error)
      const half = batch.length >> 1
      await attempt(batch.slice(0, half), tries)
      return attempt(batch.slice(half), tries)
    }
    for (let i = 0; i < batch.length; i++) batch[i]!.resolve(answers[i]!)
  }

  return {
    ask(ask) {
      if (queue.length >= options.waiting) return Promise.resolve(options.busy)
      return new Promise((resolve, reject) => {
        queue.push({ ask, resolve, reject })
        schedule()
      })
    },
    idle() {
      if (flying === 0 && queue.length === 0) return Promise.resolve()
      return new Promise((resolve) => idle.push(resolve))
    },
  }
}
