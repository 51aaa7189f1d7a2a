import { isRefused } from "../../../kernel/result.ts"
import type { Db } from "../../../platform/db.ts"
import { failuresFile } from "../import/errors-file.ts"
import { failureText } from "../import/failures.ts"
import { type FailedRow, importOrders } from "../import/run.ts"
import { ERRORS_SHOWN, IMPORT_LEASE_MS } from "../limits.ts"
import { claimImport, endImport, keepProgress, type Stored } from "./store.ts"

/**
 * Runs the next waiting import, if there is one; gives how many it ran. A run that a crash cut short is taken up again when its
 * lease is over, and skips what is in already.
 */
export async function runNextImport(db: Db, now: () => Date): Promise<number> {
  const claimed = await claimImport(db, IMPORT_LEASE_MS)
  if (!claimed?.options) return 0
  const failed_path = `${claimed.path}.failed.csv`
  const file = await failuresFile(failed_path)
  const shown: { line: number; reason: string; cells: string[] }[] = []
  const stop = new AbortController()
  let keeping: Promise<unknown> = Promise.resolve()
  const keep = (failure: FailedRow) => {
    if (shown.length < ERRORS_SHOWN)
      shown.push({
        line: failure.line,
        reason: failureText(failure.code, failure.both),
        cells: failure.cells.slice(0, CELLS_SHOWN),
      })
    return file.write(failure)
  }
  try {
    const answer = await importOrders(db, claimed.path, {
      ...optionsOf(claimed),
      now: now(),
      signal: stop.signal,
      onFailure: keep,
      onProgress(counts) {
        keeping = keepProgress(db, claimed.id, counts, IMPORT_LEASE_MS).then((goesOn) => {
          if (!goesOn) stop.abort()
        })
      },
    })
    await keeping
    const problem = isRefused(answer) ? answer.refused : null
    const failed = !isRefused(answer) && answer.failed > 0
    if (failed) await file.close(answer.headings)
    else await file.discard()
    const counts = isRefused(answer)
      ? null
      : { read: answer.read, imported: answer.imported, skipped: answer.skipped, failed: answer.failed }
    await endImport(db, claimed.id, {
      state: problem ? "failed" : claimed.dry_run ? "checked" : "done",
      counts,
      problem,
      failures: shown,
      failed_path: failed ? failed_path : null,
      now: now(),
    })
  } catch (error) {
    await file.discard()
    await endImport(db, claimed.id, {
      state: "failed",
      counts: null,
      problem: "internal_error",
      failures: shown,
      failed_path: null,
      now: now(),
    })
    throw error
  }
  return 1
}

const CELLS_SHOWN = 12

function optionsOf(claimed: Stored) {
  const { mapping, header, source, encoding, delimiter, sheet } = claimed.options!
  return {
    mapping,
    header,
    source,
    dry_run: claimed.dry_run,
    ...(encoding ? { encoding } : {}),
    ...(delimiter ? { delimiter } : {}),
    ...(sheet ? { sheet } : {}),
  }
}
