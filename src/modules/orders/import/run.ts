import { newId } from "../../../kernel/ids.ts"
import { isRefused, type Refusal } from "../../../kernel/result.ts"
import { type Db, type Queryable, type Tx, tx } from "../../../platform/db.ts"
import { type Arrival, ensureCustomers, type IdentityKind } from "../../customers/index.ts"
import { IMPORT_BATCH_ROWS, IMPORT_BATCH_SLACK_ROWS } from "../limits.ts"
import { record } from "../record.ts"
import { lockSource } from "../store.ts"
import { forgetSeen, keepSeen, loadKnown, loadSeen } from "../store-import.ts"
import { openApart, TableLost } from "./apart.ts"
import { decide, type Outcome, orderKey, ordinals, refundKey, refundNumbers } from "./decide.ts"
import type { Both, RowFailure } from "./failures.ts"
import { type Columns, type Mapping, resolveMapping } from "./mapping.ts"
import { type ImportRow, readRow } from "./rows.ts"
import type { Table, TableOptions, TableRow } from "./table.ts"

export type ImportOptions = TableOptions & {
  mapping: Mapping
  /** What tells this file's rows from those of others; the same name again means the same rows again. */
  source: string
  /** What the customer column holds; by default the company's own number or name, the same person in every file. */
  customer_is?: IdentityKind
  /** Looks at every row and says what would happen, without changing anything. */
  dry_run?: boolean
  now: Date
  /** What an earlier run of this file had counted when it was stopped: this one goes on behind those rows. */
  from?: Counts
  /** Stops the run between two batches: what is committed stays, and nothing is half done. */
  signal?: AbortSignal
  /** Told after every batch; the next one waits for it. */
  onProgress?(counts: Counts): Promise<void> | void
  onFailure?(failure: FailedRow): Promise<void> | void
}

export type Counts = { read: number; imported: number; skipped: number; failed: number }
export type FailedRow = {
  line: number
  code: RowFailure
  both?: Both
  cells: string[]
  headings: string[] | null
}
export type ImportResult = Counts & { source: string; cancelled: boolean; headings: string[] | null }

class DryRun extends Error {
  constructor(readonly seen: Map<string, number>) {
    super("dry run")
  }
}

/**
 * Imports a table of orders from a file: read as a stream, committed every few thousand rows, so that memory stays bounded and
 * a run that was cut short is finished by running it again. Rows that cannot be taken are told one by one; all others go in.
 */
export async function importOrders(
  db: Db,
  path: string,
  options: ImportOptions,
): Promise<ImportResult | Refusal> {
  const table = await openApart(path, options)
  if (isRefused(table)) return table
  try {
    return await importTable(db, table, options)
  } catch (error) {
    if (error instanceof TableLost) return error.refusal
    throw error
  } finally {
    table.close()
  }
}

async function importTable(db: Db, table: Table, options: ImportOptions): Promise<ImportResult | Refusal> {
  const columns = resolveMapping(options.mapping, table.headings)
  if (isRefused(columns)) return columns
  const run: Run = {
    db,
    options,
    columns,
    counts: options.from ? { ...options.from } : { read: 0, imported: 0, skipped: 0, failed: 0 },
    passed: 0,
    batch: [],
    run_id: newId(),
    headings: table.headings,
  }
  const stopped = () => options.signal?.aborted === true
  let cancelled = false
  try {
    for await (const slice of table.rows()) {
      await takeSlice(run, slice, stopped)
      if (stopped()) {
        cancelled = true
        break
      }
    }
    if (!cancelled && run.batch.length > 0) await writeBatch(run)
  } finally {
    await forgetSeen(db, run.run_id)
  }
  return { ...run.counts, source: options.source, cancelled, headings: table.headings }
}

type Read = ImportRow | { failed: RowFailure }
type Run = {
  db: Db
  options: ImportOptions
  columns: Columns
  counts: Counts
  /** Rows of an earlier run that were gone over. */
  passed: number
  batch: { row: TableRow; read: Read }[]
  run_id: string
  headings: string[] | null
}

async function takeSlice(run: Run, slice: readonly TableRow[], stopped: () => boolean): Promise<void> {
  const rest = run.options.from ? await passOver(run, slice, run.options.from.read, stopped) : slice
  for (const row of rest) {
    const read = readRow(row, run.columns)
    if (run.batch.length >= IMPORT_BATCH_ROWS && endsHere(run.batch, read)) {
      await writeBatch(run)
      if (stopped()) return
    }
    run.batch.push({ row, read })
  }
}

/**
 * Goes over rows that an earlier run has taken and gives those behind them. Of the rows gone over only the places are counted, so
 * that the next row of an order that stands before and behind the stop is known as what it is.
 */
