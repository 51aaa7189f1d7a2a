import type { RfmScores } from "./compute.ts"
import type { RfmBase } from "./store-read.ts"

export const RFM_COLUMNS = "customer,recency_days,orders,monetary_fen,r,f,m"

const CHUNK_BYTES = 1024 * 1024
/** Six whole numbers with their commas and the line end. */
const NUMBERS_BYTES = 128

/** The table as CSV in pieces, sorted by customer. Customers stand as they were imported, quoted where CSV needs it. */
export function* rfmCsv(base: RfmBase, scores: RfmScores): Generator<Buffer> {
  const { bytes, starts } = base.names
  let chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  let at = chunk.write(`${RFM_COLUMNS}\n`, 0, "latin1")
  for (const i of scores.order) {
    const from = starts[i]!
    const to = starts[i + 1]!
    if (at + 2 * (to - from) + NUMBERS_BYTES > chunk.length) {
      yield chunk.subarray(0, at)
      chunk = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, 4 * (to - from)))
      at = 0
    }
    at = writeName(chunk, at, bytes, from, to)
    const numbers = `,${scores.recency_days[i]},${base.orders[i]},${base.monetary_fen[i]},${scores.r[i]},${scores.f[i]},${scores.m[i]}\n`
    at += chunk.write(numbers, at, "latin1")
  }
  yield chunk.subarray(0, at)
}

const QUOTE = 34

function writeName(to: Buffer, start: number, bytes: Buffer, from: number, end: number): number {
  let at = start
  let plain = true
  for (let b = from; b < end; b++) {
    const c = bytes[b]!
    to[at++] = c
    if (c === QUOTE || c === 44 || c === 10 || c === 13) plain = false
  }
  if (plain && from < end) return at
  at = start
  to[at++] = QUOTE
  for (let b = from; b < end; b++) {
    const c = bytes[b]!
    to[at++] = c
    if (c === QUOTE) to[at++] = QUOTE
  }
  to[at++] = QUOTE
  return at
}
