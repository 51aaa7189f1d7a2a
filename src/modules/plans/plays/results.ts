import type { Queryable } from "../../../platform/db.ts"
import { touchesOfSteps } from "../../../spine/outbox/index.ts"
import { earnedByPart, WINDOW_DAYS } from "../../../spine/outcomes/index.ts"
import { outcomesOf, readPart, stepsDone } from "../../../spine/plays/index.ts"

const NO_TOUCHES = { got: 0, coming: 0, not_got: 0 }
const NOTHING = { orders: 0, customers: 0, gmv_fen: 0, net_fen: 0 }

/** What each step of each version of a play came to, whom its messages reached, and what they earned. */
export async function resultsOf(q: Queryable, play_id: string) {
  const [outcomes, touches, earned] = await Promise.all([
    outcomesOf(q, play_id),
    touchesOfSteps(q, stepsDone(play_id)),
    earnedByPart(q, "play", play_id),
  ])
  const byStep = new Map<string, ReturnType<typeof empty>>()
  const at = (version: number, node: string) => {
    const key = `${version}/${node}`
    const one = byStep.get(key) ?? empty(version, node)
    byStep.set(key, one)
    return one
  }
  for (const { version, node, outcome, n } of outcomes) at(version, node).outcomes.push({ outcome, n })
  for (const { version, node, ...states } of touches) at(version, node).touches = states
  for (const { part, ...money } of earned) {
    const { version, node } = readPart(part)
    at(version, node).earned = money
  }
  return { rows: [...byStep.values()], window_days: WINDOW_DAYS }
}

const empty = (version: number, node: string) => ({
  version,
  node,
  outcomes: [] as { outcome: string; n: number }[],
  touches: NO_TOUCHES,
  earned: NOTHING,
})
