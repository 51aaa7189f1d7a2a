import type { Loop } from "../../platform/loops.ts"
import { drain } from "../../spine/facts/index.ts"
import { hurryReceipts } from "../../spine/outbox/index.ts"
import type { Work } from "./background.ts"
import { isQuiet } from "./quiet.ts"
import type { SandboxControl } from "./sandbox-panel/routes.ts"
import { followSandboxClock } from "./shop-clock.ts"

/** Without a question for so long, the world is not in lock-step any more: everything runs at its own pace again. */
const HELD_MS = 10_000
/** More rounds at one moment than any work needs: what finds something each time would go on for ever. */
const ROUNDS_MAX = 1_000
/** Loops that rest no longer than this take part in one moment's to and fro; the others come round in their own time. */
const MOMENT_MS = 2_000

export type LockStep = {
  /** Does all that is due at the world's moment. Gives whether nothing is left. */
  settle(): Promise<boolean>
  end(): Promise<void>
}

/**
 * The background's work in lock-step with a virtual world: nothing runs by itself; each time the world asks, all that is due is done,
 * one after another in one order, until nothing is found. So the same seed leads to the same day, however fast the machine is.
 * Loops keep their rests in shop time.
 */
export function createLockStep(
  pace: { stop(): Promise<void>; start(): void },
  work: Work & { control: SandboxControl; loops: readonly Loop[] },
): LockStep {
  const { db, clock, log, wired, link, control, loops } = work
  const dueAt = new Map<string, number>()
  let ended = false
  let resume: NodeJS.Timeout | undefined
  let before: Promise<unknown> = Promise.resolve()

  const round = async (loop: Loop): Promise<number> => {
    const now_ms = clock.now().getTime()
    if (now_ms < (dueAt.get(loop.name) ?? 0)) return 0
    const found = await loop.round()
    if (found === 0) dueAt.set(loop.name, now_ms + loop.rest_ms)
    return found
  }
  const everything = async (): Promise<number> => {
    // What a busy round or a fact brings up may concern every loop: those of the moment look again.
    let found = ((await link?.settle()) ?? 0) + (await drain(db, wired.handlers, () => clock.now()))
    for (const loop of loops) found += await round(loop)
    if (found > 0) for (const loop of loops) if (loop.rest_ms <= MOMENT_MS) dueAt.delete(loop.name)
    return found
  }
  const settle = async (): Promise<boolean> => {
    clearTimeout(resume)
    if (ended) return false
    try {
      await pace.stop()
      await followSandboxClock(db, control)
      await clock.refresh()
      await hurryReceipts(db)
      for (let rounds = 0; !ended && rounds < ROUNDS_MAX; rounds++)
        if ((await everything()) === 0) return await isQuiet(db, wired.handlers)
      return false
    } catch (error) {
      log.error({ err: error }, "work in lock-step failed")
      return false
    } finally {
      if (!ended) resume = setTimeout(pace.start, HELD_MS)
    }
  }
  return {
    settle() {
      const mine = before.then(settle)
      before = mine
      return mine
    },
    async end() {
      ended = true
      await before
      clearTimeout(resume)
    },
  }
}
