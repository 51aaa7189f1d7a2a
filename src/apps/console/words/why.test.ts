import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { activityOf, type Numbers, stageByOrders, standingOf } from "../../../modules/classes/rules.ts"
import { rfmReasons } from "../../../modules/orders/rfm/reasons.ts"
import { en } from "./en/index.ts"
import { zh } from "./zh/index.ts"

const day = fc.option(fc.integer({ min: 20_000, max: 20_600 }))
const numbers = fc.record({
  orders: fc.nat(4),
  goods_orders: fc.nat(3),
  goods_first_day: day,
  goods_last_day: day,
  membership_first_day: day,
  lead_last_day: day,
  interested_tag_day: day,
})

describe("why somebody is in a class", () => {
  it("reads in words, whatever the rules come to: no key and no code is shown", () => {
    fc.assert(
      fc.property(numbers, (n) => {
        const decided = [
          stageByOrders(n as Numbers),
          standingOf(n as Numbers, 20_600),
          activityOf(n as Numbers, 20_600),
        ]
        for (const { why } of decided)
          for (const words of [zh, en]) {
            expect(Object.keys(why).filter((key) => !(key in words.why_fact))).toEqual([])
            expect(String(why.rule) in words.why_rule, String(why.rule)).toBe(true)
          }
      }),
    )
  })

  it("the scores of RFM and the segment say by what they were judged, in words", () => {
    const cuts = [6, 11, 16, 21]
    const reasons = rfmReasons(
      {
        ...{
          last_day: 20_590,
          order_count: 3,
          net_fen: 45_600,
          recency: cuts,
          frequency: cuts,
          monetary: cuts,
        },
        ...{ customers: 10, sum_r: 30, sum_f: 30, sum_m: 30, r: 5, f: 2, m: 3 },
      },
      20_600,
    )
    for (const why of Object.values(reasons))
      for (const words of [zh, en]) {
        expect(Object.keys(why).filter((key) => !(key in words.why_fact))).toEqual([])
        expect(String(why.rule) in words.why_rule, String(why.rule)).toBe(true)
      }
  })
})
