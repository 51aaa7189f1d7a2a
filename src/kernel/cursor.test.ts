import { describe, expect, it } from "vitest"
import { z } from "zod"
import { cursorMoment, cursorNumber, cursorOf, pageOfRows } from "./cursor.ts"

const byTime = cursorOf({ at: cursorMoment, id: z.uuid() })
const byText = cursorOf({ n: cursorNumber(99), ref: z.string().min(1) })
const ID = "01900000-0000-7000-8000-000000000001"

describe("a cursor", () => {
  it("comes back as the key it was made of, also where the last part holds its own separator", () => {
    const key = { at: new Date("2026-01-05T01:02:03.004Z"), id: ID }
    expect(byTime.parse(z.encode(byTime, key))).toEqual(key)
    const odd = { n: 7, ref: "wm_a_b" }
    expect(byText.parse(z.encode(byText, odd))).toEqual(odd)
  })

  it.each(["", "_", "x", "1", `1e3_${ID}`, `1_${ID}_x`, `99999999999999999_${ID}`, "1_not-an-id"])(
    "is refused where it is none: %j",
    (text) => {
      expect(byTime.safeParse(text).success).toBe(false)
    },
  )

  it("takes no number beyond what its column holds", () => {
    expect(byText.safeParse("99_x").success).toBe(true)
    expect(byText.safeParse("100_x").success).toBe(false)
  })

  it("stands only where another row was found behind the page", () => {
    const rows = [1, 2, 3].map((n) => ({ n, ref: `r${n}` }))
    expect(pageOfRows(byText, rows, 2, (r) => r)).toEqual({ page: rows.slice(0, 2), next_cursor: "2_r2" })
    expect(pageOfRows(byText, rows, 3, (r) => r).next_cursor).toBeNull()
    expect(pageOfRows(byText, [], 3, (r) => r).next_cursor).toBeNull()
  })
})
