import { maybeRow, oneRow, type Queryable, rows, run, type Tx } from "../../platform/db.ts"
import { TRAITS_TABLE } from "../../spine/traits/index.ts"

/** The next customers after a number, for a walk over everybody. */
export function customersAfter(
  q: Queryable,
  after: number,
  limit: number,
): Promise<{ customer_id: string; number: number }[]> {
  return rows(
    q,
    `select customer_id, number from ${TRAITS_TABLE} where number > $1 order by number limit $2`,
    [after, limit],
  )
}

export type Night = { done_day: number; running_day: number | null; after_number: number }

export function readNight(q: Queryable): Promise<Night> {
  return oneRow(q, "select done_day, running_day, after_number from classes_nights")
}

/** Takes the night for this transaction; nothing where another process has it. */
export function lockNight(t: Tx): Promise<Night | undefined> {
  return maybeRow(t, "select done_day, running_day, after_number from classes_nights for update skip locked")
}

export function saveNight(t: Tx, night: Night): Promise<number> {
  return run(t, "update classes_nights set done_day = $1, running_day = $2, after_number = $3", [
    night.done_day,
    night.running_day,
    night.after_number,
  ])
}
