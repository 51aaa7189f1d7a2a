import { dayNumber } from "../../../kernel/day.ts"
import { newId } from "../../../kernel/ids.ts"
import { type Refusal, refuse } from "../../../kernel/result.ts"
import { type Db, type Tx, tx } from "../../../platform/db.ts"
import { readSettings } from "../taxonomy/settings.ts"
import { weekOf } from "./rules.ts"
import { draw, judge, left, lockDrawn, openWeek } from "./store.ts"

/** Draws the week's customers where that was not done yet: once, by whichever worker is first. Gives how many were drawn. */
export async function drawWeek(db: Db, now: Date, seed: string = newId()): Promise<number> {
  const { sample_per_week } = await readSettings(db)
  if (sample_per_week === 0) return 0
  const week = weekOf(dayNumber(now))
  return tx(db, async (t) =>
    (await openWeek(t, week, seed, now)) ? draw(t, week, seed, sample_per_week) : 0,
  )
}

/** Judges one that was drawn. Nobody judges their own, what somebody else has on the desk, or what was judged. */
export async function giveVerdict(
  t: Tx,
  id: string,
  found: { verdict: string; note: string },
  who: { id: string; scope: readonly string[] | null },
  now: Date,
): Promise<{ left: number } | Refusal<"not_found" | "own_customer" | "already_judged" | "on_another_desk">> {
  const drawn = await lockDrawn(t, id, who.scope)
  if (!drawn) return refuse("not_found")
  if (drawn.staff_id === who.id) return refuse("own_customer")
  if (drawn.verdict !== null) return refuse("already_judged")
  const held = drawn.claimed_until !== null && drawn.claimed_until > now
  if (held && drawn.claimed_by !== who.id) return refuse("on_another_desk")
  await judge(t, { id, ...found, by: who.id, at: now })
  return { left: await left(t, who) }
}
