import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { formSchema } from "../../kernel/form.ts"
import { isRefused } from "../../kernel/result.ts"
import { pointsSettings } from "./contract.ts"
import {
  isValid,
  type Lot,
  orderEffect,
  planGrant,
  planRestore,
  planSpend,
  planTakeBack,
  pointsFor,
  type Take,
} from "./rules.ts"

const lots = fc
  .array(
    fc.record({
      left: fc.integer({ min: 0, max: 50 }),
      expires_day: fc.option(fc.integer({ min: 1, max: 20 })),
    }),
    { maxLength: 12 },
  )
  .map((list): Lot[] => list.map((l, i) => ({ lot: `lot${String(i).padStart(2, "0")}`, ...l })))
const total = (takes: readonly Take[]) => takes.reduce((sum, t) => sum + t.points, 0)
const day = fc.integer({ min: 0, max: 20 })
const points = fc.integer({ min: 1, max: 200 })

describe("spending points", () => {
  it("takes exactly what was asked, only from valid lots, never more than a lot has; or refuses and says how much there is", () => {
    fc.assert(
      fc.property(lots, points, day, (all, asked, today) => {
        const valid = all.filter((l) => isValid(l, today))
        const there = valid.reduce((sum, l) => sum + l.left, 0)
        const plan = planSpend(all, asked, today)
        if (isRefused(plan)) {
          expect(there).toBeLessThan(asked)
          expect(plan.detail).toEqual({ available: there, asked })
          return
        }
        expect(total(plan)).toBe(asked)
        for (const take of plan) {
          const lot = valid.find((l) => l.lot === take.lot)!
          expect(take.points).toBeLessThanOrEqual(lot.left)
        }
      }),
    )
  })

  it("leaves nothing behind in a lot that expires before one it took from", () => {
    fc.assert(
      fc.property(lots, points, day, (all, asked, today) => {
        const plan = planSpend(all, asked, today)
        if (isRefused(plan)) return
        const rest = (l: Lot) => l.left - (plan.find((t) => t.lot === l.lot)?.points ?? 0)
        const latest = Math.max(...plan.map((t) => all.find((l) => l.lot === t.lot)!.expires_day ?? Infinity))
        for (const l of all.filter((x) => isValid(x, today)))
          if ((l.expires_day ?? Infinity) < latest) expect(rest(l)).toBe(0)
      }),
    )
  })

  it("gives back what was taken, the last taken first, so that what returns lives as long as possible", () => {
    fc.assert(
      fc.property(lots, points, points, (all, asked, back) => {
        const plan = planSpend(all, asked, 0)
        if (isRefused(plan)) return
        const restored = planRestore(plan, Math.min(asked, back))
        expect(total(restored)).toBe(Math.min(asked, back))
        for (const r of restored)
          expect(r.points).toBeLessThanOrEqual(plan.find((t) => t.lot === r.lot)!.points)
        expect(restored[0]!.lot).toBe(plan.at(-1)!.lot)
      }),
    )
  })
})

describe("taking points back", () => {
  it("takes from the refunded order's own points first and never more than there is", () => {
    fc.assert(
      fc.property(lots, points, (all, asked) => {
        const own = all[0]
        if (!own) return
        const takes = planTakeBack(all, own.lot, asked)
        const there = all.reduce((sum, l) => sum + l.left, 0)
        expect(total(takes)).toBe(Math.min(asked, there))
        const fromOwn = takes.find((t) => t.lot === own.lot)?.points ?? 0
        expect(fromOwn).toBe(Math.min(own.left, asked))
      }),
    )
  })
})

describe("limits of a rule", () => {
  it("gives up to the daily cap and not a point more; a spent budget gives nothing at all", () => {
    expect(planGrant(10, {}, { today: 1_000, month: 1_000 })).toBe(10)
    expect(planGrant(10, { daily_cap: 15 }, { today: 8, month: 0 })).toBe(7)
    expect(planGrant(10, { daily_cap: 15 }, { today: 15, month: 0 })).toMatchObject({
      refused: "daily_cap_reached",
    })
    expect(planGrant(10, { monthly_budget: 100 }, { today: 0, month: 90 })).toBe(10)
    expect(planGrant(10, { monthly_budget: 100 }, { today: 0, month: 91 })).toMatchObject({
      refused: "budget_spent",
    })
  })
})

describe("points of an order", () => {
  it("are those of its net money after every payment, extension and refund, in whatever order they come", () => {
    const moves = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 30_000 })), { maxLength: 10 })
    fc.assert(
      fc.property(moves, fc.integer({ min: 0, max: 20 }), (list, rate) => {
        let net = 0
        let earned = 0
        for (const [pays, size] of list) {
          const fen = pays ? size : -Math.min(size, net)
          earned += orderEffect({ net_fen: net, earned, points_per_yuan: rate }, fen)
          net += fen
          expect(earned).toBe(pointsFor(net, rate))
        }
      }),
    )
  })

  it("that a cap held back are not caught up by the next payment", () => {
    expect(orderEffect({ net_fen: 100_000, earned: 100, points_per_yuan: 1 }, 5_000)).toBe(50)
    expect(orderEffect({ net_fen: 100_000, earned: 100, points_per_yuan: 1 }, -50_000)).toBe(0)
    expect(orderEffect({ net_fen: 100_000, earned: 100, points_per_yuan: 1 }, -95_000)).toBe(-50)
  })
})

describe("the settings of points", () => {
  it("say of each thing that a lead is asked for what it is, in both languages", () => {
    type Field = { hidden?: boolean; label?: { zh: string; en: string } }
    const { properties } = formSchema(pointsSettings, "output") as { properties: Record<string, Field> }
    const mute = Object.entries(properties).filter(
      ([, field]) => !field.hidden && !(field.label?.zh && field.label.en),
    )
    expect(mute).toEqual([])
  })
})