async function passOver(
  run: Run,
  slice: readonly TableRow[],
  taken: number,
  stopped: () => boolean,
): Promise<readonly TableRow[]> {
  const over = slice.slice(0, Math.max(0, taken - run.passed))
  for (let at = 0; at < over.length && !stopped(); at += IMPORT_BATCH_ROWS) {
    const good = over.slice(at, at + IMPORT_BATCH_ROWS).flatMap((row) => {
      const read = readRow(row, run.columns)
      return "failed" in read ? [] : [read]
    })
    await keepSeen(run.db, run.run_id, (await countPlaces(run.db, run.run_id, good)).seen)
  }
  run.passed += over.length
  return stopped() ? [] : slice.slice(over.length)
}

/** Rows of one order that stand together are written together, so that the order is told once and whole. */
function endsHere(batch: Run["batch"], next: Read): boolean {
  const last = batch.at(-1)!.read
  if (batch.length >= IMPORT_BATCH_ROWS + IMPORT_BATCH_SLACK_ROWS) return true
  const together =
    !("failed" in last) && !("failed" in next) && last.order_no !== null && last.order_no === next.order_no
  return !together
}

async function writeBatch(run: Run): Promise<void> {
  const { counts, options, batch } = run
  run.batch = []
  const good = batch.flatMap((b) => ("failed" in b.read ? [] : [b.read]))
  const outcomes = good.length === 0 ? [] : await commitRows(run, good)
  let next = 0
  for (const { row, read } of batch) {
    const outcome: Outcome = "failed" in read ? read : outcomes[next++]!
    counts.read++
    if (outcome === "imported") counts.imported++
    else if (outcome === "skipped") counts.skipped++
    else {
      counts.failed++
      const { failed, both } = outcome
      const { line, cells } = row
      await options.onFailure?.({
        line,
        code: failed,
        ...(both ? { both } : {}),
        cells,
        headings: run.headings,
      })
    }
  }
  await options.onProgress?.({ ...counts })
}

async function commitRows(run: Run, good: ImportRow[]): Promise<Outcome[]> {
  let outcomes: Outcome[] = []
  try {
    await tx(run.db, async (t) => {
      const merged = await mergeRows(t, run, good)
      outcomes = merged.outcomes
      if (run.options.dry_run) throw new DryRun(merged.seen)
    })
  } catch (error) {
    if (!(error instanceof DryRun)) throw error
    await keepSeen(run.db, run.run_id, error.seen)
  }
  return outcomes
}

async function mergeRows(
  t: Tx,
  run: Run,
  good: ImportRow[],
): Promise<{ outcomes: Outcome[]; seen: Map<string, number> }> {
  const { options } = run
  const source_id = await lockSource(t, options.source)
  const kind = options.customer_is ?? "import"
  const arrivals = new Map<string, Arrival>()
  for (const { customer, at } of good) {
    const known = arrivals.get(customer)
    if (known && known.seen_at <= at) continue
    const phone = kind === "phone" ? { phone: customer } : {}
    arrivals.set(customer, { identities: [{ kind, value: customer }], name: customer, seen_at: at, ...phone })
  }
  const texts = [...arrivals.keys()]
  const ids = await ensureCustomers(t, [...arrivals.values()], options.now)
  const idOf = new Map(texts.map((text, i) => [text, ids[i]!]))
  const { numbered, nths, seen } = await countPlaces(t, run.run_id, good)
  const known = await loadKnown(t, source_id, {
    lines: good.filter((row) => row.order_no === null).map((row) => row.line),
    order_nos: [...new Set(numbered.map((row) => row.order_no!))],
    refund_nos: refundNumbers(good, nths),
  })
  const owned = good.map((row) => ({ ...row, customer_id: idOf.get(row.customer)! }))
  const decided = decide(owned, nths, known, { source_id, source: options.source }, options.now)
  await record(t, {
    origin: "history",
    names: new Map(texts.map((text, i) => [ids[i]!, text])),
    named_by_import: true,
    ...decided,
    cancellations: [],
  })
  await keepSeen(t, run.run_id, seen)
  return { outcomes: decided.outcomes, seen }
}

/** The place of each row among those of its order, the run's earlier rows included, and the counts that hold from here on. */
async function countPlaces(q: Queryable, run_id: string, good: readonly ImportRow[]) {
  const numbered = good.filter((row) => row.order_no !== null)
  const keys = new Set(numbered.map((row) => (row.fen < 0 ? refundKey(row) : orderKey(row))))
  const seen = await loadSeen(q, run_id, [...keys])
  return { numbered, nths: ordinals(good, seen), seen }
}
