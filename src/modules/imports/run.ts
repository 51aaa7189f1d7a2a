import { newId } from "../../kernel/ids.ts"
import { isRefused } from "../../kernel/result.ts"
import type { Db } from "../../platform/db.ts"
import { isDiskFull, isOutage } from "../../platform/transient.ts"
import { type Counts, type FailedRow, importFile } from "./engine.ts"
import { type FailuresFile, failuresFile } from "./errors-file.ts"
import { holdImport } from "./hold.ts"
import type { ImportKinds } from "./kinds.ts"
import { ERRORS_SHOWN, IMPORT_BEAT_MS, IMPORT_LEASE_MS } from "./limits.ts"
import { claimImport, endImport, letGo, type Stored } from "./store.ts"

/**
 * Runs the next waiting import, if there is one; gives how many it ran. One that was paused goes on from where it stood. A run that
 * a crash or a lost database cut short is taken up again when its lease is over, and skips what is in already.
 */
export async function runNextImport(db: Db, kinds: ImportKinds, now: () => Date): Promise<number> {
  const run_id = newId()
  const claimed = await claimImport(db, run_id, IMPORT_LEASE_MS)
  const kind = claimed && kinds.get(claimed.kind)
  if (!claimed?.options || !kind) return 0
  const held = { id: claimed.id, run_id }
  const failed_path = `${claimed.path}.failed.csv`
  const { stood } = claimed
  let file: FailuresFile | null = null
  const shown = stood ? [...(claimed.failures ?? [])] : []
  const keep = (failure: FailedRow) => {
    if (shown.length < ERRORS_SHOWN)
      shown.push({
        line: failure.line,
        reason: failure.reason,
        cells: failure.cells.slice(0, CELLS_SHOWN),
      })
    return file!.write(failure)
  }
  const hold = holdImport(db, held, { lease_ms: IMPORT_LEASE_MS, beat_ms: IMPORT_BEAT_MS })
  try {
    file = await failuresFile(failed_path, { goOn: stood !== null && stood.failed > 0 })
    const answer = await importFile(db, kind, claimed.path, {
      ...optionsOf(claimed),
      ...(stood ? { from: stood } : {}),
      now: now(),
      signal: hold.signal,
      onFailure: keep,
      onProgress: hold.tell,
    })
    await hold.release()
    const problem = isRefused(answer) ? answer.refused : null
    const failed = !isRefused(answer) && answer.failed > 0
    if (failed) await file.close(answer.headings)
    else await file.discard()
    const counts = isRefused(answer) ? null : countsOf(answer)
    const left = { counts, failures: shown, failed_path: failed ? failed_path : null }
    if (counts && !isRefused(answer) && answer.cancelled) await letGo(db, held, { ...left, counts })
    else {
      const state = problem ? "failed" : claimed.dry_run ? "checked" : "done"
      await endImport(db, held, { state, problem, ...left, now: now() })
    }
  } catch (error) {
    hold.drop()
    await file?.discard()
    // Where the database went away nothing is wrong with the file: the lease runs out, and the run is taken up again.
    if (isOutage(error)) throw error
    await endImport(db, held, {
      state: "failed",
      counts: null,
      problem: isDiskFull(error) ? "disk_full" : "internal_error",
      failures: shown,
      failed_path: null,
      now: now(),
    })
    throw error
  }
  return 1
}

const CELLS_SHOWN = 12

const countsOf = ({ read, imported, changed, skipped, failed }: Counts): Counts => ({
  read,
  imported,
  changed,
  skipped,
  failed,
})

function optionsOf(claimed: Stored) {
  const { mapping, header, source, encoding, delimiter, sheet } = claimed.options!
  return {
    mapping,
    header,
    source,
    dry_run: claimed.dry_run,
    by: claimed.created_by,
    scope: claimed.scope,
    ...(encoding ? { encoding } : {}),
    ...(delimiter ? { delimiter } : {}),
    ...(sheet ? { sheet } : {}),
  }
}
