import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type CountedFact, dailySums, pathSteps } from "./rules.ts"

const fact = (
  type: string,
  day: number,
  payload: Record<string, unknown> = {},
  subject = "x",
): CountedFact => ({
  type,
  subject,
  day,
  hour: 10,
  payload,
})

describe("the entry path", () => {
  it("begins with the first door somebody came through, in whatever order a batch tells of it", () => {
    const added = [
      fact("customer.contact_added", 5, { state: "video-3" }),
      fact("customer.contact_added", 3, { state: "store-1" }),
      fact("customer.contact_added", 4, { state: "poster" }),
    ]
    fc.assert(
      fc.property(fc.shuffledSubarray(added, { minLength: 3 }), (told) => {
        expect(pathSteps(told)).toMatchObject([{ source: "store-1", added_day: 3 }])
      }),
    )
  })

  it("has the first day of each step, and every order", () => {
    const told = [
      fact("order.paid", 9),
      fact("group.message_sent", 8, { group_id: "g" }),
      fact("group.member_joined", 7, { group_id: "g" }),
      fact("group.message_sent", 6, { group_id: "g" }),
      fact("order.paid", 5),
    ]
    expect(pathSteps(told)).toEqual([
      { customer_id: "x", source: "", added_day: null, joined_day: 7, spoke_day: 6, order_days: [9, 5] },
    ])
  })

  it("is walked by customers alone: what a group's own staff do in it is nobody's path, and counts as said", () => {
    const staff = [
      fact("group.member_joined", 1, { group_id: "g" }, "g"),
      fact("group.message_sent", 2, { group_id: "g" }, "g"),
    ]
    expect(pathSteps(staff)).toEqual([])
    expect(dailySums(staff).map((sum) => [sum.measure, sum.day, sum.value])).toEqual([
      ["group_joins", 1, 1],
      ["group_messages", 2, 1],
    ])
  })
})

describe("sums by day", () => {
  it("take money back on the day it goes back, whether an order was refunded or cancelled", () => {
    const told = [
      fact("order.paid", 1, { paid_fen: 900 }),
      fact("order.extended", 2, { added_fen: 100 }),
      fact("order.refunded", 3, { refund_fen: 400 }),
      fact("order.cancelled", 3, { refund_fen: 600 }),
    ]
    const sums = dailySums(told).map((sum) => [sum.measure, sum.day, sum.value])
    expect(sums).toEqual([
      ["gmv_fen", 1, 900],
      ["gmv_fen", 2, 100],
      ["orders", 1, 1],
      ["refund_fen", 3, 1_000],
    ])
  })
})
