import { type Queryable, rows, run, type Tx } from "../../../platform/db.ts"
import type { GoalMeasure } from "./rules.ts"

export async function goalsOf(q: Queryable, month: string): Promise<Map<string, number>> {
  const found = await rows<{ measure: string; target: number }>(
    q,
    "select measure, target from analytics_goals where month = $1",
    [month],
  )
  return new Map(found.map((r) => [r.measure, r.target]))
}

export async function saveGoals(
  t: Tx,
  month: string,
  targets: readonly [GoalMeasure, number | null][],
  by: string,
  now: Date,
): Promise<void> {
  const set = targets.filter(([, target]) => target !== null)
  const taken = targets.filter(([, target]) => target === null)
  await run(t, "delete from analytics_goals where month = $1 and measure = any($2::text[])", [
    month,
    taken.map(([measure]) => measure),
  ])
  await run(
    t,
    `insert into analytics_goals (month, measure, target, set_by, set_at)
     select $1, measure, target, $4, $5 from unnest($2::text[], $3::bigint[]) g (measure, target)
     on conflict (month, measure) do update set target = excluded.target, set_by = excluded.set_by, set_at = excluded.set_at`,
    [month, set.map(([measure]) => measure), set.map(([, target]) => target), by, now],
  )
}
