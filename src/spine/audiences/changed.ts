import { type Refusal, refuse } from "../../kernel/result.ts"
import { type Db, oneRow, rows, tx } from "../../platform/db.ts"
import { ROW } from "../traits/index.ts"

/** Numbers of the customers of whom a trait changed; `@row` under its own name: those who came or went. */
export type Changed = { to: string; numbers: Map<string, Set<number>> }

/**
 * Of whom these traits changed since a position, by trait: for whoever keeps something in line with many rules at once and
 * decides in SQL what it comes to. Nothing is read of the customers themselves. Refused (`position_lost`): what changed since
 * then was thrown away.
 */
export function changedSince(
  db: Db,
  traits: readonly string[],
  position: string,
): Promise<Changed | Refusal<"position_lost">> {
  return tx(db, async (t) => {
    await t.query("set transaction isolation level repeatable read read only")
    const here = await oneRow<{ position: string; lost: boolean }>(
      t,
      `select pg_current_snapshot()::text as position,
         pg_snapshot_xmin($1::pg_snapshot) < (select tx from traits_floor) as lost`,
      [position],
    )
    if (here.lost) return refuse("position_lost")
    const found = await rows<{ trait: string; numbers: number[] }>(
      t,
      `select trait, numbers from traits_changes
       where tx >= pg_snapshot_xmin($1::pg_snapshot) and not pg_visible_in_snapshot(tx, $1::pg_snapshot) and trait = any($2)`,
      [position, [ROW, ...traits]],
    )
    const numbers = new Map<string, Set<number>>()
    for (const { trait, numbers: some } of found) {
      const known = numbers.get(trait) ?? new Set()
      for (const n of some) known.add(n)
      numbers.set(trait, known)
    }
    return { to: here.position, numbers }
  })
}
