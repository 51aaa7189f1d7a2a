import { type Queryable, run, type Tx } from "../../../platform/db.ts"

/** Takes the lease on bringing to the channel; whether it was free, the sync is on and nothing says to wait. Machine time. */
export async function takeLease(t: Tx, lease_ms: number): Promise<boolean> {
  const taken = await run(
    t,
    `update tags_sync set lease_until = clock_timestamp() + $1 * interval '1 ms'
     where is_on and (lease_until is null or lease_until < clock_timestamp()) and (next_try_at is null or next_try_at < clock_timestamp())`,
    [lease_ms],
  )
  return taken > 0
}

export async function dropLease(
  q: Queryable,
  ended: { pushed_at: Date | null; problem: string | null; rest_ms: number },
): Promise<void> {
  await run(
    q,
    `update tags_sync set lease_until = null, pushed_at = coalesce($1, pushed_at), problem = $2,
       next_try_at = case when $3 > 0 then clock_timestamp() + $3 * interval '1 ms' end`,
    [ended.pushed_at, ended.problem, ended.rest_ms],
  )
}
