import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { causeOf, type Lane, openingFor, readCause, spread } from "./rules.ts"

const lane = (account_id: string, quota: number, taken: [number, number][] = []): Lane => ({
  account_id,
  quota,
  taken: new Map(taken),
})

describe("people shared out over accounts and days", () => {
  it("120 to an account with a quota of 50 a day are planned 50, 50 and 20 over three days", () => {
    expect(spread(120, [lane("a", 50)], 7, 60)).toEqual({
      slots: [
        { account_id: "a", day: 7, people: 50 },
        { account_id: "a", day: 8, people: 50 },
        { account_id: "a", day: 9, people: 20 },
      ],
      left: 0,
    })
  })

  it("what introductions took of a day is not given away again", () => {
    expect(spread(60, [lane("a", 50, [[7, 45]])], 7, 60).slots.map((s) => [s.day, s.people])).toEqual([
      [7, 5],
      [8, 50],
      [9, 5],
    ])
  })

  it("a day that is not full is shared out evenly, as far as each account can", () => {
    const { slots } = spread(70, [lane("a", 100), lane("b", 10), lane("c", 50)], 7, 60)
    expect(Object.fromEntries(slots.map((s) => [s.account_id, s.people]))).toEqual({ a: 30, b: 10, c: 30 })
  })

  it("nobody is lost and no quota exceeded, whatever the accounts have left; what fits nowhere is said", () => {
    fc.assert(
      fc.property(
        fc.nat(2_000),
        fc.array(
          fc.record({
            quota: fc.nat(60),
            taken: fc.array(fc.tuple(fc.integer({ min: 7, max: 16 }), fc.nat(80))),
          }),
          { maxLength: 6 },
        ),
        (people, given) => {
          const lanes = given.map((g, i) => lane(String(i), g.quota, g.taken))
          const { slots, left } = spread(people, lanes, 7, 10)
          expect(slots.reduce((sum, s) => sum + s.people, 0) + left).toBe(people)
          for (const s of slots) {
            const of = lanes.find((l) => l.account_id === s.account_id)!
            expect(s.people + (of.taken.get(s.day) ?? 0)).toBeLessThanOrEqual(of.quota)
          }
          const days = new Set(slots.map((s) => s.day))
          const last = Math.max(...days)
          for (const day of days)
            if (day < last)
              for (const l of lanes) {
                const used = slots.find((s) => s.day === day && s.account_id === l.account_id)?.people ?? 0
                expect(used).toBe(Math.max(0, l.quota - (l.taken.get(day) ?? 0)))
              }
          if (left > 0)
            for (const l of lanes)
              for (let day = 7; day < 17; day++) {
                const used = slots.find((s) => s.day === day && s.account_id === l.account_id)?.people ?? 0
                expect(used + (l.taken.get(day) ?? 0)).toBeGreaterThanOrEqual(l.quota)
              }
        },
      ),
    )
  })
})

describe("what is said and remembered of one person", () => {
  it("the opening line has their name, and a cause is read back as it was written", () => {
    expect(openingFor("{name}您好，我是专属客服，{称呼}方便加一下吗", "小王")).toBe(
      "小王您好，我是专属客服，小王方便加一下吗",
    )
    // As a send or a script writes it, from where people copy their lines.
    expect(openingFor("{{name}}您好，{{ 称呼 }}方便加一下吗", "{name}")).toBe(
      "{name}您好，{name}方便加一下吗",
    )
    expect(readCause(causeOf("d", { customer_id: "c", turn: 1 }))).toEqual({
      diversion_id: "d",
      customer_id: "c",
    })
    expect(readCause("introduction:c:member")).toBeNull()
  })
})
