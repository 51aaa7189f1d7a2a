import type { z } from "zod"
import { maybeRow, type Queryable, rows, run, type Tx } from "../../platform/db.ts"
import type { ImportJob, ImportRow, importOptions } from "./contract.ts"
import type { Counts } from "./engine.ts"

export type Options = z.output<typeof importOptions>
export type Stored = Omit<ImportRow, "has_failed_rows" | "problem_words" | "by_name" | "files_until"> & {
  path: string
  failed_path: string | null
  created_by: string
  /** Where a pause left it. */
  stood: Counts | null
  paused_at: Date | null
  /** Of whose customers whoever started it may see. */
  scope: string[] | null
}

const ROW = `id, kind, file_name, path, bytes, state, dry_run, options, counts, problem, failures, failed_path, expected_rows, created_by,
  created_at, ended_at, stood, paused_at, files_expired_at, scope`

export function insertImport(
  q: Queryable,
  r: {
    id: string
    kind: string
    file_name: string
    path: string
    bytes: number
    created_by: string
    now: Date
  },
): Promise<number> {
  return run(
    q,
    `insert into imports_imports (id, kind, file_name, path, bytes, state, created_by, created_at) values ($1, $2, $3, $4, $5, 'uploaded', $6, $7)`,
    [r.id, r.kind, r.file_name, r.path, r.bytes, r.created_by, r.now],
  )
}

/** Of whom imports are read: of these members of staff, or of everybody where null. Those of others are as if they were not there. */
type Makers = readonly string[] | null

export const importById = (q: Queryable, id: string, makers: Makers) =>
  maybeRow<Stored>(
    q,
    `select ${ROW} from imports_imports where id = $1 and ($2::uuid[] is null or created_by = any($2))`,
    [id, makers],
  )
export const importForUpdate = (t: Tx, id: string, makers: Makers) =>
  maybeRow<Stored>(
    t,
    `select ${ROW} from imports_imports where id = $1 and ($2::uuid[] is null or created_by = any($2)) for update`,
    [id, makers],
  )
/** Newest first, below `before`. */
export const importRows = (
  q: Queryable,
  page: { makers: Makers; kind: string | null; before: { at: Date; id: string } | null; limit: number },
) =>
  rows<Stored>(
    q,
    `select ${ROW} from imports_imports where ($4::uuid[] is null or created_by = any($4))
       and ($1::timestamptz is null or (created_at, id) < ($1, $2::uuid)) and ($5::text is null or kind = $5)
     order by created_at desc, id desc limit $3`,
    [page.before?.at ?? null, page.before?.id ?? null, page.limit, page.makers, page.kind],
  )

/** Imports that wait, go on, or ended after `since`, those under way first. */
export const importsLately = (q: Queryable, makers: Makers, since: Date, limit: number) =>
  rows<ImportJob>(
    q,
    `select id, kind, file_name, state, dry_run, counts, failed_path is not null as has_failed_rows, files_expired_at, ended_at, expected_rows
     from imports_imports
     where (state in ('queued', 'running', 'paused') or (state <> 'uploaded' and coalesce(ended_at, created_at) > $1))
       and ($3::uuid[] is null or created_by = any($3))
     order by ended_at desc nulls first, created_at desc limit $2`,
    [since, limit, makers],
  )

/** How files of a kind were read lately, newest first: one's own before those of others. */
export async function optionsLately(
  q: Queryable,
  kind: string,
  by: string,
  limit: number,
): Promise<Options[]> {
  const found = await rows<{ options: Options }>(
    q,
    `select options from (select options, created_by, created_at from imports_imports
       where kind = $1 and options ? 'mapping' order by created_at desc, id desc limit $3) lately
     order by created_by <> $2, created_at desc`,
    [kind, by, limit],
  )
  return found.map(({ options }) => options)
}

export function queueImport(
  t: Tx,
  id: string,
  options: Options,
  dry_run: boolean,
  scope: readonly string[] | null,
): Promise<number> {
  return run(
    t,
    `update imports_imports set state = 'queued', options = $2, dry_run = $3, scope = $4::uuid[],
       expected_rows = case when dry_run and state = 'checked' then (counts->>'read')::int end, counts = null, problem = null, failures = null,
       failed_path = null, ended_at = null, lease_until = null, run_id = null, stood = null
     where id = $1`,
    [id, JSON.stringify(options), dry_run, scope],
  )
}

