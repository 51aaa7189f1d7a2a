import { type Queryable, rows, run } from "../../platform/db.ts"
import { PARTITIONS_AHEAD } from "./limits.ts"
import { partOf } from "./rules.ts"

/** Makes the monthly partitions of touches for this and the coming months of shop time; a month that spilled stays where it is. */
export async function makeTouchPartitions(q: Queryable, now: Date): Promise<void> {
  for (let ahead = 0; ahead <= PARTITIONS_AHEAD; ahead++) {
    const [year = 0, month = 1] = partOf(now).split("-").map(Number)
    const from = new Date(Date.UTC(year, month - 1 + ahead, 1)).toISOString().slice(0, 10)
    const to = new Date(Date.UTC(year, month + ahead, 1)).toISOString().slice(0, 10)
    const spilled = await rows(q, "select 1 from outbox_touches_other where part = $1::date limit 1", [from])
    if (spilled.length > 0) continue
    await run(
      q,
      `create table if not exists outbox_touches_${from.slice(0, 7).replace("-", "_")} partition of outbox_touches
       for values from ('${from}') to ('${to}')`,
    )
  }
}
