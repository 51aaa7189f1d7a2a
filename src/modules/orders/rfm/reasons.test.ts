import { describe, expect, it } from "vitest"
import { rfmReasons } from "./reasons.ts"
import { fifths } from "./rules.ts"
import { thresholdsOf } from "./traits.ts"

describe("why a score is what it is", () => {
  it("names the figure and the cut points by which it was judged, in their own units", () => {
    const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    const cuts = {
      recency: fifths(values)!,
      frequency: fifths(values)!,
      monetary: fifths(values.map((n) => n * 100))!,
    }
    const reasons = rfmReasons(
      {
        ...{ last_day: 20_000, order_count: 3, net_fen: 45_600, customers: 10 },
        ...thresholdsOf("value", cuts),
        ...{ sum_r: 30, sum_f: 29, sum_m: 31, r: 5, f: 2, m: 3 },
      },
      20_007,
    )
    expect(reasons["orders.rfm_r"]).toMatchObject({ days_since: 7, cut_days: [2.8, 4.6, 6.4, 8.2] })
    expect(reasons["orders.rfm_f"]).toMatchObject({ orders: 3, cut_orders: [2.8, 4.6, 6.4, 8.2] })
    expect(reasons["orders.rfm_m"]).toMatchObject({ net_fen: 45_600, cut_fen: [280, 460, 640, 820] })
    expect(reasons["orders.rfm_segment"]).toMatchObject({ r_score: 5, r_mean: 3, f_mean: 2.9, m_mean: 3.1 })
  })
})
