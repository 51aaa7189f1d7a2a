import { stat } from "node:fs/promises"
import { newId } from "../../kernel/ids.ts"
import { isRefused, type Refusal, refuse } from "../../kernel/result.ts"
import { type Db, tx } from "../../platform/db.ts"
import { openApart, TableLost } from "../../platform/tables/apart.ts"
import type { Table, TableOptions, TableRow } from "../../platform/tables/table.ts"
import { thriftily } from "../../platform/thrift.ts"
import { reasonText } from "./failures.ts"
import {
  type Columns,
  type Failure,
  type ImportKind,
  isFailure,
  type Outcome,
  type Taken,
  type Taker,
} from "./kinds.ts"
import { IMPORT_BATCH_ROWS, IMPORT_BATCH_SLACK_ROWS } from "./limits.ts"
import { type Mapping, resolveMapping } from "./mapping.ts"

export type ImportOptions = TableOptions & {
  mapping: Mapping
  /** What tells this file's rows from those of others; the same name again means the same rows again. */
  source: string
  /** Looks at every row and says what would happen, without changing anything. */
  dry_run?: boolean
  now: Date
  by?: string | null
  scope?: readonly string[] | null
  /** What an earlier run of this file had counted when it was stopped: this one goes on behind those rows. */
  from?: Counts
  /** Stops the run between two batches: what is committed stays, and nothing is half done. */
  signal?: AbortSignal
  /** Told after every batch; the next one waits for it. */
  onProgress?(counts: Counts): Promise<void> | void
  onFailure?(failure: FailedRow): Promise<void> | void
}

/** Every row that was read is one of the other four. */
export type Counts = { read: number; imported: number; changed: number; skipped: number; failed: number }
export type FailedRow = {
  line: number
  code: string
  detail?: string
  /** The reason as people read it. */
  reason: string
  cells: string[]
  headings: string[] | null
}
export type ImportResult = Counts & { source: string; cancelled: boolean; headings: string[] | null }

class DryRun extends Error {}

/**
 * Imports a table of a kind from a file: read as a stream, committed every few thousand rows, so that memory stays bounded and
 * a run that was cut short is finished by running it again. Rows that cannot be taken are told one by one; all others go in.
 */
export async function importFile(
  db: Db,
  kind: ImportKind,
  path: string,
  options: ImportOptions,
): Promise<ImportResult | Refusal> {
  const many = await tooMany(kind, path, options)
  if (many) return many
  const table = await openApart(path, options)
  if (isRefused(table)) return table
  try {
    return await thriftily(() => importTable(db, kind, table, options))
  } catch (error) {
    if (error instanceof TableLost) return error.refusal
    throw error
  } finally {
    table.close()
  }
}

/**
 * Counts the rows of a file that may hold more than its kind takes, before the first is taken: a row has a letter and a line's end,
 * so that small files are not read twice. A stopped run that goes on was counted at its beginning.
 */
async function tooMany(
  { rows_max }: ImportKind,
  path: string,
  options: ImportOptions,
): Promise<Refusal | null> {
  if (rows_max === undefined || options.from || (await bytesOf(path)) < rows_max * ROW_BYTES_MIN) return null
  const table = await openApart(path, options)
  if (isRefused(table)) return table
  try {
    let read = 0
    for await (const slice of table.rows()) {
      read += slice.length
      if (read > rows_max) return refuse("too_many_rows", { detail: { rows_max } })
      if (options.signal?.aborted) return null
    }
    return null
  } catch (error) {
    if (error instanceof TableLost) return error.refusal
    throw error
  } finally {
    table.close()
  }
}

const ROW_BYTES_MIN = 2
const bytesOf = async (path: string) => (await stat(path).catch(() => null))?.size ?? 0

