/** Numbers that models of customers need; no library of ours has them. */

const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
]
const HALF_LOG_2PI = 0.9189385332046727

/** ln Γ(x) for x > 0, to about fifteen digits. */
export function logGamma(x: number): number {
  // Γ(x) = Γ(x + 1) / x keeps small arguments where the series is good.
  if (x < 0.5) return logGamma(x + 1) - Math.log(x)
  let sum = 0.9999999999998099
  for (let i = 0; i < LANCZOS.length; i++) sum += LANCZOS[i]! / (x + i)
  const t = x + LANCZOS.length - 1.5
  return HALF_LOG_2PI + (x - 0.5) * Math.log(t) - t + Math.log(sum)
}

export const logBeta = (a: number, b: number) => logGamma(a) + logGamma(b) - logGamma(a + b)

const TERMS_MAX = 20_000
const ENOUGH = 1e-13

/** Gauss' 2F1(a, b; c; z) for 0 ≤ z < 1 by its series; c is no whole number below 1. */
export function hyp2f1(a: number, b: number, c: number, z: number): number {
  let term = 1
  let sum = 1
  for (let n = 0; n < TERMS_MAX; n++) {
    term *= (((a + n) * (b + n)) / ((c + n) * (n + 1))) * z
    sum += term
    if (Math.abs(term) <= ENOUGH * Math.abs(sum)) break
  }
  return sum
}

export type Found = { at: number[]; value: number; evaluations: number }
const ROUNDS_MAX = 2_000
const STEP = 0.5
const FLAT = 1e-10

/**
 * Nelder and Mead's walk downhill, yielding after each evaluation: whoever runs it inside a server gives others their turn in
 * between. `f` may be infinite where it is not defined.
 */
export function* downhill(
  f: (at: readonly number[]) => number,
  start: readonly number[],
): Generator<void, Found> {
  let evaluations = 0
  const point = (at: number[]) => {
    evaluations++
    const value = f(at)
    return { at, value: Number.isNaN(value) ? Number.POSITIVE_INFINITY : value }
  }
  const simplex = [point([...start])]
  for (let i = 0; i < start.length; i++) {
    simplex.push(point(start.map((x, j) => (i === j ? x + STEP : x))))
    yield
  }
  const size = start.length
  for (let round = 0; round < ROUNDS_MAX; round++) {
    simplex.sort((p, q) => p.value - q.value)
    const [best, worst, next] = [simplex[0]!, simplex[size]!, simplex[size - 1]!]
    const spread = Math.max(...simplex.map((p) => Math.max(...p.at.map((x, j) => Math.abs(x - best.at[j]!)))))
    if (worst.value - best.value <= FLAT * (1 + Math.abs(best.value)) && spread < 1e-6) break
    const middle = start.map((_, j) => simplex.slice(0, size).reduce((sum, p) => sum + p.at[j]!, 0) / size)
    const along = (by: number) => point(middle.map((m, j) => m + by * (worst.at[j]! - m)))
    const mirrored = along(-1)
    yield
    if (mirrored.value < best.value) {
      const further = along(-2)
      simplex[size] = further.value < mirrored.value ? further : mirrored
    } else if (mirrored.value < next.value) simplex[size] = mirrored
    else {
      const nearer = along(mirrored.value < worst.value ? -0.5 : 0.5)
      if (nearer.value < Math.min(mirrored.value, worst.value)) simplex[size] = nearer
      else
        for (let i = 1; i <= size; i++) {
          simplex[i] = point(simplex[i]!.at.map((x, j) => best.at[j]! + 0.5 * (x - best.at[j]!)))
          yield
        }
    }
    yield
  }
  simplex.sort((p, q) => p.value - q.value)
  return { at: simplex[0]!.at, value: simplex[0]!.value, evaluations }
}

/** Runs a walk to its end in one go. */
export function toEnd<T>(walk: Generator<void, T>): T {
  for (;;) {
    const step = walk.next()
    if (step.done) return step.value
  }
}
