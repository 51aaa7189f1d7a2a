import { describe, expect, it } from "vitest"
import {
  formatDay,
  formatDaysAgo,
  formatLength,
  formatMoney,
  formatMoneyShort,
  formatShare,
  formatTime,
} from "./format.ts"

const now = "2026-11-23T12:00:00Z" // 20:00 in the shop

describe("times as people say them", () => {
  it("says today, yesterday and tomorrow by the shop's day, whatever zone the browser is in", () => {
    expect(formatTime("2026-11-23T12:00:00Z", now)).toBe("今天 20:00")
    expect(formatTime("2026-11-22T16:00:00Z", now)).toBe("今天 00:00")
    expect(formatTime("2026-11-22T15:59:00Z", now)).toBe("昨天 23:59")
    expect(formatTime("2026-11-24T01:30:00Z", now)).toBe("明天 09:30")
  })
  it("drops the year inside the year and keeps it outside", () => {
    expect(formatTime("2026-11-20T01:30:00Z", now)).toBe("11-20 09:30")
    expect(formatTime("2025-11-20T01:30:00Z", now)).toBe("2025-11-20 09:30")
  })
  it("shows a dash where nothing is known", () => {
    expect(formatTime(null, now)).toBe("—")
    expect(formatDay(undefined)).toBe("—")
    expect(formatTime("not a time", now)).toBe("—")
  })
  it("counts days ago by shop days", () => {
    expect(formatDaysAgo("2026-11-22T15:59:00Z", now)).toBe("昨天")
    expect(formatDaysAgo("2026-11-20T15:59:00Z", now)).toBe("3 天前")
  })
})

describe("money and shares", () => {
  it("shows fen exactly and large sums short", () => {
    expect(formatMoney(123_450)).toBe("¥1,234.50")
    expect(formatMoney(-5)).toBe("-¥0.05")
    expect(formatMoneyShort(12_300_000)).toBe("¥12.3 万")
    expect(formatMoneyShort(99_999)).toBe("¥999.99")
    expect(formatMoneyShort(2_500_000_000_00)).toBe("¥25 亿")
  })
  it("does not divide by nobody", () => {
    expect(formatShare(0, 0)).toBe("—")
    expect(formatShare(5, 8)).toBe("62.5%")
  })
  it("says lengths in one unit", () => {
    expect(formatLength(90_000)).toBe("1.5 分钟")
    expect(formatLength(2 * 86_400_000)).toBe("2 天")
  })
})
