import { SEGMENT_WORDS, type SegmentCode } from "./rules.ts"

/** How many customers share two scores and a segment, with the money that they paid. */
export type CellRow = { r: number; f: number; segment: SegmentCode; customers: number; gmv_fen: number }
export type CubeCell = { r: number; f: number; customers: number; gmv_fen: number }

const SCORES = [1, 2, 3, 4, 5] as const
const CODES = Object.keys(SEGMENT_WORDS).sort().reverse() as SegmentCode[]

/** Pure: the whole cube, empty cells too, and the eight segments, of the same rows: both sum up to the same people. */
export function boardOf(rows: readonly CellRow[]) {
  const cells = new Map<string, CubeCell>()
  for (const r of SCORES) for (const f of SCORES) cells.set(`${r} ${f}`, { r, f, customers: 0, gmv_fen: 0 })
  const segments = new Map(
    CODES.map((code) => [code, { code, label: SEGMENT_WORDS[code], customers: 0, gmv_fen: 0 }]),
  )
  for (const row of rows)
    for (const sum of [cells.get(`${row.r} ${row.f}`), segments.get(row.segment)])
      if (sum) {
        sum.customers += row.customers
        sum.gmv_fen += row.gmv_fen
      }
  return { cells: [...cells.values()], segments: [...segments.values()] }
}
