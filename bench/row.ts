import type { Db } from "../src/platform/db.ts"

/** One figure of ours and, where there is one, of the anchor, taken in turn on the same cluster and settings. */
export type Measured = {
  ours: number
  anchor: number | null
  /** Why there is no anchor, or why the figure missed its goal. */
  reason?: string
  /** What else a reader must know, such as what kept aggregates cost at the import door. */
  note?: string
}

export type BenchRow = {
  /** `ledger_hot_account`: also the name on the command line. */
  row: string
  /** `facts/s` and other rates: more is better. `ms`, `s`, `MB`: less is better. */
  unit: string
  goal: { ratio_at_least: number } | { at_most: number }
  /** How many times it is measured; the median is shown. */
  rounds: number
  /** What is known of why it falls short where it does; shown only beside a figure that missed its goal. */
  when_missed?: string
  /** Makes the data, once, on a fresh migrated database. */
  prepare?(place: Place): Promise<void>
  measure(place: Place): Promise<Measured>
}

export type Place = {
  db: Db
  /** Of the application role, to this row's own database. */
  url: string
  /** Of a superuser, to the cluster: for peers such as pgbench that need databases of their own. */
  adminUrl: string
  /** Says on stderr what is going on. */
  say(line: string): void
}

export type Result = {
  row: string
  unit: string
  ours: number | null
  anchor: number | null
  /** Times better than the anchor. */
  ratio: number | null
  goal: string
  met: boolean | null
  reason?: string
  note?: string
}

const LESS_IS_BETTER = /^(ms|s|MB|kB|µs)$/

/** Pure: what the measured rounds come to. */
export function conclude(row: BenchRow, rounds: Measured[]): Result {
  const ours = median(rounds.map((r) => r.ours))
  const anchors = rounds.flatMap((r) => (r.anchor === null ? [] : [r.anchor]))
  const anchor = anchors.length === rounds.length ? median(anchors) : null
  const ratio = anchor === null ? null : LESS_IS_BETTER.test(row.unit) ? anchor / ours : ours / anchor
  const { goal } = row
  const met = "at_most" in goal ? ours <= goal.at_most : ratio === null ? null : ratio >= goal.ratio_at_least
  const reason = rounds.find((r) => r.reason)?.reason ?? (met === false ? row.when_missed : undefined)
  const note = rounds.find((r) => r.note)?.note
  return {
    row: row.row,
    unit: row.unit,
    ours: round(ours),
    anchor: anchor === null ? null : round(anchor),
    ratio: ratio === null ? null : round(ratio),
    goal: "at_most" in goal ? `<= ${goal.at_most} ${row.unit}` : `>= ${goal.ratio_at_least} x`,
    met,
    ...(reason ? { reason } : {}),
    ...(note ? { note } : {}),
  }
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

function round(value: number): number {
  return Number(value.toPrecision(4))
}
