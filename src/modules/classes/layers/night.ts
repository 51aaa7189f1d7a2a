import { dayNumber } from "../../../kernel/day.ts"
import { type Db, tx } from "../../../platform/db.ts"
import { NIGHT_BATCH } from "../limits.ts"
import { LAYER_DAYS } from "./rules.ts"
import {
  isReckoned,
  lockLayerNight,
  pieceAfter,
  publishLayers,
  readLayerNight,
  reckon,
  saveLayerNight,
} from "./store-layers.ts"

/**
 * Once a day: everybody's place in the pyramid is reckoned in one transaction and published in others, each with its place. A night
 * that was cut goes on where it stood. Gives how many were looked at now.
 */
export async function layerNight(db: Db, now: Date): Promise<number> {
  const today = dayNumber(now)
  if ((await readLayerNight(db)).done_day >= today) return 0
  return tx(db, async (t) => {
    const place = await lockLayerNight(t)
    if (!place || place.done_day >= today) return 0
    if (place.reckoned_day !== today || !(await isReckoned(t))) {
      const all = await reckon(t, today - LAYER_DAYS + 1)
      const done =
        all === 0
          ? { done_day: today, reckoned_day: null }
          : { done_day: place.done_day, reckoned_day: today }
      await saveLayerNight(t, { ...done, after_number: -1 })
      return all
    }
    const { last, n } = await pieceAfter(t, place.after_number, NIGHT_BATCH)
    if (last !== null) {
      const range = { after: place.after_number, last }
      await publishLayers(t, range, now, place.done_day === 0 ? "history" : "live")
    }
    await saveLayerNight(
      t,
      last !== null && n === NIGHT_BATCH
        ? { ...place, after_number: last }
        : { done_day: today, reckoned_day: null, after_number: -1 },
    )
    return n
  })
}
