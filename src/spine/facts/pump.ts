import type { Db } from "../../platform/db.ts"
import { type Running, startLoops } from "../../platform/loops.ts"
import { ERROR_REST_MS, IDLE_MS, UNWATCHED_REST_MS } from "./limits.ts"
import { type FactHandler, handlersWithWork, lanesWithWork, retry, step } from "./reader.ts"

/** The loop that looks for all. */
const WATCH = "facts.watch"

export type PumpOptions = {
  db: Db
  handlers: readonly FactHandler[]
  now(): Date
  onError(handler: string, error: unknown): void
}

/**
 * Keeps every handler reading until it is stopped; one loop a handler, side by side with those of other processes. One look wakes
 * those that have something to read; who comes after another is woken when that one has moved.
 */
export function startPump({
  db,
  handlers,
  now,
  onError,
}: PumpOptions): Pick<Running, "stop"> & { wake(): void } {
  const followers = (name: string) =>
    handlers.filter((h) => h.after?.some((before) => before.name === name)).map((h) => h.name)
  const reading = handlers.map((handler) => {
    const next = followers(handler.name)
    return {
      name: handler.name,
      rest_ms: UNWATCHED_REST_MS,
      error_rest_ms: ERROR_REST_MS,
      async round() {
        const taken = await pass(db, handler, now)
        if (taken > 0) running.wake(next)
        return taken
      },
    }
  })
  let seen: string | null = null
  const watch = {
    name: WATCH,
    rest_ms: IDLE_MS,
    error_rest_ms: ERROR_REST_MS,
    async round() {
      const { names, snapshot } = await handlersWithWork(db, handlers, seen)
      // Who was named may not get at it yet: the next look names them again.
      seen = names.length === 0 ? snapshot : null
      running.wake(names)
      return 0
    },
  }
  const running: Running = startLoops(handlers.length === 0 ? [] : [...reading, watch], onError)
  return { wake: () => running.wake([WATCH]), stop: running.stop }
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
