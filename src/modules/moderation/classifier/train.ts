import { hash32 } from "../../../kernel/chance.ts"
import { FEATURES } from "./features.ts"
import type { Weights } from "./model.ts"

/** A text's features and whether it is what is looked for; `weight` 1 where nothing else is said. */
export type Example = { features: Int32Array; is: boolean; weight?: number }

const ROUNDS = 12
const RATE = 0.5
/** Pulls weights towards nothing, so that what was seen once or twice says little. */
const DECAY = 3e-4

/** Logistic regression by stochastic gradient descent with steps that shrink for each feature (AdaGrad). The same seed gives the same weights. */
export function train(examples: readonly Example[], seed: number): Weights {
  const weights = new Float64Array(FEATURES)
  const seen = new Float64Array(FEATURES).fill(1e-3)
  let bias = 0
  for (let round = 0; round < ROUNDS; round++)
    for (const n of shuffled(examples.length, seed + round)) {
      const { features, is, weight = 1 } = examples[n]!
      const x = 1 / Math.sqrt(Math.max(1, features.length))
      let sum = bias
      for (const f of features) sum += weights[f]! * x
      const slope = weight * (1 / (1 + Math.exp(-sum)) - (is ? 1 : 0))
      bias -= 0.02 * slope
      for (const f of features) {
        const step = slope * x + DECAY * weights[f]!
        seen[f]! += step * step
        weights[f]! -= (RATE * step) / Math.sqrt(seen[f]!)
      }
    }
  return rounded(weights, bias)
}

/** In whole steps of one size, from -127 to 127. */
function rounded(weights: Float64Array, bias: number): Weights {
  let most = 0
  for (const w of weights) most = Math.max(most, Math.abs(w))
  const scale = most / 127 || 1
  return { bias, scale, weights: Int8Array.from(weights, (w) => Math.round(w / scale)) }
}

function shuffled(length: number, seed: number): Int32Array {
  const order = Int32Array.from({ length }, (_, i) => i)
  for (let i = length - 1; i > 0; i--) {
    const j = hash32(seed, i) % (i + 1)
    const kept = order[i]!
    order[i] = order[j]!
    order[j] = kept
  }
  return order
}
