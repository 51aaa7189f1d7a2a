import type { Db } from "../../platform/db.ts"
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

export type Worker = {
  /** Something was stored: look now. */
  wake(): void
  stop(): Promise<void>
}

/** Tells and fetches side by side, so that a welcome never waits for a slow answer of the platform. */
export function startWorker(
  deps: FetchDeps & { onError(where: "tell" | "fetch" | "forget", error: unknown): void },
): Worker {
  let stopping = false
  const resting = new Set<() => void>()
  const rest = (ms: number) =>
    new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer)
        resting.delete(done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      resting.add(done)
    })
  const wake = () => {
    for (const go of [...resting]) go()
  }
  const loop = async (where: "tell" | "fetch", step: () => Promise<number>) => {
    while (!stopping) {
      try {
        if ((await step()) === 0) await rest(WORKER_IDLE_MS)
      } catch (error) {
        if (stopping) return
        deps.onError(where, error)
        await rest(WORKER_ERROR_REST_MS)
      }
    }
  }
  let forgetting: Promise<unknown> = Promise.resolve()
  const forget = () => {
    forgetting = forgetOldCallbacks(deps.db, deps.now()).catch((error) => deps.onError("forget", error))
  }
  forget()
  const timer = setInterval(forget, FORGET_EVERY_MS)
  const loops = [
    loop("tell", async () => {
      const told = await tellCallbacks(deps.db, deps.sink, deps.now())
      if (told > 0) wake()
      return told
    }),
    loop("fetch", () => fetchWanted(deps)),
  ]
  return {
    wake,
    async stop() {
      stopping = true
      clearInterval(timer)
      wake()
      await Promise.all([...loops, forgetting])
    },
  }
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