/** Under the caller's lock. The runner, if there is one, hears of it at its next beat. */
export function setState(
  t: Tx,
  id: string,
  state: "paused" | "queued" | "cancelled",
  now: Date,
): Promise<number> {
  return run(
    t,
    `update imports_imports set state = $2, paused_at = case when $2 = 'paused' then $3::timestamptz end,
       ended_at = case when $2 = 'cancelled' then coalesce(ended_at, $3) else ended_at end
     where id = $1`,
    [id, state, now],
  )
}

/**
 * The next import that nobody runs, for the runner of that id; machine time, since a lease is nobody's shop day. One that goes on
 * after a pause waits until the runner before has let go of it.
 */
export function claimImport(q: Queryable, run_id: string, lease_ms: number): Promise<Stored | undefined> {
  return maybeRow<Stored>(
    q,
    `update imports_imports set state = 'running', run_id = $2, lease_until = clock_timestamp() + $1 * interval '1 ms'
     where id = (select id from imports_imports
       where (state = 'queued' and lease_until is null) or (state in ('queued', 'running') and lease_until < clock_timestamp())
       order by created_at limit 1 for update skip locked)
     returning ${ROW}`,
    [lease_ms, run_id],
  )
}

/** Writes progress and renews the lease; false once somebody has stopped it or another runner has taken it up. */
export async function keepProgress(
  q: Queryable,
  held: { id: string; run_id: string },
  counts: Counts | null,
  lease_ms: number,
): Promise<boolean> {
  return (
    (await run(
      q,
      `update imports_imports set counts = coalesce($3, counts), lease_until = clock_timestamp() + $4 * interval '1 ms'
       where id = $1 and run_id = $2 and state = 'running'`,
      [held.id, held.run_id, counts && JSON.stringify(counts), lease_ms],
    )) === 1
  )
}

/** Ends what this runner holds; one that another runner has taken up is left to that one. */
export function endImport(
  q: Queryable,
  held: { id: string; run_id: string },
  end: {
    state: "checked" | "done" | "failed"
    counts: Counts | null
    problem: string | null
    failures: unknown[]
    failed_path: string | null
    now: Date
  },
): Promise<number> {
  return run(
    q,
    `update imports_imports set state = case when state = 'cancelled' then state else $2 end, counts = coalesce($3, counts), problem = $4,
       failures = $5, failed_path = $6, ended_at = $7, lease_until = null where id = $1 and run_id = $8`,
    [
      held.id,
      end.state,
      end.counts ? JSON.stringify(end.counts) : null,
      end.problem,
      JSON.stringify(end.failures),
      end.failed_path,
      end.now,
      held.run_id,
    ],
  )
}

/**
 * Lets go of what was stopped between two batches, whatever it has become meanwhile: paused, it goes on behind these counts; so
 * does one that somebody has resumed before its runner knew.
 */
export function letGo(
  q: Queryable,
  held: { id: string; run_id: string },
  left: { counts: Counts; failures: unknown[]; failed_path: string | null },
): Promise<number> {
  return run(
    q,
    `update imports_imports set counts = $3, stood = $3, failures = $4, failed_path = $5, lease_until = null
     where id = $1 and run_id = $2 and state in ('paused', 'queued', 'cancelled')`,
    [held.id, held.run_id, JSON.stringify(left.counts), JSON.stringify(left.failures), left.failed_path],
  )
}

/** Imports whose files are to go. Who holds one keeps it from being run, paused, resumed or stopped meanwhile. */
export const expiredForUpdate = (
  t: Tx,
  { unrun_before, ended_before, limit }: { unrun_before: Date; ended_before: Date; limit: number },
) =>
  rows<{ id: string; path: string }>(
    t,
    `select id, path from imports_imports
     where files_expired_at is null and case state when 'uploaded' then created_at <= $1 when 'paused' then paused_at <= $2
       when 'queued' then false when 'running' then false else ended_at <= $2 end
     order by created_at limit $3 for update skip locked`,
    [unrun_before, ended_before, limit],
  )

export function filesExpired(t: Tx, ids: readonly string[], now: Date): Promise<number> {
  return run(
    t,
    `update imports_imports set files_expired_at = $2, problem = case when state = 'paused' then 'file_expired' else problem end,
       ended_at = case when state = 'paused' then $2 else ended_at end, state = case when state = 'paused' then 'cancelled' else state end
     where id = any($1::uuid[])`,
    [ids, now],
  )
}

export async function knownImports(q: Queryable, ids: readonly string[]): Promise<string[]> {
  const known = await rows<{ id: string }>(q, "select id from imports_imports where id = any($1::uuid[])", [
    ids,
  ])
  return known.map(({ id }) => id)
}
