import { z } from "zod"

export const CURSOR_MAX_LENGTH = 500

/** Parts of which cursors are made, each with its place in the text that goes through the browser. */
export const cursorNumber = (max: number = Number.MAX_SAFE_INTEGER) =>
  z.codec(z.string().regex(/^\d{1,16}$/), z.number().int().max(max), { decode: Number, encode: String })
export const cursorMoment = z.codec(z.string().regex(/^-?\d{1,15}$/), z.date(), {
  decode: (ms) => new Date(Number(ms)),
  encode: (moment) => String(moment.getTime()),
})

/**
 * Where a page ended, as the sort key of its last row: parts joined by `_`, of which the last may hold any text. What is no
 * such key is refused with the rest of the input, and never reaches the database.
 */
export function cursorOf<T extends Record<string, z.ZodType<unknown, string>>>(parts: T) {
  const names = Object.keys(parts)
  const place = z.object(parts)
  return z.codec(z.string().max(CURSOR_MAX_LENGTH), place, {
    decode(text) {
      const pieces = text.split("_")
      const last = names.length - 1
      const all = [...pieces.slice(0, last), pieces.slice(last).join("_")]
      return Object.fromEntries(names.map((name, i) => [name, all[i] ?? ""])) as z.input<typeof place>
    },
    encode: (key) => Object.values(key).join("_"),
  })
}

type Cursor<K> = z.ZodType<K, string>

/** The first `limit` of rows that were asked for with one more, and where the next page begins if there is one. */
export function pageOfRows<R, K>(
  cursor: Cursor<K>,
  found: readonly R[],
  limit: number,
  keyOf: (last: R) => K,
): { page: R[]; next_cursor: string | null } {
  const page = found.slice(0, limit)
  const last = page.at(-1)
  return { page, next_cursor: found.length > limit && last ? z.encode(cursor, keyOf(last)) : null }
}
