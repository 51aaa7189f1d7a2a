import { dayNumber } from "../../../kernel/day.ts"
import { isRefused } from "../../../kernel/result.ts"
import { type Db, type Tx, tx } from "../../../platform/db.ts"
import { flipsOf, readAudience } from "../../../spine/audiences/index.ts"
import type { Registry } from "../../../spine/offers/index.ts"
import { DAYS_KEPT, MOVES_EXPLAINED, MOVES_KEPT_DAYS, MOVES_PRUNED } from "../limits.ts"
import { segmentById } from "../store.ts"
import {
  beginFollowing,
  lockFollowed,
  nextDue,
  prune,
  saveDay,
  saveFollowed,
  saveWhy,
  takeStanding,
  unexplained,
} from "./store.ts"

/**
 * Looks at the next segment that is due: once a day after midnight, and where its rule is new. What is otherwise than at the look of
 * the day before is the movement of the day that ended. Gives how much it did; 0 when nothing is due.
 */
export async function followNext(db: Db, registry: Registry, now: Date): Promise<number> {
  const due = await nextDue(db, dayNumber(now))
  if (!due) {
    const today = dayNumber(now)
    const old = { moves_from: today - MOVES_KEPT_DAYS, days_from: today - DAYS_KEPT, limit: MOVES_PRUNED }
    return tx(db, (t) => prune(t, old))
  }
  await beginFollowing(db, due.id)
  return tx(db, async (t) => {
    // What is counted, what is kept and the place from which the next night tells changes are of one moment.
    await t.query("set transaction isolation level repeatable read")
    return (await look(t, registry, due.id, now)) ? 1 : 0
  })
}

async function look(t: Tx, registry: Registry, id: string, now: Date): Promise<boolean> {
  const today = dayNumber(now)
  const last = await lockFollowed(t, id)
  const segment = await segmentById(t, id)
  if (!last || !segment || (last.day >= today && last.version === segment.version)) return false
  const { version } = segment
  const audience = await readAudience(t, registry, segment.rule, { day: today })
  if (isRefused(audience)) {
    const broken = { code: audience.refused, field: audience.field ?? "" }
    await saveFollowed(t, id, { version, day: today, now, broken })
    return true
  }
  const begun = last.taken_at === null || last.version !== version || last.broken !== null
  // By a new rule others stand in it, and nobody of them moved; that day has begun, the one before it is over.
  const day = begun ? today : today - 1
  const counts = await takeStanding(t, id, audience, begun ? null : day)
  await saveDay(t, id, { day, ...counts, version, begun, since: last.taken_at ?? now, until: now })
  if (counts.came + counts.went > 0) {
    const people = await unexplained(t, id, day, MOVES_EXPLAINED)
    const since = last.position ? { position: last.position, day: last.day } : null
    await saveWhy(t, id, day, await flipsOf(t, audience, since, people))
  }
  await saveFollowed(t, id, { version, day: today, now, broken: null })
  return true
}
