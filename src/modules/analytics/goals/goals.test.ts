import { beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../../kernel/ids.ts"
import { type Db, tx } from "../../../platform/db.ts"
import { testDb } from "../../../platform/testkit/index.ts"
import { addSums, byHour } from "../store.ts"
import { areSame, elapsedOf, forecast, monthSpan } from "./rules.ts"
import { goalsOf, saveGoals } from "./store.ts"

let db: Db
beforeAll(async () => {
  db = await testDb()
})
const at = (text: string) => new Date(`${text}+08:00`)

describe("a month's goals", () => {
  it("are measured by Shanghai days: half of November is over as its 16th begins, and a month ends where the next begins", () => {
    const november = monthSpan("2026-11")!
    expect(november.to_day - november.from_day + 1).toBe(30)
    expect(november.starts).toEqual(at("2026-11-01T00:00:00"))
    expect(monthSpan("2026-12")!.ends).toEqual(at("2027-01-01T00:00:00"))
    expect(monthSpan("2028-02")!.to_day - monthSpan("2028-02")!.from_day + 1).toBe(29)
    expect(elapsedOf(november, at("2026-11-16T00:00:00"))).toBe(0.5)
    expect([
      elapsedOf(november, at("2026-10-31T23:59:59")),
      elapsedOf(november, at("2026-12-05T00:00:00")),
    ]).toEqual([0, 1])
    expect(monthSpan("0000-13")).toBeNull()
  })

  it("come at this pace to what is said: nothing before a whole day is over, and a month that is over to what it was", () => {
    const november = monthSpan("2026-11")!
    expect(forecast(500, november, at("2026-11-01T12:00:00"))).toBeNull()
    expect(forecast(500, november, at("2026-11-16T00:00:00"))).toBe(1_000)
    expect(forecast(500, november, at("2026-12-03T00:00:00"))).toBe(500)
  })

  it("that somebody has changed meanwhile are not the ones that were read; a goal that is not named is none", () => {
    const read = { orders: 100, net_gmv_fen: null }
    expect(areSame(read, { orders: 100 })).toBe(true)
    expect([
      areSame(read, { orders: 120 }),
      areSame(read, {}),
      areSame(read, { ...read, customers_new: 1 }),
    ]).toEqual([false, false, false])
  })

  it("are replaced by whoever sets them again, taken away by none, and kept month by month", async () => {
    const by = newId()
    const now = at("2026-11-16T00:00:00")
    await tx(db, (t) =>
      saveGoals(
        t,
        "2026-11",
        [
          ["orders", 100],
          ["net_gmv_fen", 9_900_000],
        ],
        by,
        now,
      ),
    )
    await tx(db, (t) => saveGoals(t, "2026-12", [["orders", 7]], by, now))
    await tx(db, (t) =>
      saveGoals(
        t,
        "2026-11",
        [
          ["orders", 120],
          ["net_gmv_fen", null],
        ],
        by,
        now,
      ),
    )
    expect([...(await goalsOf(db, "2026-11"))]).toEqual([["orders", 120]])
    expect([...(await goalsOf(db, "2026-12"))]).toEqual([["orders", 7]])
  })
})

describe("when groups speak", () => {
  it("is summed by the weekday and the hour of the shop", async () => {
    const { from_day } = monthSpan("2026-11")!
    const sum = (day: number, dimension: string, value: number) => ({
      day,
      measure: "group_messages",
      dimension,
      value,
    })
    // 1 November 2026 is a Sunday.
    await tx(db, (t) =>
      addSums(t, [sum(from_day, "20", 3), sum(from_day + 7, "20", 2), sum(from_day + 1, "9", 1)]),
    )
    expect(await byHour(db, "group_messages", { from_day, to_day: from_day + 29 })).toEqual([
      { weekday: 0, hour: 9, messages: 1 },
      { weekday: 6, hour: 20, messages: 5 },
    ])
  })
})
