import {
  fifths,
  ntile,
  type RfmCuts,
  type RfmRule,
  type ScoreSums,
  scoreByR,
  scoreByValue,
  UNIT,
  UNIT_FEN,
} from "./rules.ts"
import { orderOfNames, stableOrder } from "./sort.ts"
import type { RfmBase } from "./store-read.ts"

/** Scores of every customer, and the order of their names in which a table of them is written. */
export type RfmScores = {
  order: Uint32Array
  recency_days: Int32Array
  r: Uint8Array
  f: Uint8Array
  m: Uint8Array
  /** Null for rule `ntile`, whose bounds lie between customers and not between values, and where nobody is. */
  cuts: RfmCuts | null
  sums: ScoreSums
}

/** Scores all customers of `base` as of a day. Every day in `base` is at most that day. */
export function scoreAll(base: RfmBase, day: number, rule: RfmRule): RfmScores {
  const { count } = base
  const recency_days = new Int32Array(count)
  for (let i = 0; i < count; i++) recency_days[i] = day - base.last_day[i]!
  const order = orderOfNames(base.names, count, (a, b) =>
    base.ids.compare(base.ids, b * 16, b * 16 + 16, a * 16, a * 16 + 16),
  )
  const r = new Uint8Array(count)
  const f = new Uint8Array(count)
  const m = new Uint8Array(count)
  let cuts: RfmCuts | null = null
  if (rule === "ntile") {
    const rank = (values: ArrayLike<number>, scores: Uint8Array) => {
      const ranked = stableOrder(values, order)
      for (let k = 0; k < count; k++) scores[ranked[k]!] = ntile(k, count)
    }
    // Ranked by last day upwards: the longest ago are the first fifth, ties by name as in the other two.
    rank(base.last_day, r)
    rank(base.orders, f)
    rank(base.monetary_fen, m)
  } else if (count > 0) {
    cuts = {
      recency: fifths(Int32Array.from(recency_days).sort())!,
      frequency: fifths(Int32Array.from(base.orders).sort())!,
      monetary: fifths(Float64Array.from(base.monetary_fen).sort())!,
    }
    const byValue = rule === "value"
    for (let i = 0; i < count; i++) {
      const days = recency_days[i]!
      r[i] = 6 - (byValue ? scoreByValue(days, cuts.recency) : scoreByR(days, cuts.recency, UNIT))
      const orders = base.orders[i]!
      f[i] = byValue ? scoreByValue(orders, cuts.frequency) : scoreByR(orders, cuts.frequency, UNIT)
      const fen = base.monetary_fen[i]!
      m[i] = byValue ? scoreByValue(fen, cuts.monetary) : scoreByR(fen, cuts.monetary, UNIT_FEN)
    }
  }
  const sums: ScoreSums = { customers: count, r: 0, f: 0, m: 0 }
  for (let i = 0; i < count; i++) {
    sums.r += r[i]!
    sums.f += f[i]!
    sums.m += m[i]!
  }
  return { order, recency_days, r, f, m, cuts, sums }
}
