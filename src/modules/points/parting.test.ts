import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { isRefused } from "../../kernel/result.ts"
import { planParting } from "./parting.ts"

const lot = (of: string) => (left: number, i: number) => ({ lot: `${of}${i}`, left, expires_day: i })
const sum = (list: readonly { left: number }[]) => list.reduce((total, one) => total + one.left, 0)

describe("points of two who are two again", () => {
  const lefts = fc.array(fc.nat(50), { minLength: 1, maxLength: 5 })
  it("are what each had, but for what was spent, which is the one who stayed's: nothing is made and nothing is lost", () => {
    fc.assert(
      fc.property(lefts, lefts, fc.array(fc.nat(30), { maxLength: 5 }), (goes, stays, spending) => {
        const theirs = goes.map(lot("t"))
        const own = stays.map(lot("o"))
        const spent = spending.map((n, i) => ({
          ...{ posting: `p${i}`, lot: `t${i % theirs.length}` },
          points: Math.min(n, theirs[i % theirs.length]!.left),
        }))
        const taken = spent.reduce((total, s) => total + s.points, 0)
        // what is left in a lot today is without what was spent of it
        const customer = sum(theirs) + sum(own)
        const plan = planParting({ theirs, own, spent, has: { customer, owed: 0 }, owed: 0, debt: 0 })
        if (isRefused(plan)) {
          expect(taken).toBeGreaterThan(sum(own))
          return
        }
        expect(taken).toBeLessThanOrEqual(sum(own))
        expect(plan.goes.customer).toBe(sum(theirs) + taken)
        expect(sum(plan.theirs)).toBe(plan.goes.customer)
        expect(plan.stays.customer).toBe(sum(own) - taken)
        expect(sum(plan.own)).toBe(plan.stays.customer)
        expect(plan.goes.customer + plan.stays.customer).toBe(customer)
        expect(plan.instead.reduce((total, i) => total + i.points, 0)).toBe(taken)
        for (const one of plan.own) expect(one.left).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it("leave a debt with whoever had it, and say how many are missing", () => {
    const theirs = [{ lot: "t", left: 30, expires_day: null }]
    const owing = { theirs, own: [], spent: [], has: { customer: 20, owed: 0 }, owed: 0, debt: -10 }
    expect(planParting(owing)).toMatchObject({
      ...{ goes: { customer: 30, owed: 0 }, stays: { customer: 0, owed: -10 } },
    })
    expect(planParting({ ...owing, debt: 0 })).toMatchObject({
      refused: "points_spent",
      detail: { missing: 10 },
    })
  })
})
