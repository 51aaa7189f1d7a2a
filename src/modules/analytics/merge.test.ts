import { beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../kernel/ids.ts"
import { type Db, oneRow, rows, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { carry } from "./merge.ts"
import type { PathStep } from "./rules.ts"
import { addSteps } from "./store.ts"

const now = new Date("2026-11-23T04:00:00Z")
let db: Db
beforeAll(async () => {
  db = await testDb()
})

const NOTHING = { source: "", added_day: null, joined_day: null, spoke_day: null, order_days: [] }
async function merged(goes: Partial<PathStep>, stays: Partial<PathStep>) {
  const pair = { from: newId(), into: newId() }
  await tx(db, async (t) => {
    await addSteps(t, [
      { ...NOTHING, ...goes, customer_id: pair.from },
      { ...NOTHING, ...stays, customer_id: pair.into },
    ])
    // What comes in late under the old name is carried after: twice is once.
    for (let round = 0; round < 2; round++) await carry.carry(t, pair, now)
  })
  expect(await rows(db, "select from analytics_path where customer_id = $1", [pair.from])).toEqual([])
  return oneRow<{ source: string; added_day: number; ordered_day: number; repeated_day: number | null }>(
    db,
    "select source, added_day, ordered_day, repeated_day from analytics_path where customer_id = $1",
    [pair.into],
  )
}

describe("the entry path of two who become one", () => {
  it("has bought again where each had bought once: on the day of the later of both", async () => {
    expect((await merged({ order_days: [100] }, { order_days: [90] })).repeated_day).toBe(100)
    expect((await merged({ order_days: [90] }, { order_days: [100] })).repeated_day).toBe(100)
    expect((await merged({ order_days: [90, 120] }, { order_days: [95] })).repeated_day).toBe(95)
    expect((await merged({ order_days: [90, 92] }, { order_days: [95, 99] })).repeated_day).toBe(92)
  })

  it("has not bought again where only one of them had bought, and that once", async () => {
    expect(await merged({ order_days: [90] }, {})).toMatchObject({ ordered_day: 90, repeated_day: null })
    expect(await merged({}, { order_days: [90] })).toMatchObject({ ordered_day: 90, repeated_day: null })
  })

  it("begins where the person first came in, by the door they came through then", async () => {
    const early = { source: "store-1", added_day: 80 }
    const late = { source: "video-3", added_day: 85 }
    expect(await merged(early, late)).toMatchObject({ source: "store-1", added_day: 80 })
    expect(await merged(late, early)).toMatchObject({ source: "store-1", added_day: 80 })
    expect(await merged(late, {})).toMatchObject({ source: "video-3", added_day: 85 })
  })
})
