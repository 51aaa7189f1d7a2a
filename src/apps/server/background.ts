import { unlistedSince } from "../../modules/accounts/index.ts"
import type { SharedClock } from "../../platform/clock.ts"
import type { Db } from "../../platform/db.ts"
import type { Log } from "../../platform/log.ts"
import { type Loop, startLoops } from "../../platform/loops.ts"
import { registerHandlers, startPump } from "../../spine/facts/index.ts"
import { createLockStep, type LockStep } from "./lock-step.ts"
import { furnishLoop } from "./sandbox-accounts/loop.ts"
import type { SandboxControl } from "./sandbox-panel/routes.ts"
import { followSandboxClock } from "./shop-clock.ts"
import type { WecomLink } from "./wecom-link.ts"
import type { Wired } from "./wiring.ts"

const CLOCK_REST_MS = 1_000
/** How often everything is compared with the platform, in machine time; what was lost is repaired then. */
const SWEEP_EVERY_MS = 3_600_000
/** How soon the directory is asked for an account that it has not told of yet. */
const LOOK_FOR_UNLISTED_MS = 30_000

export type Work = {
  db: Db
  clock: SharedClock
  log: Log
  wired: Wired
  link: WecomLink | null
  control: SandboxControl | null
  /** Whether a virtual company is given what it would have come to own in time. */
  furnish?: boolean | undefined
}

export type Background = {
  wake(): void
  stop(): Promise<void>
  /** Set where a virtual world lends the clock: it may have the work done in lock-step with it. */
  lockStep: LockStep | null
}

/** The work behind the door of an `all` or `worker` process; several of them share one database without doing a thing twice. */
export async function startBackground(work: Work): Promise<Background> {
  const { db, wired, link, control } = work
  let stopping = false
  await registerHandlers(db, wired.handlers)
  const loops: Loop[] = [
    ...wired.loops(work),
    ...(control ? [clockLoop(db, control)] : []),
    ...(control && work.furnish ? [furnishLoop(work, () => wired.routes)] : []),
    ...(link ? [syncLoop(work, link, () => stopping)] : []),
  ]
  let running: Running | null = run(work, loops)
  const lockStep = control
    ? createLockStep(
        {
          async stop() {
            await running?.stop()
            running = null
          },
          start() {
            if (!stopping) running ??= run(work, loops)
          },
        },
        { ...work, control, loops },
      )
    : null
  return {
    lockStep,
    wake: () => running?.wake(),
    async stop() {
      stopping = true
      await lockStep?.end()
      await running?.stop()
    },
  }
}

type Running = Omit<Background, "lockStep">

/** Everything side by side, each at its own pace. */
function run({ db, clock, log, wired, link }: Work, loops: readonly Loop[]): Running {
  const pump = startPump({
    db,
    handlers: wired.handlers,
    now: () => clock.now(),
    onError: (handler, error) => log.error({ err: error, handler }, "facts could not be handled"),
  })
  const worker = link?.startWorker() ?? null
  const timed = startLoops(loops, (name, error) =>
    log.error({ err: error, loop: name }, "background work failed"),
  )
  return {
    wake() {
      worker?.wake()
      pump.wake()
    },
    async stop() {
      await Promise.all([worker?.stop(), pump.stop(), timed.stop()])
    },
  }
}

function clockLoop(db: Db, control: SandboxControl): Loop {
  return {
    name: "sandbox clock",
    rest_ms: CLOCK_REST_MS,
    async round() {
      await followSandboxClock(db, control)
      return 0
    },
  }
}

function syncLoop({ db, log }: Work, link: WecomLink, stopping: () => boolean): Loop {
  let swept = Number.NEGATIVE_INFINITY
  let asked: Date | null = null
  return {
    name: "sync",
    rest_ms: LOOK_FOR_UNLISTED_MS,
    async round() {
      // An account that no listing tells of is asked for once, not for ever.
      const met = await unlistedSince(db)
      const due = (met && (!asked || met > asked)) || performance.now() - swept >= SWEEP_EVERY_MS
      if (!due) return 0
      swept = performance.now()
      asked = met
      const answer = await link.sync("sweep", stopping)
      if ("finished" in answer && answer.finished) log.info({ report: answer.report }, "in line with WeCom")
      return 0
    },
  }
}
