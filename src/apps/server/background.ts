import { unlistedAccounts } from "../../modules/accounts/index.ts"
import type { Clock } from "../../platform/clock.ts"
import type { Db } from "../../platform/db.ts"
import type { Log } from "../../platform/log.ts"
import { type Loop, startLoops } from "../../platform/loops.ts"
import { registerHandlers, startPump } from "../../spine/facts/index.ts"
import type { SandboxControl } from "./sandbox-panel/routes.ts"
import { followSandboxClock } from "./shop-clock.ts"
import type { WecomLink } from "./wecom-link.ts"
import type { Wired } from "./wiring.ts"

const CLOCK_REST_MS = 1_000
/** How often everything is compared with the platform, in machine time; what was lost is repaired then. */
const SWEEP_EVERY_MS = 3_600_000
/** How soon the directory is asked for an account that it has not told of yet. */
const LOOK_FOR_UNLISTED_MS = 30_000

export type Background = { wake(): void; stop(): Promise<void> }

/** The work behind the door of an `all` or `worker` process; several of them share one database without doing a thing twice. */
export async function startBackground(given: {
  db: Db
  clock: Clock
  log: Log
  wired: Wired
  link: WecomLink | null
  control: SandboxControl | null
}): Promise<Background> {
  const { db, clock, log, wired, link, control } = given
  let stopping = false
  await registerHandlers(db, wired.handlers)
  const pump = startPump({
    db,
    handlers: wired.handlers,
    now: () => clock.now(),
    onError: (handler, error) => log.error({ err: error, handler }, "facts could not be handled"),
  })
  const worker = link?.startWorker() ?? null
  const loops: Loop[] = [...wired.loops({ db, clock })]
  if (control)
    loops.push({
      name: "sandbox clock",
      rest_ms: CLOCK_REST_MS,
      round: async () => {
        await followSandboxClock(db, control)
        return 0
      },
    })
  if (link) {
    let swept = Number.NEGATIVE_INFINITY
    let unlisted = 0
    loops.push({
      name: "sync",
      rest_ms: LOOK_FOR_UNLISTED_MS,
      round: async () => {
        // An account that no listing tells of is asked for once, not for ever.
        const waiting = await unlistedAccounts(db)
        if (waiting <= unlisted && performance.now() - swept < SWEEP_EVERY_MS) {
          unlisted = waiting
          return 0
        }
        swept = performance.now()
        unlisted = waiting
        const answer = await link.sync("sweep", () => stopping)
        if ("finished" in answer && answer.finished) log.info({ report: answer.report }, "in line with WeCom")
        return 0
      },
    })
  }
  const running = startLoops(loops, (name, error) =>
    log.error({ err: error, loop: name }, "background work failed"),
  )
  return {
    wake() {
      worker?.wake()
      pump.wake()
    },
    async stop() {
      stopping = true
      await Promise.all([worker?.stop(), pump.stop(), running.stop()])
    },
  }
}
