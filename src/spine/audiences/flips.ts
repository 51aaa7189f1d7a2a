import { oneRow, type Tx } from "../../platform/db.ts"
import { ROW, readTraits, type Values } from "../traits/index.ts"
import { type Audience, atMoment } from "./audience.ts"
import { type Place, valuesBefore } from "./entering.ts"
import { holds, testsOf } from "./evaluate.ts"
import type { Member } from "./sql.ts"
import { viewsHold } from "./why.ts"

type Value = Values[string]

/** A condition that reads otherwise than before for one customer. */
export type Flip = {
  /** Its place in the rule, such as `all.0`. */
  path: string
  /** Null where nobody can tell: it asks rows, of which no changes are kept, or the changes since were thrown away. */
  before: boolean | null
  after: boolean
  /** What it asked that changed. What only the day changed has the same value twice. */
  values: { trait: string; before: Value; after: Value }[]
}

/**
 * By customer: the conditions of a rule that read otherwise now than at an earlier place, and by what; those of which that cannot be
 * told come too. `since` null: nothing is known of before.
 */
export async function flipsOf(
  t: Tx,
  audience: Audience,
  since: Place | null,
  people: readonly Member[],
): Promise<Map<string, Flip[]>> {
  const ids = people.map((p) => p.customer_id)
  const known = await readTraits(t, ids, audience.traits)
  const inViews = await viewsHold(t, audience, ids)
  const place = since && !(await isLost(t, since.position)) ? since : null
  const old = place
    ? await valuesBefore(
        t,
        audience,
        place.position,
        people.map((p) => p.number),
      )
    : null
  const then = place ? atMoment(audience, { day: place.day }) : null
  const answer = new Map<string, Flip[]>()
  for (const { customer_id, number } of people) {
    const now = Object.fromEntries(
      Object.entries(known.get(customer_id) ?? {}).map(([name, { value }]) => [name, value]),
    ) as Values
    const changed = old?.get(number)
    const was = { ...now, ...changed } as Values
    const flips = audience.leaves.flatMap((leaf, i): Flip[] => {
      const asked = testsOf(leaf.conditional)
      const traits = [...new Set(asked.flatMap((test) => ("trait" in test ? [test.trait] : [])))]
      const after = holds(leaf.conditional, now, (test) => inViews.get(test)?.has(customer_id) ?? false)
      const unknown = !then || asked.some((test) => "view" in test)
      const before = unknown ? null : changed?.[ROW] !== false && holds(then.leaves[i]!.conditional, was)
      if (before === after) return []
      const values = traits.map((trait) => ({
        trait,
        before: before === null ? null : (was[trait] ?? null),
        after: now[trait] ?? null,
      }))
      return [{ path: leaf.path, before, after, values }]
    })
    answer.set(customer_id, flips)
  }
  return answer
}

async function isLost(t: Tx, position: string): Promise<boolean> {
  const { lost } = await oneRow<{ lost: boolean }>(
    t,
    "select pg_snapshot_xmin($1::pg_snapshot) < (select tx from traits_floor) as lost",
    [position],
  )
  return lost
}
