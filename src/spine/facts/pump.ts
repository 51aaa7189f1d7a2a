import type { Db } from "../../platform/db.ts"
import { ERROR_REST_MS, IDLE_MS } from "./limits.ts"
import { type FactHandler, lanesWithWork, retry, step } from "./reader.ts"

export type PumpOptions = {
  db: Db
  handlers: readonly FactHandler[]
  now(): Date
  onError(handler: string, error: unknown): void
}

export type Pump = { stop(): Promise<void>; wake(): void }

/** Keeps every handler reading until it is stopped; one loop a handler, side by side with those of other processes. */
export function startPump(options: PumpOptions): Pump {
  let stopping = false
  let resting: (() => void)[] = []
  const rest = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      resting.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  const wake = () => {
    const waking = resting
    resting = []
    for (const go of waking) go()
  }
  const loop = async (handler: FactHandler) => {
    while (!stopping) {
      try {
        const taken = await pass(options.db, handler, options.now)
        if (taken === 0) await rest(IDLE_MS)
      } catch (error) {
        if (stopping) return
        options.onError(handler.name, error)
        await rest(ERROR_REST_MS)
      }
    }
  }
  const loops = options.handlers.map(loop)
  return {
    wake,
    async stop() {
      stopping = true
      wake()
      await Promise.all(loops)
    },
  }
}

/** Every lane of a handler that has work, one batch each, then parked subjects whose time has come. */
async function pass(db: Db, handler: FactHandler, now: () => Date): Promise<number> {
  const lanes = await lanesWithWork(db, handler)
  const steps = await Promise.all(lanes.map((lane) => step(db, handler, lane, now())))
  return steps.reduce((sum, s) => sum + s.handled, 0) + (await retry(db, handler, now()))
}

/** Reads until no handler finds anything new: for tests, commands and lock-step simulation. Gives the number of facts taken. */
export async function drain(db: Db, handlers: readonly FactHandler[], now: () => Date): Promise<number> {
  let total = 0
  for (let taken = -1; taken !== 0; total += taken) {
    taken = 0
    for (const handler of handlers) taken += await pass(db, handler, now)
  }
  return total
}
