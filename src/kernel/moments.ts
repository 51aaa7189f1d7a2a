import { SHANGHAI_OFFSET_MS } from "./day.ts"

const YEAR_MIN = 1900
const YEAR_MAX = 2199

const DATE = String.raw`(\d{4})(?:(\d{2})(\d{2})|([-/.])(\d{1,2})\4(\d{1,2})|年(\d{1,2})月(\d{1,2})日?)`
const TIME = String.raw`(?:[ T]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?`
const ZONE = String.raw`(?:\s*(Z|[+-]\d{2}:?\d{2}))?`
const MOMENT = new RegExp(`^${DATE}${TIME}${ZONE}$`, "i")

/**
 * The instant of a date with or without a time, as files write it: 20101201, 2010-12-01 08:45, 2010/12/1, 2010年12月1日,
 * ISO 8601. Without a zone it is Shanghai's. Null for what the calendar does not have (31 February, 24:10) and for orders of
 * day and month that can be read two ways (12/1/2010).
 */
export function parseMoment(text: string): Date | null {
  const match = MOMENT.exec(text.trim())
  if (!match) return null
  const [, y, m1, d1, , m2, d2, m3, d3, hh, mm, ss, fraction, zone] = match
  const year = Number(y)
  const month = Number(m1 ?? m2 ?? m3)
  const day = Number(d1 ?? d2 ?? d3)
  const hour = Number(hh ?? 0)
  const minute = Number(mm ?? 0)
  const second = Number(ss ?? 0)
  if (year < YEAR_MIN || year > YEAR_MAX || hour > 23 || minute > 59 || second > 59) return null
  if (zone && hh === undefined) return null
  const date = new Date(
    Date.UTC(
      year,
      month - 1,
      day,
      hour,
      minute,
      second,
      Number((fraction ?? "0").padEnd(3, "0").slice(0, 3)),
    ),
  )
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null
  const offset_ms = zone ? zoneOffset(zone) : SHANGHAI_OFFSET_MS
  return offset_ms === null ? null : new Date(date.getTime() - offset_ms)
}

function zoneOffset(zone: string): number | null {
  if (/^z$/i.test(zone)) return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(-2))
  if (hours > 14 || minutes > 59) return null
  return (zone[0] === "-" ? -1 : 1) * (hours * 60 + minutes) * 60_000
}

/** `2010-12-01 08:45:00` in Shanghai, for people and for files. */
export function momentText(at: Date): string {
  return new Date(at.getTime() + SHANGHAI_OFFSET_MS).toISOString().slice(0, 19).replace("T", " ")
}
