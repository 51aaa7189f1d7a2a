import { QUANTILE_SAMPLE, QUANTILES } from "../limits.ts"
import { addTo, type Bits, dropFrom, eachOf, grown, takeOut, wordsFor } from "./bitset.ts"

/**
 * Whole numbers (fen, points, day numbers) by customer. For each of some borders there is the set of those who lie below it, so
 * that a range is two copies and a look at the two slices its ends fall into, instead of a look at a million values.
 */
export class NumberColumn {
  values: Float64Array
  private borders: number[] = []
  private below: Bits[] = []
  private known: Bits
  private none: Bits

  constructor(numbers: number) {
    this.values = new Float64Array(numbers).fill(Number.NaN)
    this.known = new Uint32Array(wordsFor(numbers))
    this.none = new Uint32Array(this.known.length)
  }

  grow(numbers: number): void {
    const larger = new Float64Array(numbers).fill(Number.NaN)
    larger.set(this.values)
    this.values = larger
    this.known = grown(this.known, wordsFor(numbers))
    this.none = grown(this.none, wordsFor(numbers))
    this.below = this.below.map((bits) => grown(bits, wordsFor(numbers)))
  }

  /** Once after the values are filled in: cuts them at borders. */
  build(): void {
    const { values } = this
    this.known.fill(0)
    this.borders = bordersOf(values)
    this.below = this.borders.map(() => new Uint32Array(this.known.length))
    for (let n = 0; n < values.length; n++) {
      const value = values[n]!
      if (Number.isNaN(value)) continue
      addTo(this.known, n)
      const first = this.firstAbove(value)
      if (first < this.below.length) addTo(this.below[first]!, n)
    }
    for (let i = 1; i < this.below.length; i++) {
      const [lower, bits] = [this.below[i - 1]!, this.below[i]!]
      for (let w = 0; w < bits.length; w++) bits[w]! |= lower[w]!
    }
  }

  set(n: number, value: number | null): void {
    const before = this.values[n]!
    const after = value ?? Number.NaN
    if (before === after) return
    this.values[n] = after
    if (Number.isNaN(after)) dropFrom(this.known, n)
    else addTo(this.known, n)
    for (let i = 0; i < this.borders.length; i++) {
      const border = this.borders[i]!
      if (before < border === after < border) continue
      if (after < border) addTo(this.below[i]!, n)
      else dropFrom(this.below[i]!, n)
    }
  }

  /** Those whose value is known. */
  all(): Bits {
    return this.known.slice()
  }

  /** Those from min to max, both included. */
  between(min: number | null, max: number | null): Bits {
    const bits = max === null ? this.known.slice() : this.under(Math.floor(max) + 1)
    if (min !== null) takeOut(bits, this.under(Math.ceil(min)))
    return bits
  }

  /**
   * Takes everyone outside the range out of `into`, both ends included: one pass, and only those of `into` who lie in the two
   * slices at its ends are looked at one by one.
   */
  restrict(into: Bits, min: number | null, max: number | null): void {
    const { values, below, known } = this
    const low = min === null ? Number.NEGATIVE_INFINITY : min
    const high = max === null ? Number.POSITIVE_INFINITY : max
    const none = this.none
    const [l, h] = [this.firstAbove(low) - 1, this.firstAbove(high) - 1]
    const lowSure = below[l] ?? none
    const lowMaybe = low === Number.NEGATIVE_INFINITY ? none : (below[l + 1] ?? known)
    const highSure = high === Number.POSITIVE_INFINITY ? known : (below[h] ?? none)
    const highMaybe = high === Number.POSITIVE_INFINITY ? known : (below[h + 1] ?? known)
    for (let i = 0; i < into.length; i++) {
      const asked = into[i]!
      if (asked === 0) continue
      let kept = asked & highSure[i]! & ~lowMaybe[i]!
      let maybe = asked & highMaybe[i]! & ~lowSure[i]! & ~kept
      while (maybe !== 0) {
        const bit = maybe & -maybe
        const value = values[(i << 5) + 31 - Math.clz32(bit)]!
        if (value >= low && value <= high) kept |= bit
        maybe ^= bit
      }
      into[i] = kept
    }
  }

  /** Those whose value is less than `limit`. */
  private under(limit: number): Bits {
    // the borders up to `at` are at most the limit; between that border and the next each value has to be looked at
    const at = this.firstAbove(limit) - 1
    const bits = at < 0 ? new Uint32Array(this.known.length) : this.below[at]!.slice()
    if (at >= 0 && this.borders[at] === limit) return bits
    const { values } = this
    const upper = this.below[at + 1] ?? this.known
    eachOf(upper, at < 0 ? null : this.below[at]!, (n) => {
      if (values[n]! < limit) bits[n >>> 5]! |= 1 << (n & 31)
    })
    return bits
  }

  /** The first border that is greater than the value. */
  private firstAbove(value: number): number {
    let [low, high] = [0, this.borders.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.borders[middle]! > value) high = middle
      else low = middle + 1
    }
    return low
  }
}

/** Quantiles of a sample, and each one's successor: a value that half of all share is then a slice of its own. */
function bordersOf(values: Float64Array): number[] {
  const step = Math.max(1, Math.floor(values.length / QUANTILE_SAMPLE))
  const sample: number[] = []
  for (let n = 0; n < values.length; n += step) if (!Number.isNaN(values[n]!)) sample.push(values[n]!)
  sample.sort((a, b) => a - b)
  if (sample.length === 0) return []
  const borders = new Set<number>()
  for (let i = 0; i <= QUANTILES; i++) {
    const value = sample[Math.min(sample.length - 1, Math.floor((i * sample.length) / QUANTILES))]!
    borders.add(value).add(value + 1)
  }
  return [...borders].sort((a, b) => a - b)
}
