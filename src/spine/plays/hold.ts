import { maybeRow, type Tx } from "../../platform/db.ts"

/** Whether a play runs, and goes on running until this transaction ends: whoever stops it waits for those who are moving in it. */
export async function holdRunning(t: Tx, play_id: string): Promise<boolean> {
  return (
    (await maybeRow(t, "select 1 from plays_plays where id = $1 and running for share", [play_id])) !==
    undefined
  )
}
