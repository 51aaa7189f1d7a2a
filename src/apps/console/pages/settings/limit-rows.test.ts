import { describe, expect, it } from "vitest"
import { clockOf, type LimitRow, limitsIn, minuteOf, sourceOf } from "./limit-rows.ts"

const row = (over: Partial<LimitRow>): LimitRow => ({
  name: "wecom.mass_send.per_customer",
  per: "month customer",
  value: 4,
  unit: "count",
  source: "published by vendors",
  effective_from: "2020-01-01",
  own: false,
  in_force: false,
  ...over,
})

describe("the table of limits", () => {
  it("shows of a limit what holds today, and what comes, not the number of years ago", () => {
    const { house, platforms } = limitsIn([
      row({ name: "quiet.from_minute", per: "day", in_force: true }),
      row({ value: 4 }),
      row({ value: 31, effective_from: "2025-11-01", in_force: true }),
      row({ value: 20, effective_from: "2027-01-01" }),
    ])
    expect(house.map((limit) => limit.name)).toEqual(["quiet.from_minute"])
    const [limit] = platforms.get("wecom")!
    expect(limit).toMatchObject({ held: { value: 31 }, coming: [{ value: 20 }] })
    expect(limit?.history).toHaveLength(3)
  })

  it("takes a time of day as it is typed, and nothing that is none", () => {
    for (const minute of [0, 1, 510, 1_290, 1_439]) expect(minuteOf(clockOf(minute))).toBe(minute)
    expect(minuteOf("8:30")).toBe(510)
    for (const odd of ["24:00", "8:60", "8", "half past", "", "08:30:00"]) expect(minuteOf(odd)).toBeNull()
  })

  it("makes no link of what somebody wrote that is no address", () => {
    expect(sourceOf(row({ source: "developer.work.weixin.qq.com/document/path/92135" }))).toEqual({
      href: "https://developer.work.weixin.qq.com/document/path/92135",
    })
    expect(sourceOf(row({ source: "javascript:alert(1)", own: true }))).toEqual({
      text: "javascript:alert(1)",
    })
    expect(sourceOf(row({ source: "house default: 21:30 Asia/Shanghai" }))).toEqual({ word: "house" })
  })
})
