import { downhill, type Found, logGamma } from "./numeric.ts"

/** Gamma-gamma (Fader and Hardie 2013): what somebody spends on average, drawn towards the average of all the less is known. */
export type GammaGamma = { p: number; q: number; v: number }
/** Customers with `x` repeat purchases of `mean` each on average; `n` of them. */
export type Spent = { x: number; mean: number; n: number }

export function logLikelihoodSpent({ p, q, v }: GammaGamma, list: readonly Spent[]): number {
  const base = q * Math.log(v) - logGamma(q)
  const byX = new Map<number, number>()
  let sum = 0
  for (const { x, mean, n } of list) {
    let part = byX.get(x)
    if (part === undefined) {
      part = logGamma(p * x + q) - logGamma(p * x) + p * x * Math.log(x)
      byX.set(x, part)
    }
    sum += n * (base + part + (p * x - 1) * Math.log(mean) - (p * x + q) * Math.log(x * mean + v))
  }
  return sum
}

const START = [1, 1]
const BOUND = 12

/** Without anybody's `x` below 1 or `mean` not above 0: of those nothing can be learnt. */
export function* fitGammaGamma(
  given: readonly Spent[],
): Generator<void, GammaGamma & { log_likelihood: number; evaluations: number }> {
  const list = given.filter((s) => s.x > 0 && s.mean > 0)
  const people = list.reduce((sum, s) => sum + s.n, 0)
  // In units of the average, so that the walk begins near wherever the currency is.
  const unit = list.reduce((sum, s) => sum + s.n * s.mean, 0) / people
  const scaled = list.map((s) => ({ ...s, mean: s.mean / unit }))
  const read = (at: readonly number[]): GammaGamma => {
    const [p = 1, q = 1, v = 1] = at.map(Math.exp)
    return { p, q, v }
  }
  const found: Found = yield* downhill(
    (at) =>
      at.some((x) => Math.abs(x) > BOUND)
        ? Number.POSITIVE_INFINITY
        : -logLikelihoodSpent(read(at), scaled) / people,
    [...START, 1],
  )
  const { p, q, v } = read(found.at)
  const fitted = { p, q, v: v * unit }
  return {
    ...fitted,
    log_likelihood: logLikelihoodSpent(fitted, list),
    evaluations: found.evaluations,
  }
}

/** What the next purchase of somebody is expected to be worth. Without repeat purchases: the average of all. */
export function expectedSpend({ p, q, v }: GammaGamma, x: number, mean: number): number {
  const ofAll = (v * p) / (q - 1)
  const weight = (p * x) / (p * x + q - 1)
  return x === 0 ? ofAll : (1 - weight) * ofAll + weight * mean
}
