import { isRefused, type Refusal, refuse } from "../../../kernel/result.ts"
import type { Tx } from "../../../platform/db.ts"
import {
  append,
  type Carry,
  forgetCarriedOf,
  giveBackRows,
  type Kept,
  lockSubjects,
  MERGED_KEPT,
  type Merged,
  partSubjects,
  placesOf,
} from "../../../spine/facts/index.ts"
import { customersParted } from "../events.ts"
import { UNDO_WHILE_MS } from "../limits.ts"
import { lockPair } from "./store.ts"
import { forgetMerge, intoOf, keptApart, lockMerge, namesOf } from "./store-undo.ts"

/** Every table with customers in it, as their owners name them. */
export const tablesOf = (carries: readonly Carry[]): (string | Kept)[] => [
  MERGED_KEPT,
  ...carries.flatMap((one) => one.tables),
]

/** What is known of both comes back first: the others publish on top of it. */
const inTurn = (carries: readonly Carry[]) =>
  [true, false].flatMap((known) => carries.filter((one) => (one.name === "traits") === known))

type UndoRefusal = "not_found" | "undo_too_late" | "merged_since" | "points_spent"

/**
 * The one who was merged away is a customer of their own again, with what they had; what came since stays with the one who stayed,
 * unless it names the other. Refused a day after the merge, where a later merge holds one of the two, and where points of theirs were
 * spent that the one who stayed has not got.
 */
export async function undoMerge(
  t: Tx,
  carries: readonly Carry[],
  from: string,
  by: string | null,
  now: Date,
): Promise<Merged | Refusal<UndoRefusal>> {
  const into = await intoOf(t, from)
  if (!into) return refuse("not_found")
  const pair = { from, into }
  await lockSubjects(t, pair)
  await lockPair(t, pair)
  const merge = await lockMerge(t, from)
  if (!merge) return refuse("not_found")
  if (now.getTime() - merge.merged_at.getTime() >= UNDO_WHILE_MS) return refuse("undo_too_late")
  if (merge.built_on || merge.into_id !== into) return refuse("merged_since")
  for (const one of carries) await one.hold?.(t, pair, now)
  await partSubjects(t, pair)
  await giveBackRows(t, pair, await placesOf(t, tablesOf(carries)))
  const parted = { ...pair, names: await namesOf(t, from) }
  for (const one of inTurn(carries)) {
    const refused = await one.giveBack?.(t, parted, now)
    if (refused && isRefused(refused)) return refused
  }
  await forgetMerge(t, from)
  await forgetCarriedOf(t, from)
  await keptApart(t, pair, by, now)
  const told = (subject: string, other_customer_id: string, came_back: boolean) =>
    customersParted.of({
      subject,
      occurred_at: now,
      payload: { other_customer_id, came_back, by_staff_id: by },
    })
  await append(t, [told(from, into, true), told(into, from, false)])
  return pair
}
