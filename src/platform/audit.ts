import { createHash } from "node:crypto"
import { maybeRow, type Queryable, rows, run, type Tx } from "./db.ts"

export type AuditEntry = {
  at: Date
  actor_kind: "staff" | "token" | "system"
  actor_id: string | null
  action: string
  target?: string | null
  before?: unknown
  after?: unknown
  ip?: string | null
  request_id?: string | null
}

const CHAIN_LOCK = 7_318_002
const GENESIS = "0".repeat(64)

type AuditRow = {
  seq: number
  at: Date
  actor_kind: string
  actor_id: string | null
  action: string
  target: string | null
  before: unknown
  after: unknown
  ip: string | null
  request_id: string | null
  previous_hash: string
  hash: string
}

/** JSON with its keys in order, so that a row read back from the database gives the same seal. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`
  if (value !== null && typeof value === "object")
    return `{${Object.entries(value)
      .filter(([, v]) => v !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`)
      .join(",")}}`
  return JSON.stringify(value ?? null)
}

function seal(row: Omit<AuditRow, "hash">): string {
  return createHash("sha256")
    .update(canonical({ ...row, at: row.at.toISOString() }))
    .digest("hex")
}

/** Adds one row to the chain in the caller's transaction; the chain's tail is locked until it commits. Ids only, no personal values. */
export async function audit(t: Tx, entry: AuditEntry): Promise<void> {
  await t.query("select pg_advisory_xact_lock($1)", [CHAIN_LOCK])
  const tail = await maybeRow<{ seq: number; hash: string }>(
    t,
    "select seq, hash from platform_audit order by seq desc limit 1",
  )
  const row = {
    seq: (tail?.seq ?? 0) + 1,
    at: entry.at,
    actor_kind: entry.actor_kind,
    actor_id: entry.actor_id,
    action: entry.action,
    target: entry.target ?? null,
    before: entry.before === undefined ? null : JSON.parse(JSON.stringify(entry.before)),
    after: entry.after === undefined ? null : JSON.parse(JSON.stringify(entry.after)),
    ip: entry.ip ?? null,
    request_id: entry.request_id ?? null,
    previous_hash: tail?.hash ?? GENESIS,
  }
  await run(
    t,
    `insert into platform_audit (seq, at, actor_kind, actor_id, action, target, before, after, ip, request_id, previous_hash, hash)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      row.seq,
      row.at,
      row.actor_kind,
      row.actor_id,
      row.action,
      row.target,
      JSON.stringify(row.before),
      JSON.stringify(row.after),
      row.ip,
      row.request_id,
      row.previous_hash,
      seal(row),
    ],
  )
}

const VERIFY_PAGE = 5_000

/** Walks the whole chain; gives the number of the first row that is not what was sealed, or null. */
export async function verifyAudit(q: Queryable): Promise<{ checked: number; broken_at: number | null }> {
  let previous = GENESIS
  let seq = 0
  for (;;) {
    const page = await rows<AuditRow>(
      q,
      "select * from platform_audit where seq > $1 order by seq limit $2",
      [seq, VERIFY_PAGE],
    )
    if (page.length === 0) return { checked: seq, broken_at: null }
    for (const { hash, ...row } of page) {
      if (row.seq !== seq + 1 || row.previous_hash !== previous || seal(row) !== hash)
        return { checked: seq, broken_at: row.seq }
      previous = hash
      seq = row.seq
    }
  }
}

/** Newest first, below row `before`; of one target where named. */
export function auditPage(
  q: Queryable,
  options: { target?: string | undefined; before: number | null; limit: number },
): Promise<Omit<AuditRow, "previous_hash" | "hash">[]> {
  return rows<AuditRow>(
    q,
    `select seq, at, actor_kind, actor_id, action, target, before, after, ip, request_id from platform_audit
     where ($1::text is null or target = $1) and ($2::bigint is null or seq < $2) order by seq desc limit $3`,
    [options.target ?? null, options.before, options.limit],
  )
}
