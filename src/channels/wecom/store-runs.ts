import { maybeRow, type Queryable, run } from "../../platform/db.ts"

export type Stage = "staff" | "tags" | "contacts" | "groups" | "done"
export type Position = {
  /** Accounts with customers, as listed at the start. */
  accounts?: string[]
  /** Index of the first account of the chunk under way. */
  from?: number
  cursor?: string
  /** The platform refused to list groups without naming owners. */
  by_owner?: boolean
  /** How often the platform took a cursor back. */
  restarts?: number
}
export type Progress = { accounts: number; accounts_done: number; contacts: number; groups: number }
/** What a run found to differ from what was told: after a first sync everything is `added`. */
export type SyncReport = {
  staff: number
  tags_changed: boolean
  contacts: { seen: number; added: number; changed: number; missing: number }
  groups: { seen: number; added: number; changed: number; missing: number }
}
export type Run = {
  id: number
  kind: "full" | "sweep"
  started_at: Date
  begun_at: Date
  stage: Stage
  position: Position
  progress: Progress
  report: SyncReport
  finished_at: Date | null
  error: string | null
}

export const NO_PROGRESS: Progress = { accounts: 0, accounts_done: 0, contacts: 0, groups: 0 }
export const NO_REPORT: SyncReport = {
  staff: 0,
  tags_changed: false,
  contacts: { seen: 0, added: 0, changed: 0, missing: 0 },
  groups: { seen: 0, added: 0, changed: 0, missing: 0 },
}

const COLUMNS = "id, kind, started_at, begun_at, stage, position, progress, report, finished_at, error"

/** The run under way, or a new one; null where another process works on it. */
export async function takeRun(
  q: Queryable,
  kind: Run["kind"],
  owner: string,
  lease_ms: number,
  now: Date,
): Promise<Run | null> {
  await run(
    q,
    `insert into wecom_runs (kind, started_at, stage, progress, report) values ($1, $2, 'staff', $3, $4)
     on conflict ((true)) where finished_at is null do nothing`,
    [kind, now, JSON.stringify(NO_PROGRESS), JSON.stringify(NO_REPORT)],
  )
  const taken = await maybeRow<Run>(
    q,
    `update wecom_runs set owner = $1, lease_until = now() + $2 * interval '1 millisecond'
     where finished_at is null and (owner = $1 or lease_until is null or lease_until < now())
     returning ${COLUMNS}`,
    [owner, lease_ms],
  )
  return taken ?? null
}

/** Keeps where a run stands, in the transaction of what it told. False where the lease was lost: then nothing may be told. */
export async function keepRun(q: Queryable, state: Run, owner: string, lease_ms: number): Promise<boolean> {
  return (
    (await run(
      q,
      `update wecom_runs set stage = $3, position = $4, progress = $5, report = $6, finished_at = $7, error = null,
         lease_until = now() + $8 * interval '1 millisecond'
       where id = $1 and owner = $2 and finished_at is null`,
      [
        state.id,
        owner,
        state.stage,
        JSON.stringify(state.position),
        JSON.stringify(state.progress),
        JSON.stringify(state.report),
        state.finished_at,
        lease_ms,
      ],
    )) === 1
  )
}

/** Lets a run go, so that anybody may continue it. */
export async function dropRun(q: Queryable, id: number, owner: string, error: string | null): Promise<void> {
  await run(
    q,
    "update wecom_runs set owner = null, lease_until = null, error = $3 where id = $1 and owner = $2 and finished_at is null",
    [id, owner, error?.slice(0, 300) ?? null],
  )
}

/** The newest run, under way or finished. */
export async function lastRun(q: Queryable): Promise<Run | null> {
  return (await maybeRow<Run>(q, `select ${COLUMNS} from wecom_runs order by id desc limit 1`)) ?? null
}
