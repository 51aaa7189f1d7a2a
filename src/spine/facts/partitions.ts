import { type Queryable, rows, run } from "../../platform/db.ts"
import { PARTITIONS_AHEAD } from "./limits.ts"

/**
 * Makes the monthly partitions of this machine month and the next ones. A month whose facts already fell into the catch-all
 * stays there: moving rows would change nothing for a reader.
 */
export async function makePartitions(q: Queryable, now: Date): Promise<string[]> {
  const made: string[] = []
  const have = new Set(
    (
      await rows<{ name: string }>(
        q,
        "select inhrelid::regclass::text as name from pg_inherits where inhparent = 'facts'::regclass",
      )
    ).map((r) => r.name),
  )
  for (let ahead = 0; ahead <= PARTITIONS_AHEAD; ahead++) {
    const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1))
    const to = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead + 1, 1))
    const name = `facts_${from.toISOString().slice(0, 7).replace("-", "_")}`
    if (have.has(name)) continue
    const spilled = await rows(
      q,
      "select 1 from facts_other where recorded_at >= $1 and recorded_at < $2 limit 1",
      [from, to],
    )
    if (spilled.length > 0) continue
    await run(
      q,
      `create table if not exists ${name} partition of facts for values from ('${from.toISOString()}') to ('${to.toISOString()}')`,
    )
    made.push(name)
  }
  return made
}
