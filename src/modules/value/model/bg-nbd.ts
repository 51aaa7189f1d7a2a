import { downhill, type Found, hyp2f1, logBeta, logGamma } from "./numeric.ts"

/**
 * BG/NBD (Fader, Hardie and Lee 2005): people buy at rates of their own (gamma r, alpha) and after any purchase may be gone for
 * good with a chance of their own (beta a, b). Times are in one unit, whichever; `x` repeat purchases, the last at `t_x`, seen for `T`.
 */
export type BgNbd = { r: number; alpha: number; a: number; b: number }
/** Customers with the same history; `n` of them. */
export type History = { x: number; t_x: number; T: number; n: number }

export function logLikelihood(of: BgNbd, histories: readonly History[]): number {
  const { r, alpha, a, b } = of
  const byX = new Map<number, { common: number; alive: number; gone: number }>()
  const base = logBeta(a, b)
  let sum = 0
  for (const { x, t_x, T, n } of histories) {
    let part = byX.get(x)
    if (!part) {
      part = {
        common: logGamma(r + x) - logGamma(r) + r * Math.log(alpha),
        alive: logBeta(a, b + x) - base,
        gone: x > 0 ? logBeta(a + 1, b + x - 1) - base : Number.NEGATIVE_INFINITY,
      }
      byX.set(x, part)
    }
    const alive = part.alive - (r + x) * Math.log(alpha + T)
    const gone = x > 0 ? part.gone - (r + x) * Math.log(alpha + t_x) : Number.NEGATIVE_INFINITY
    const most = Math.max(alive, gone)
    sum += n * (part.common + most + Math.log(Math.exp(alive - most) + Math.exp(gone - most)))
  }
  return sum
}

const START = [0, 1, 0, 0.5]
/** Parameters stay within e^±12: beyond, the likelihood is flat and says nothing. */
const BOUND = 12
const read = (at: readonly number[]): BgNbd => {
  const [r = 1, alpha = 1, a = 1, b = 1] = at.map(Math.exp)
  return { r, alpha, a, b }
}

export function* fitBgNbd(
  histories: readonly History[],
): Generator<void, BgNbd & { log_likelihood: number; evaluations: number }> {
  const people = histories.reduce((sum, h) => sum + h.n, 0)
  const found: Found = yield* downhill(
    (at) =>
      at.some((x) => Math.abs(x) > BOUND)
        ? Number.POSITIVE_INFINITY
        : -logLikelihood(read(at), histories) / people,
    START,
  )
  return { ...read(found.at), log_likelihood: -found.value * people, evaluations: found.evaluations }
}

const NEARLY = 1e-6
const EULER_MAX = 30
/** Off the two places where the formula divides by nought; it is continuous there. */
const off = (value: number, forbidden: number) =>
  Math.abs(value - forbidden) < NEARLY ? forbidden + NEARLY : value

/** How many times somebody with this history is expected to buy within `t` from now. */
export function expectedPurchases(of: BgNbd, { x, t_x, T }: Omit<History, "n">, t: number): number {
  const { r, alpha } = of
  const a = off(of.a, 1)
  const b = off(of.b, 1 - a - x)
  const z = t / (alpha + T + t)
  // Euler's form of the published series: its parameters are small, so that it ends soon also for somebody with a long history.
  // With a or b large it is the published one that stays within what numbers can hold.
  const rest =
    a + b < EULER_MAX
      ? (1 - z) ** (a - 1) * hyp2f1(a + b - 1 - r, a - 1, a + b + x - 1, z)
      : (1 - z) ** (r + x) * hyp2f1(r + x, b + x, a + b + x - 1, z)
  const bought = ((a + b + x - 1) / (a - 1)) * (1 - rest)
  // Nobody buys oftener than if they stayed for ever; data that follow no such model may drive its parameters to where the series ends.
  const most = ((r + x) / (alpha + T)) * t
  const kept = Number.isFinite(bought) ? Math.min(most, Math.max(0, bought)) : most
  return kept * chanceAlive(of, { x, t_x, T })
}

/** The chance that somebody with this history still buys at all. */
export function chanceAlive({ r, alpha, a, b }: BgNbd, { x, t_x, T }: Omit<History, "n">): number {
  if (x === 0) return 1
  return 1 / (1 + (a / (b + x - 1)) * Math.exp((r + x) * (Math.log(alpha + T) - Math.log(alpha + t_x))))
}
