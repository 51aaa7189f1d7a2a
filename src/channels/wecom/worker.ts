import type { Db } from "../../platform/db.ts"
import { type Running, startLoops } from "../../platform/loops.ts"
import type { Client } from "./client.ts"
import { type FetchDeps, fetchWanted } from "./fetch.ts"
import {
  CALLBACKS_KEPT_DAYS,
  FORGET_EVERY_MS,
  PURGE_BATCH,
  WORKER_ERROR_REST_MS,
  WORKER_IDLE_MS,
} from "./limits.ts"
import { purgeCallbacks } from "./store-callbacks.ts"
import { type Sink, tellCallbacks } from "./tell.ts"

export type WorkerDeps = { client: Client; sink: Sink; now(): Date }

/**
 * Works off everything that is due: tells what the stored callbacks say, then fetches and tells the states. For tests and
 * lock-step; running servers use the worker below. Groups come due two seconds after their event.
 */
export async function processCallbacks(db: Db, deps: WorkerDeps): Promise<{ told: number; fetched: number }> {
  const done = { told: 0, fetched: 0 }
  for (;;) {
    const told = await tellCallbacks(db, deps.sink, deps.now())
    done.told += told
    if (told > 0) continue
    const fetched = await fetchWanted({ db, ...deps })
    done.fetched += fetched
    if (fetched === 0) return done
  }
}

export type Worker = Pick<Running, "stop"> & {
  /** Something was stored: look now. */
  wake(): void
}

/** Tells and fetches side by side, so that a welcome never waits for a slow answer of the platform. */
export function startWorker(deps: FetchDeps & { onError(where: string, error: unknown): void }): Worker {
  const resting = { rest_ms: WORKER_IDLE_MS, error_rest_ms: WORKER_ERROR_REST_MS }
  const wake = () => running.wake(["tell", "fetch"])
  const running = startLoops(
    [
      {
        name: "tell",
        ...resting,
        async round() {
          const told = await tellCallbacks(deps.db, deps.sink, deps.now())
          if (told > 0) wake()
          return told
        },
      },
      { name: "fetch", ...resting, round: () => fetchWanted(deps) },
      {
        name: "forget",
        rest_ms: FORGET_EVERY_MS,
        async round() {
          await forgetOldCallbacks(deps.db, deps.now())
          return 0
        },
      },
    ],
    deps.onError,
  )
  return { wake, stop: running.stop }
}

/** Forgets handled callbacks that are older than they are kept. */
async function forgetOldCallbacks(db: Db, now: Date): Promise<number> {
  const before = new Date(now.getTime() - CALLBACKS_KEPT_DAYS * 86_400_000)
  let gone = 0
  for (;;) {
    const batch = await purgeCallbacks(db, before, PURGE_BATCH)
    gone += batch
    if (batch < PURGE_BATCH) return gone
  }
}
