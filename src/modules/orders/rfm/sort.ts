/** Orders of a million customers without comparing them one by one: counting by 16 bits at a time, always stable. */

const DIGIT = 0x10000

/** `base` re-ordered by ascending value; equal values keep their order in `base`. Values are whole and span less than 2^53. */
export function stableOrder(values: ArrayLike<number>, base: Uint32Array): Uint32Array {
  const n = base.length
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let i = 0; i < n; i++) {
    const value = values[base[i]!]!
    if (value < low) low = value
    if (value > high) high = value
  }
  let from = base
  for (let divisor = 1; n > 0 && high - low >= divisor; divisor *= DIGIT) {
    const d = divisor
    from = pass(from, (i) => Math.floor((values[i]! - low) / d) % DIGIT, Math.floor((high - low) / d))
  }
  return from === base ? base.slice() : from
}

function pass(from: Uint32Array, digitOf: (i: number) => number, top: number): Uint32Array {
  const starts = new Uint32Array(Math.min(top, DIGIT - 1) + 2)
  for (let k = 0; k < from.length; k++) starts[digitOf(from[k]!) + 1]!++
  for (let d = 1; d < starts.length; d++) starts[d]! += starts[d - 1]!
  const to = new Uint32Array(from.length)
  for (let k = 0; k < from.length; k++) {
    const i = from[k]!
    to[starts[digitOf(i)]!++] = i
  }
  return to
}

/** Names in one buffer: the i-th lies from `starts[i]` to `starts[i + 1]`. */
export type Names = { bytes: Buffer; starts: Uint32Array }

const STEP = 8
const SMALL = 48

/**
 * The order of names by their bytes (SQL's collate "C"), ties by `tie`. Eight bytes at a time: most names differ there, and
 * runs that do not are sorted by the next eight.
 */
export function orderOfNames(
  names: Names,
  count: number,
  tie: (a: number, b: number) => number,
): Uint32Array {
  const order = new Uint32Array(count)
  for (let i = 0; i < count; i++) order[i] = i
  sortRun(names, order, 0, count, 0, tie)
  return order
}

function sortRun(
  names: Names,
  order: Uint32Array,
  from: number,
  to: number,
  depth: number,
  tie: (a: number, b: number) => number,
): void {
  const { bytes, starts } = names
  if (to - from <= SMALL) {
    if (to - from < 2) return
    const part = Array.from(order.subarray(from, to)).sort(
      (a, b) => bytes.compare(bytes, starts[b]!, starts[b + 1]!, starts[a]!, starts[a + 1]!) || tie(a, b),
    )
    order.set(part, from)
    return
  }
  const run = order.slice(from, to)
  const places = new Uint32Array(run.length)
  const high = new Float64Array(run.length)
  const low = new Float64Array(run.length)
  let longest = 0
  for (let k = 0; k < run.length; k++) {
    const i = run[k]!
    const end = starts[i + 1]!
    let at = starts[i]! + depth
    if (end - at > longest) longest = end - at
    let h = 0
    let l = 0
    for (let b = 0; b < 4; b++, at++) h = h * 256 + (at < end ? bytes[at]! : 0)
    for (let b = 0; b < 4; b++, at++) l = l * 256 + (at < end ? bytes[at]! : 0)
    high[k] = h
    low[k] = l
    places[k] = k
  }
  const sorted = stableOrder(high, stableOrder(low, places))
  for (let k = 0; k < run.length; k++) order[from + k] = run[sorted[k]!]!
  for (let a = 0; a < run.length; ) {
    let b = a + 1
    const first = sorted[a]!
    while (b < run.length && high[sorted[b]!] === high[first] && low[sorted[b]!] === low[first]) b++
    if (b - a > 1) {
      if (longest > STEP) sortRun(names, order, from + a, from + b, depth + STEP, tie)
      else order.set(Array.from(order.subarray(from + a, from + b)).sort(tie), from + a)
    }
    a = b
  }
}
