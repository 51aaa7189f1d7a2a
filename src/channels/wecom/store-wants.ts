import { type Queryable, rows, run } from "../../platform/db.ts"
import { ATTEMPTS_BEFORE_DEAD, GROUP_SETTLE_MS, RETRY_BASE_MS, RETRY_MAX_MS } from "./limits.ts"
import type { Want } from "./rules.ts"

export type WantRow = {
  kind: Want["kind"]
  ref: string
  version: number
  live: boolean
  attempts: number
}

/** `live`: something was just heard, so the answer is told as news; otherwise a sweep asks. One row however often wanted. */
export async function addWants(q: Queryable, wants: readonly Want[], live: boolean): Promise<void> {
  const unique = [...new Map(wants.map((want) => [`${want.kind} ${want.ref}`, want])).values()]
  if (unique.length === 0) return
  await run(
    q,
    `insert into wecom_wants as w (kind, ref, live, due_at)
     select kind, ref, $4, now() + delay * interval '1 millisecond'
     from unnest($1::text[], $2::text[], $3::int[]) as n(kind, ref, delay)
     on conflict (kind, ref) do update set version = w.version + 1, live = w.live or excluded.live, attempts = 0,
       dead = false, error = null, due_at = case when w.kind = 'group' then excluded.due_at else least(w.due_at, excluded.due_at) end`,
    [
      unique.map((want) => want.kind),
      unique.map((want) => want.ref),
      unique.map((want) => (want.settle ? GROUP_SETTLE_MS : 0)),
      live,
    ],
  )
}

export async function takeWants(q: Queryable, limit: number, lease_ms: number): Promise<WantRow[]> {
  return rows<WantRow>(
    q,
    `update wecom_wants w set lease_until = now() + $2 * interval '1 millisecond'
     from (select kind, ref from wecom_wants
           where not dead and due_at <= now() and (lease_until is null or lease_until < now())
           order by due_at limit $1 for update skip locked) n
     where w.kind = n.kind and w.ref = n.ref
     returning w.kind, w.ref, w.version, w.live, w.attempts`,
    [limit, lease_ms],
  )
}

/** Those that only wait for more news are due now: for whoever knows that no more comes at this moment. */
export async function hurryWants(q: Queryable): Promise<void> {
  await run(
    q,
    "update wecom_wants set due_at = now() where not dead and attempts = 0 and lease_until is null and due_at > now()",
  )
}

/** Locks those still as they were when taken: only their answers may be told. Others were wanted again meanwhile. */
export async function stillWanted(q: Queryable, taken: readonly WantRow[]): Promise<Set<string>> {
  const same = await rows<{ kind: string; ref: string }>(
    q,
    `select w.kind, w.ref from wecom_wants w
     join unnest($1::text[], $2::text[], $3::bigint[]) as n(kind, ref, version)
       on w.kind = n.kind and w.ref = n.ref and w.version = n.version
     order by w.kind, w.ref for update of w`,
    [taken.map((t) => t.kind), taken.map((t) => t.ref), taken.map((t) => t.version)],
  )
  return new Set(same.map((row) => `${row.kind} ${row.ref}`))
}

export async function endWants(q: Queryable, done: readonly WantRow[]): Promise<void> {
  if (done.length === 0) return
  await run(
    q,
    `delete from wecom_wants w using unnest($1::text[], $2::text[]) as n(kind, ref)
     where w.kind = n.kind and w.ref = n.ref`,
    [done.map((t) => t.kind), done.map((t) => t.ref)],
  )
}

/** Gives taken ones back. `failed`: counts as a try. Without a delay of its own the pause doubles from try to try. */
export async function returnWants(
  q: Queryable,
  taken: readonly WantRow[],
  why: { error?: string; delay_ms?: number; failed: boolean },
): Promise<void> {
  if (taken.length === 0) return
  await run(
    q,
    `update wecom_wants w set lease_until = null, error = $3,
       attempts = w.attempts + case when $4 then 1 else 0 end,
       dead = $4 and $5::int is null and w.attempts + 1 >= $6,
       due_at = now() + coalesce($5::int, least($7 * 2 ^ w.attempts, $8)) * interval '1 millisecond'
     from unnest($1::text[], $2::text[]) as n(kind, ref) where w.kind = n.kind and w.ref = n.ref`,
    [
      taken.map((t) => t.kind),
      taken.map((t) => t.ref),
      why.error?.slice(0, 300) ?? null,
      why.failed,
      why.delay_ms ?? null,
      ATTEMPTS_BEFORE_DEAD,
      RETRY_BASE_MS,
      RETRY_MAX_MS,
    ],
  )
}

/** Those that wait for their answer, and those given up. */
export async function wantCounts(q: Queryable): Promise<{ waiting: number; dead: number }> {
  return (
    await rows<{ waiting: number; dead: number }>(
      q,
      `select count(*) filter (where not dead)::int as waiting, count(*) filter (where dead)::int as dead from wecom_wants`,
    )
  )[0]!
}

/** Given-up ones are tried again. */
export async function reviveWants(q: Queryable): Promise<number> {
  return run(q, "update wecom_wants set dead = false, attempts = 0, due_at = now() where dead")
}
