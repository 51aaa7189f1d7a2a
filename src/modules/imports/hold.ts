import type { Db } from "../../platform/db.ts"
import type { Counts } from "./engine.ts"
import { keepProgress } from "./store.ts"

export type Hold = {
  /** Writes how far the run is; once that stands, the signal says whether the run may go on. */
  tell(counts: Counts): Promise<void>
  /** Rings when the import was stopped, went to another runner, or could not be held. */
  signal: AbortSignal
  /** Stops beating, and throws what kept it from holding on. */
  release(): Promise<void>
  /** Stops beating. */
  drop(): void
}

/**
 * Holds an import for one runner by the clock, not by its progress: a slow row of a slow file must not hand it to a second
 * runner. A write that fails never escapes on its own: it ends the run, and is thrown where the run is.
 */
export function holdImport(
  db: Db,
  held: { id: string; run_id: string },
  { lease_ms, beat_ms }: { lease_ms: number; beat_ms: number },
): Hold {
  const stop = new AbortController()
  let counts: Counts | null = null
  let problem: { error: unknown } | null = null
  let writing: Promise<void> | null = null
  const write = async () => {
    try {
      if (!(await keepProgress(db, held, counts, lease_ms))) stop.abort()
    } catch (error) {
      problem ??= { error }
      stop.abort()
    }
    writing = null
  }
  const beat = () => {
    if (!stop.signal.aborted) writing ??= write()
  }
  const timer = setInterval(beat, beat_ms)
  const drop = () => clearInterval(timer)
  return {
    drop,
    async tell(next) {
      counts = next
      await writing
      beat()
      await writing
    },
    signal: stop.signal,
    async release() {
      drop()
      await writing
      if (problem) throw problem.error
    },
  }
}
