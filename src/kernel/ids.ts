import { randomFillSync } from "node:crypto"

/** Random bytes are fetched for many ids at once: asking the system for each cost more than everything else in an id. */
const POOL_BYTES = 8_192
const pool = Buffer.alloc(POOL_BYTES)
let taken = POOL_BYTES
let last_ms = -1
let nth = 0

/**
 * A version 7 UUID: sorts by the moment given, so that new rows land at the end of an index; those of one moment that this process makes
 * one after another sort in that order, up to 4,096 of them.
 */
export function newId(now_ms: number = Date.now()): string {
  if (taken === POOL_BYTES) {
    randomFillSync(pool)
    taken = 0
  }
  const from = taken
  taken += 16
  pool.writeUIntBE(now_ms, from, 6)
  nth = now_ms === last_ms ? (nth + 1) & 0xfff : 0
  last_ms = now_ms
  pool[from + 6] = 0x70 | (nth >> 8)
  pool[from + 7] = nth & 0xff
  pool[from + 8] = (pool[from + 8]! & 0x3f) | 0x80
  const hex = pool.toString("hex", from, taken)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
