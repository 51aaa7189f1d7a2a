import { DAY_MS, dayNumber, dayString, SHANGHAI_OFFSET_MS } from "../kernel/day.ts"
import { formatYuan } from "../kernel/money.ts"

/** An instant as it comes off the wire (ISO text) or from code. */
export type Instant = Date | string | number
export type Language = "zh" | "en"

export const MISSING = "—"

const DAY_WORDS: Record<Language, Record<string, string>> = {
  zh: { "-1": "昨天", "0": "今天", "1": "明天" },
  en: { "-1": "Yesterday", "0": "Today", "1": "Tomorrow" },
}

export function toMs(at: Instant): number {
  return typeof at === "string" ? Date.parse(at) : Number(at)
}

/** `今天 20:00`, `昨天 09:30`, `11-20 09:30`, `2025-11-20 09:30`: a shop moment seen from `now`, both in the shop's zone. */
export function formatTime(at: Instant | null | undefined, now: Instant, language: Language = "zh"): string {
  if (at === null || at === undefined) return MISSING
  const ms = toMs(at)
  if (Number.isNaN(ms)) return MISSING
  const clock = new Date(ms + SHANGHAI_OFFSET_MS).toISOString().slice(11, 16)
  const word = DAY_WORDS[language][String(dayNumber(ms) - dayNumber(toMs(now)))]
  if (word) return `${word} ${clock}`
  const day = dayString(dayNumber(ms))
  return `${day.slice(0, 4) === dayString(dayNumber(toMs(now))).slice(0, 4) ? day.slice(5) : day} ${clock}`
}

/** The same moment to the second, for titles on hover: `2026-11-20 09:30:15`. */
export function formatExact(at: Instant): string {
  const ms = toMs(at)
  return Number.isNaN(ms)
    ? MISSING
    : new Date(ms + SHANGHAI_OFFSET_MS).toISOString().slice(0, 19).replace("T", " ")
}

/** `2026-11-20`. */
export function formatDay(at: Instant | null | undefined): string {
  if (at === null || at === undefined || Number.isNaN(toMs(at))) return MISSING
  return dayString(dayNumber(toMs(at)))
}

/** `昨天`, `3 天前`: how long ago in days of the shop. */
export function formatDaysAgo(
  at: Instant | null | undefined,
  now: Instant,
  language: Language = "zh",
): string {
  if (at === null || at === undefined || Number.isNaN(toMs(at))) return MISSING
  const days = dayNumber(toMs(now)) - dayNumber(toMs(at))
  const word = DAY_WORDS[language][String(-days)]
  if (word) return word
  if (days < 0) return formatDay(at)
  return language === "zh" ? `${formatNumber(days)} 天前` : `${formatNumber(days)} days ago`
}

/** `¥1,234.50`; nothing known is a dash. */
export function formatMoney(fen: number | null | undefined): string {
  return fen === null || fen === undefined ? MISSING : formatYuan(fen)
}

/** `¥12.3 万` for large sums in Chinese, `¥123k` in English; below ten thousand yuan the exact sum. */
export function formatMoneyShort(fen: number | null | undefined, language: Language = "zh"): string {
  if (fen === null || fen === undefined) return MISSING
  const yuan = Math.abs(fen) / 100
  const sign = fen < 0 ? "-" : ""
  if (yuan < 10_000) return formatYuan(fen)
  if (language === "zh")
    return yuan < 1e8 ? `${sign}¥${round1(yuan / 1e4)} 万` : `${sign}¥${round1(yuan / 1e8)} 亿`
  return yuan < 1e6 ? `${sign}¥${round1(yuan / 1e3)}k` : `${sign}¥${round1(yuan / 1e6)}M`
}

const round1 = (value: number) => (Math.round(value * 10) / 10).toLocaleString("en-US")

/** `12,480`. */
export function formatNumber(value: number | null | undefined): string {
  return value === null || value === undefined ? MISSING : value.toLocaleString("en-US")
}

/** `62.5%` of a share 0 to 1; a share of nothing is a dash. */
export function formatShare(part: number, whole: number): string {
  return whole === 0 ? MISSING : `${Math.round((part / whole) * 1000) / 10}%`
}

/** `3 分钟`, `2 小时`, `5 天`: a length in the largest unit that says it well. */
export function formatLength(ms: number, language: Language = "zh"): string {
  const units: [number, string, string][] = [
    [DAY_MS, "天", "d"],
    [3_600_000, "小时", "h"],
    [60_000, "分钟", "min"],
    [1_000, "秒", "s"],
  ]
  const [size, zh, en] = units.find(([unit]) => ms >= unit) ?? units[3]!
  const count = Math.round((ms / size) * 10) / 10
  return `${count} ${language === "zh" ? zh : en}`
}
