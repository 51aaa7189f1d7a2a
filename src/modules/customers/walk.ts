import { type Db, type Tx, tx } from "../../platform/db.ts"
import { lockPlace, numberedAfter, type Place, savePlace } from "./store-walk.ts"

/**
 * Does to those who were there before this version what is done to newcomers at the door, batch by batch, each with its place: who is
 * added meanwhile has it from the start. Gives how many had their turn now; 0 once everybody had.
 */
export function walkOnce(
  db: Db,
  where: Place,
  version: number,
  batch: number,
  work: (t: Tx, ids: readonly string[]) => Promise<void>,
): Promise<number> {
  return tx(db, async (t) => {
    const at = await lockPlace(t, where)
    if (!at || at.version >= version) return 0
    const next = await numberedAfter(t, at.up_to, batch)
    const last = next.at(-1)
    if (!last) {
      await savePlace(t, where, { version, up_to: 0 })
      return 0
    }
    await work(
      t,
      next.map((one) => one.id),
    )
    await savePlace(t, where, { version: at.version, up_to: last.number })
    return next.length
  })
}
