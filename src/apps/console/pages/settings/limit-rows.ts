import type { CallAnswer } from "../../../../kernel/client.ts"
import type { listLimits } from "../../../../modules/sends/contract.ts"
import { groupBy } from "../../../../ui/group.ts"

export type LimitRow = CallAnswer<typeof listLimits>["rows"][number]
/** One limit: what holds today, what comes, and all its rows. */
export type Limit = {
  key: string
  name: string
  per: string
  held: LimitRow
  coming: LimitRow[]
  history: LimitRow[]
}

/** The rows of the table as limits: the house's own, and each platform's. */
export function limitsIn(rows: readonly LimitRow[]): { house: Limit[]; platforms: Map<string, Limit[]> } {
  const byKey = groupBy(rows, (row) => `${row.name} ${row.per}`)
  const all = [...byKey].map(([key, history]): Limit => {
    const first = history[0]!
    // A limit that only begins later has nothing in force yet: its first row stands for it.
    const held = history.find((row) => row.in_force) ?? first
    return {
      key,
      name: first.name,
      per: first.per,
      held,
      coming: history.filter((row) => row.effective_from > held.effective_from),
      history,
    }
  })
  const isHouse = (limit: Limit) => HOUSE.some((prefix) => limit.name.startsWith(prefix))
  return {
    house: all.filter(isHouse),
    platforms: groupBy(
      all.filter((limit) => !isHouse(limit)),
      (limit) => limit.name.slice(0, limit.name.indexOf(".")),
    ),
  }
}

const HOUSE = ["person.", "quiet."]

/** `day customer` is a span of something; the word of the limit says of what. */
export const spanOf = (per: string): string => per.split(" ")[0] ?? per

const MINUTES = 60
/** `21:30` of 1290. */
export const clockOf = (minute: number): string =>
  `${String(Math.floor(minute / MINUTES)).padStart(2, "0")}:${String(minute % MINUTES).padStart(2, "0")}`

/** 1290 of `21:30`; null where it is no time of a day. */
export function minuteOf(clock: string): number | null {
  const found = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(clock.trim())
  return found ? Number(found[1]) * MINUTES + Number(found[2]) : null
}

/** Where a number stands: an address to open, a source that has a word, or what somebody wrote. */
export function sourceOf(row: LimitRow): { href: string } | { word: "house" | "vendors" } | { text: string } {
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)+\//.test(row.source)) return { href: `https://${row.source}` }
  if (/^https:\/\//.test(row.source)) return { href: row.source }
  if (row.own) return { text: row.source }
  return { word: row.source.startsWith("house") ? "house" : "vendors" }
}
