import { type Db, tx } from "../../../platform/db.ts"
import { vacateAccounts } from "../../../spine/outbox/index.ts"
import { ACCOUNTS_MAX, VACATE_BATCH } from "../limits.ts"
import { anyToVacate, toVacate, vacated } from "./store.ts"

/**
 * Takes a piece of what is planned through stopped accounts away from them, so that it is placed anew long before it is due. What
 * was planned by somebody who had not heard yet is turned away when it is due.
 */
export async function vacateOnce(db: Db, now: Date, limit = VACATE_BATCH): Promise<number> {
  if (!(await anyToVacate(db))) return 0
  return tx(db, async (t) => {
    const all = await toVacate(t, ACCOUNTS_MAX)
    const stopped = all.filter((a) => !a.usable).map((a) => a.id)
    const moved = stopped.length > 0 ? await vacateAccounts(t, stopped, now, limit) : 0
    const done = moved === limit ? all.filter((a) => a.usable) : all
    await vacated(
      t,
      done.map((a) => a.id),
    )
    return moved
  })
}