async function importTable(
  db: Db,
  kind: ImportKind,
  table: Table,
  options: ImportOptions,
): Promise<ImportResult | Refusal> {
  const columns = resolveMapping(kind, options.mapping, table.headings)
  if (isRefused(columns)) return columns
  const { source, now, dry_run = false, by = null, scope = null } = options
  const run: Run = {
    db,
    kind,
    taker: kind.begin({ db, run_id: newId(), source, now, dry_run, by, scope }),
    options,
    columns,
    counts: { read: 0, imported: 0, changed: 0, skipped: 0, failed: 0, ...options.from },
    passed: 0,
    batch: [],
    writing: null,
    headings: table.headings,
  }
  const stopped = () => options.signal?.aborted === true
  let cancelled = false
  try {
    for await (const slice of table.rows()) {
      await takeSlice(run, slice, stopped)
      if (stopped()) break
    }
    await run.writing
    cancelled = stopped()
    if (!cancelled && run.batch.length > 0) await writeBatch(run)
  } finally {
    await run.writing?.catch(() => undefined)
    await run.taker.end?.()
  }
  return { ...run.counts, source, cancelled, headings: table.headings }
}

type Read = { good: unknown } | Failure
type Run = {
  db: Db
  kind: ImportKind
  taker: Taker<unknown>
  options: ImportOptions
  columns: Columns
  counts: Counts
  /** Rows of an earlier run that were gone over. */
  passed: number
  batch: { row: TableRow; read: Read }[]
  /** The batch that is being written while the next one is read. */
  writing: Promise<void> | null
  headings: string[] | null
}

function readOf({ kind, columns }: Run, row: TableRow): Read {
  const read = kind.read(row, columns)
  return isFailure(read) ? read : { good: read }
}

async function takeSlice(run: Run, slice: readonly TableRow[], stopped: () => boolean): Promise<void> {
  const rest = run.options.from ? await passOver(run, slice, run.options.from.read, stopped) : slice
  for (const row of rest) {
    const read = readOf(run, row)
    if (run.batch.length >= IMPORT_BATCH_ROWS && endsHere(run, read)) {
      await run.writing
      if (stopped()) return
      run.writing = writeBatch(run)
      // What goes wrong with it is thrown where it is waited for.
      run.writing.catch(() => undefined)
    }
    run.batch.push({ row, read })
  }
}

/** Goes over rows that an earlier run has taken and gives those behind them. */
async function passOver(
  run: Run,
  slice: readonly TableRow[],
  taken: number,
  stopped: () => boolean,
): Promise<readonly TableRow[]> {
  const over = slice.slice(0, Math.max(0, taken - run.passed))
  for (let at = 0; run.taker.passOver && at < over.length && !stopped(); at += IMPORT_BATCH_ROWS) {
    const reads = over.slice(at, at + IMPORT_BATCH_ROWS).map((row) => readOf(run, row))
    await run.taker.passOver(run.db, goodOf(reads))
  }
  run.passed += over.length
  return stopped() ? [] : slice.slice(over.length)
}

const goodOf = (reads: readonly Read[]) => reads.flatMap((read) => ("good" in read ? [read.good] : []))

/** Rows that belong together and stand together are written together. */
function endsHere({ kind, batch }: Run, next: Read): boolean {
  if (!kind.together || batch.length >= IMPORT_BATCH_ROWS + IMPORT_BATCH_SLACK_ROWS) return true
  const last = batch.at(-1)!.read
  return !("good" in last && "good" in next && kind.together(last.good, next.good))
}

async function writeBatch(run: Run): Promise<void> {
  const { counts, options, batch, kind } = run
  run.batch = []
  const good = goodOf(batch.map(({ read }) => read))
  const outcomes = good.length === 0 ? [] : await commitRows(run, good)
  let next = 0
  for (const { row, read } of batch) {
    const outcome: Outcome = "good" in read ? outcomes[next++]! : read
    counts.read++
    if (typeof outcome === "string") {
      counts[outcome]++
      continue
    }
    counts.failed++
    const { failed: code, detail } = outcome
    await options.onFailure?.({
      line: row.line,
      code,
      ...(detail ? { detail } : {}),
      reason: reasonText(kind.failures, code, detail),
      cells: row.cells,
      headings: run.headings,
    })
  }
  await options.onProgress?.({ ...counts })
}

async function commitRows({ db, taker, options }: Run, good: readonly unknown[]): Promise<Outcome[]> {
  const kept: Taken[] = []
  try {
    await tx(db, async (t) => {
      const taken = await taker.take(t, good)
      kept[0] = taken
      if (options.dry_run) throw new DryRun("dry run")
      await taken.remember?.(t)
    })
  } catch (error) {
    if (!(error instanceof DryRun)) throw error
    await kept[0]?.remember?.(db)
  }
  return kept[0]!.outcomes
}
