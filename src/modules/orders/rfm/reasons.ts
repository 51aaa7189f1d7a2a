/** What a customer's kept scores were judged by: the figures, and the cut points as thresholds (five times a cut, and one). */
export type Judged = {
  last_day: number
  order_count: number
  net_fen: number
  recency: readonly number[]
  frequency: readonly number[]
  monetary: readonly number[]
  customers: number
  sum_r: number
  sum_f: number
  sum_m: number
  r: number
  f: number
  m: number
}

const FIFTHS = 5
/** A threshold as the cut point it stands for, to a tenth. */
export const cutOf = (threshold: number) => Math.round(((threshold - 1) * 10) / FIFTHS) / 10

/** Pure: why each score and the segment is what it is, as of a day. */
export function rfmReasons(j: Judged, day: number): Record<string, Record<string, unknown>> {
  const mean = (sum: number) => Math.round((sum * 10) / j.customers) / 10
  return {
    "orders.rfm_r": {
      rule: "rfm_recency",
      last_order_day: j.last_day,
      days_since: day - j.last_day,
      cut_days: j.recency.map(cutOf),
    },
    "orders.rfm_f": { rule: "rfm_frequency", orders: j.order_count, cut_orders: j.frequency.map(cutOf) },
    "orders.rfm_m": {
      rule: "rfm_monetary",
      net_fen: j.net_fen,
      cut_fen: j.monetary.map((threshold) => Math.round(cutOf(threshold))),
    },
    "orders.rfm_segment": {
      rule: "rfm_segment",
      r_score: j.r,
      r_mean: mean(j.sum_r),
      f_score: j.f,
      f_mean: mean(j.sum_f),
      m_score: j.m,
      m_mean: mean(j.sum_m),
    },
  }
}
