import type { Queryable } from "../../../platform/db.ts"
import type { Registry } from "../../../spine/offers/index.ts"
import { touchesOfSteps } from "../../../spine/outbox/index.ts"
import { earnedByPart, WINDOW_DAYS } from "../../../spine/outcomes/index.ts"
import { outcomesOf, readPart, stageResults, stepsDone, versionsOf } from "../../../spine/plays/index.ts"
import { factWords } from "../fact-words.ts"

const NO_TOUCHES = { got: 0, coming: 0, not_got: 0 }
const NOTHING = { orders: 0, customers: 0, gmv_fen: 0, net_fen: 0 }

/** What each step of each version of a play came to, whom its messages reached, what they earned, and how far people came by stages. */
export async function resultsOf(q: Queryable, registry: Registry, play_id: string) {
  const [stages, outcomes, touches, earned] = await Promise.all([
    stageResults(q, play_id, await versionsOf(q, play_id)),
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
  return {
    rows: [...byStep.values()],
    stages: stages.map(({ ends, ...stage }) => ({
      ...stage,
      ends: ends.map((end) => ({ ...end, words: factWords(registry, end.reason) })),
    })),
    window_days: WINDOW_DAYS,
  }
}

const empty = (version: number, node: string) => ({
  version,
  node,
  outcomes: [] as { outcome: string; n: number }[],
  touches: NO_TOUCHES,
  earned: NOTHING,
})
