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
  goal: { ratio_at_least: number } | { at_most: number } | { at_least: number }
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
  const met = reached(goal, ours, ratio)
  const reason = rounds.find((r) => r.reason)?.reason ?? (met === false ? row.when_missed : undefined)
  const note = rounds.find((r) => r.note)?.note
  return {
    row: row.row,
    unit: row.unit,
    ours: round(ours),
    anchor: anchor === null ? null : round(anchor),
    ratio: ratio === null ? null : round(ratio),
    goal: said(goal, row.unit),
    met,
    ...(reason ? { reason } : {}),
    ...(note ? { note } : {}),
  }
}

function reached(goal: BenchRow["goal"], ours: number, ratio: number | null): boolean | null {
  if ("at_most" in goal) return ours <= goal.at_most
  if ("at_least" in goal) return ours >= goal.at_least
  return ratio === null ? null : ratio >= goal.ratio_at_least
}

function said(goal: BenchRow["goal"], unit: string): string {
  if ("at_most" in goal) return `<= ${goal.at_most} ${unit}`
  return "at_least" in goal ? `>= ${goal.at_least} ${unit}` : `>= ${goal.ratio_at_least} x`
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

function round(value: number): number {
  return Number(value.toPrecision(4))
}
