import { dayNumber } from "../../../kernel/day.ts"
import { newId } from "../../../kernel/ids.ts"
import { type Refusal, refuse } from "../../../kernel/result.ts"
import { type Db, type Tx, tx } from "../../../platform/db.ts"
import { readSettings } from "../taxonomy/settings.ts"
import { type DisputeRefusal, weekOf, whyNotDispute } from "./rules.ts"
import {
  dispute,
  draw,
  judge,
  judgeAgain,
  left,
  lockDrawn,
  lockWeek,
  openWeek,
  somebodyWanted,
} from "./store.ts"

/**
 * Draws the week's customers: so many of everybody who looks after some, once, whichever worker is first. Who gets customers only later
 * in the week is drawn of then. Gives how many were drawn.
 */
export async function drawWeek(db: Db, now: Date, seed: string = newId()): Promise<number> {
  const { sample_per_week } = await readSettings(db)
  const week = weekOf(dayNumber(now))
  if (sample_per_week === 0 || !(await somebodyWanted(db, week, sample_per_week))) return 0
  return tx(db, async (t) => {
    await openWeek(t, week, seed, now)
    return draw(t, week, await lockWeek(t, week), sample_per_week)
  })
}

type Who = { id: string; scope: readonly string[] | null }
export type VerdictRefusal = Refusal<
  "not_found" | "own_customer" | "own_verdict" | "already_judged" | "on_another_desk"
>

/**
 * Judges one that was drawn, or one whose verdict is disputed for the second and last time. Nobody judges their own, what somebody
 * else has on the desk, what was judged, or again what they judged first.
 */
export async function giveVerdict(
  t: Tx,
  id: string,
  found: { verdict: string; note: string },
  who: Who,
  now: Date,
): Promise<{ left: number } | VerdictRefusal> {
  const drawn = await lockDrawn(t, id, who.scope)
  if (!drawn) return refuse("not_found")
  if (drawn.staff_id === who.id) return refuse("own_customer")
  const again = drawn.disputed_at !== null && drawn.second_verdict === null
  if (drawn.verdict !== null && !again) return refuse("already_judged")
  if (again && drawn.judged_by === who.id) return refuse("own_verdict")
  const held = drawn.claimed_until !== null && drawn.claimed_until > now
  if (held && drawn.claimed_by !== who.id) return refuse("on_another_desk")
  await (again ? judgeAgain : judge)(t, { id, ...found, by: who.id, at: now })
  return { left: await left(t, who) }
}

/** Whoever's work was judged wrong says why it was not; it goes to somebody else than the first. */
export async function disputeVerdict(
  t: Tx,
  id: string,
  given: { reason: string },
  who: Who,
  now: Date,
): Promise<{ id: string } | DisputeRefusal | Refusal<"not_found">> {
  const drawn = await lockDrawn(t, id, who.scope)
  if (!drawn) return refuse("not_found")
  const refused = whyNotDispute(drawn, who.id, now)
  if (refused) return refused
  await dispute(t, id, given.reason, now)
  return { id }
}
