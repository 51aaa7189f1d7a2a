import { type Db, tx } from "../../platform/db.ts"
import { REKEY_BATCH } from "./limits.ts"
import { READINGS } from "./pinyin.ts"
import { lockRekeyed, numberedAfter, rekeyCustomers, saveRekeyed } from "./store-keys.ts"

/**
 * Gives those who were there before this version its keys, batch by batch, each with its place: who is added meanwhile has them from
 * the start. Gives how many were done now; 0 once everybody has them.
 */
export function rekey(db: Db, batch = REKEY_BATCH): Promise<number> {
  return tx(db, async (t) => {
    const place = await lockRekeyed(t)
    if (!place || place.readings >= READINGS) return 0
    const next = await numberedAfter(t, place.up_to, batch)
    const last = next.at(-1)
    if (!last) {
      await saveRekeyed(t, { readings: READINGS, up_to: 0 })
      return 0
    }
    await rekeyCustomers(
      t,
      next.map((one) => one.id),
    )
    await saveRekeyed(t, { readings: place.readings, up_to: last.number })
    return next.length
  })
}

const REKEY_REST_MS = 60_000

export const searchLoops = ({ db }: { db: Db }) => [
  { name: "customers.rekey", rest_ms: REKEY_REST_MS, round: () => rekey(db) },
]
