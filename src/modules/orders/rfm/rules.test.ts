import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { fifths, ntile, SEGMENTS, scoreByR, scoreByValue, scoreOne, segmentOf } from "./rules.ts"
import { orderOfNames, stableOrder } from "./sort.ts"

const sorted = (values: number[]) => [...values].sort((a, b) => a - b)
const scores = (values: number[]) => values.map((v) => scoreByValue(v, fifths(sorted(values))!))

describe("RFM scores by value", () => {
  it("1 to 10 are cut at 2.8, 4.6, 6.4 and 8.2, and fall two by two", () => {
    const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    expect(fifths(values)).toEqual([14, 23, 32, 41])
    expect(scores(values)).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
  })
  it("four customers with nothing and one with ten are 1,1,1,1,5", () => {
    expect(scores([0, 0, 0, 0, 10])).toEqual([1, 1, 1, 1, 5])
  })
  it("the most recent has the highest recency score", () => {
    const days = [10, 20, 30, 40, 50, 60]
    const recency = fifths(days)!
    expect(recency).toEqual([100, 150, 200, 250])
    const cuts = { recency, frequency: recency, monetary: recency }
    expect(
      days.map((recency_days) => scoreOne("value", cuts, { recency_days, orders: 1, monetary_fen: 0 }).r),
    ).toEqual([5, 5, 4, 3, 2, 1])
  })
  it("no customers have no cut points, and one customer scores 1", () => {
    expect(fifths([])).toBeNull()
    expect(scores([7])).toEqual([1])
  })
  it("whatever the order of the rows, equal values share a score and a higher value never scores lower", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1 }), (values) => {
        const score = new Map(values.map((v, i) => [v, scores(values)[i]!]))
        const shuffled = [...values].reverse()
        return (
          shuffled.every((v, i) => scores(shuffled)[i] === score.get(v)) &&
          [...score].every(([v, s]) => [...score].every(([w, t]) => v >= w || s <= t))
        )
      }),
    )
  })
})

describe("RFM scores by the other rules", () => {
  it("the R package's cut points lie one unit higher and count from their own value on", () => {
    const cuts = fifths([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])!
    expect([3, 4, 5, 6].map((v) => scoreByR(v, cuts, 1))).toEqual([1, 2, 2, 3])
    const exact = fifths([10, 20, 30, 40, 50, 60])!
    expect([20, 21, 31].map((v) => scoreByR(v, exact, 1))).toEqual([1, 2, 3])
  })
  it("twelve customers fall into fifths of 3, 3, 2, 2, 2 as SQL does it", () => {
    expect(Array.from({ length: 12 }, (_, rank) => ntile(rank, 12))).toEqual([
      1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 5,
    ])
    expect(Array.from({ length: 3 }, (_, rank) => ntile(rank, 3))).toEqual([1, 2, 3])
  })
  it("a score that equals the mean counts as high", () => {
    const sums = { customers: 2, r: 6, f: 7, m: 2 }
    expect(segmentOf({ r: 3, f: 3, m: 1 }, sums)).toBe("101")
  })
  it("recency, frequency and money, each high or low, are the eight segments by their names", () => {
    const sums = { customers: 1, r: 3, f: 3, m: 3 }
    const named = [5, 1].flatMap((m) =>
      [5, 1].flatMap((f) => [5, 1].map((r) => SEGMENTS[segmentOf({ r, f, m }, sums)])),
    )
    expect(named).toEqual([
      ...["重要价值", "重要保持", "重要发展", "重要挽留"],
      ...["一般价值", "一般保持", "一般发展", "一般挽留"],
    ])
  })
})

describe("sorting without comparing", () => {
  it("keeps the order of equal values and sorts amounts of any size", () => {
    const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -1e12, max: 1e12 }))
    fc.assert(
      fc.property(fc.array(value), (values) => {
        const base = Uint32Array.from(values, (_, i) => i)
        const expected = Array.from(base).sort((a, b) => values[a]! - values[b]! || a - b)
        expect(Array.from(stableOrder(values, base))).toEqual(expected)
      }),
    )
  })
  it("sorts names by their bytes, long common beginnings and equal names included", () => {
    const name = fc.oneof(
      fc.string({ maxLength: 3 }),
      fc.integer({ min: 0, max: 300 }).map((n) => `customer-of-the-shop-${n}`),
      fc.constantFrom("", "王小明", "王小", "Émile"),
    )
    fc.assert(
      fc.property(fc.array(name, { maxLength: 200 }), (list) => {
        const parts = list.map((n) => Buffer.from(n.replaceAll("\0", "")))
        const starts = new Uint32Array(parts.length + 1)
        parts.forEach((p, i) => {
          starts[i + 1] = starts[i]! + p.length
        })
        const order = orderOfNames({ bytes: Buffer.concat(parts), starts }, parts.length, (a, b) => a - b)
        const expected = parts.map((_, i) => i).sort((a, b) => Buffer.compare(parts[a]!, parts[b]!) || a - b)
        expect(Array.from(order)).toEqual(expected)
      }),
    )
  })
})
