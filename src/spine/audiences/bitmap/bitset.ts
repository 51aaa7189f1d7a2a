/** A set of dense customer numbers, one bit each. Sets of one counter all have the same number of words. */
export type Bits = Uint32Array

export const wordsFor = (numbers: number) => Math.max(1, (numbers + 31) >>> 5)

export const addTo = (bits: Bits, n: number) => {
  bits[n >>> 5]! |= 1 << (n & 31)
}
export const dropFrom = (bits: Bits, n: number) => {
  bits[n >>> 5]! &= ~(1 << (n & 31))
}

/** How many are in the set. */
export function countOf(bits: Bits): number {
  let total = 0
  for (let i = 0; i < bits.length; i++) {
    let x = bits[i]!
    if (x === 0) continue
    x -= (x >>> 1) & 0x55555555
    x = (x & 0x33333333) + ((x >>> 2) & 0x33333333)
    total += Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
  }
  return total
}

/** `into` keeps what is in both. */
export function keepCommon(into: Bits, other: Bits): void {
  for (let i = 0; i < into.length; i++) into[i]! &= other[i]!
}

/** `into` takes in what is in the other. */
export function takeIn(into: Bits, other: Bits): void {
  for (let i = 0; i < into.length; i++) into[i]! |= other[i]!
}

/** `into` loses what is in the other. */
export function takeOut(into: Bits, other: Bits): void {
  for (let i = 0; i < into.length; i++) into[i]! &= ~other[i]!
}

/** Calls for each number that is in `bits` and not in `except`, upwards. */
export function eachOf(bits: Bits, except: Bits | null, visit: (n: number) => void): void {
  for (let i = 0; i < bits.length; i++) {
    let x = except ? bits[i]! & ~except[i]! : bits[i]!
    while (x !== 0) {
      const low = x & -x
      visit((i << 5) + 31 - Math.clz32(low))
      x ^= low
    }
  }
}

/** The first `limit` numbers from `from` on. */
export function firstOf(bits: Bits, from: number, limit: number): number[] {
  const found: number[] = []
  for (let i = from >>> 5; i < bits.length && found.length < limit; i++) {
    let x = i === from >>> 5 ? bits[i]! & (-1 << (from & 31)) : bits[i]!
    while (x !== 0 && found.length < limit) {
      const low = x & -x
      found.push((i << 5) + 31 - Math.clz32(low))
      x ^= low
    }
  }
  return found
}

/** The same set with room for more. */
export function grown(bits: Bits, words: number): Bits {
  if (bits.length >= words) return bits
  const larger = new Uint32Array(words)
  larger.set(bits)
  return larger
}
