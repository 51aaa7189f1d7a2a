import { maybeRow, oneRow, type Queryable, run, type Tx } from "../../platform/db.ts"

export type Night = {
  done_day: number
  running_day: number | null
  after_number: number
  steps_kept: boolean
}

export function readNight(q: Queryable): Promise<Night> {
  return oneRow(q, "select done_day, running_day, after_number, steps_kept from classes_nights")
}

/** Takes the night for this transaction; nothing where another process has it. */
export function lockNight(t: Tx): Promise<Night | undefined> {
  return maybeRow(
    t,
    "select done_day, running_day, after_number, steps_kept from classes_nights for update skip locked",
  )
}

export function saveNight(t: Tx, night: Omit<Night, "steps_kept">): Promise<number> {
  return run(
    t,
    "update classes_nights set done_day = $1, running_day = $2, after_number = $3, steps_kept = steps_kept or $2::int is null",
    [night.done_day, night.running_day, night.after_number],
  )
}
