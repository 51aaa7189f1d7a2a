import type { Db } from "../../../platform/db.ts"
import { type RfmScores, scoreAll } from "./compute.ts"
import { type RfmRule, SEGMENTS, type SegmentCode, segmentOf } from "./rules.ts"
import { type RfmBase, readRfmBase } from "./store-read.ts"

/** RFM of every customer with an order up to the end of `day` (a day number), from committed orders. */
export async function computeRfm(
  db: Db,
  day: number,
  rule: RfmRule,
): Promise<{ base: RfmBase; scores: RfmScores }> {
  const base = await readRfmBase(db, day)
  return { base, scores: scoreAll(base, day, rule) }
}

export type CubeCell = { r: number; f: number; customers: number; monetary_fen: number }

/** The score cube: customers and money for each pair of recency and frequency scores, all 25 cells. */
export function cubeOf(base: RfmBase, scores: RfmScores): CubeCell[] {
  const cells = Array.from({ length: 25 }, (_, k) => ({
    r: Math.floor(k / 5) + 1,
    f: (k % 5) + 1,
    customers: 0,
    monetary_fen: 0,
  }))
  for (let i = 0; i < base.count; i++) {
    const cell = cells[(scores.r[i]! - 1) * 5 + scores.f[i]! - 1]!
    cell.customers++
    cell.monetary_fen += base.monetary_fen[i]!
  }
  return cells
}

export type SegmentSize = { segment: SegmentCode; name: string; customers: number; monetary_fen: number }

/** How many customers each of the eight segments has, with their money. */
export function segmentSizes(base: RfmBase, scores: RfmScores): SegmentSize[] {
  const sizes = new Map<SegmentCode, SegmentSize>(
    (Object.keys(SEGMENTS) as SegmentCode[]).map((segment) => [
      segment,
      { segment, name: SEGMENTS[segment], customers: 0, monetary_fen: 0 },
    ]),
  )
  for (let i = 0; i < base.count; i++) {
    const score = { r: scores.r[i]!, f: scores.f[i]!, m: scores.m[i]! }
    const size = sizes.get(segmentOf(score, scores.sums))!
    size.customers++
    size.monetary_fen += base.monetary_fen[i]!
  }
  return [...sizes.values()].sort((a, b) => (a.segment > b.segment ? -1 : 1))
}
