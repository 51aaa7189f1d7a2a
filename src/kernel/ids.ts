import { randomFillSync } from "node:crypto"

/** Random bytes are fetched for many ids at once: asking the system for each cost more than everything else in an id. */
const POOL_BYTES = 8_192
const pool = Buffer.alloc(POOL_BYTES)
let taken = POOL_BYTES

/** A version 7 UUID: sorts by the moment given, so that new rows land at the end of an index. */
export function newId(now_ms: number = Date.now()): string {
  if (taken === POOL_BYTES) {
    randomFillSync(pool)
    taken = 0
  }
  const from = taken
  taken += 16
  pool.writeUIntBE(now_ms, from, 6)
  pool[from + 6] = (pool[from + 6]! & 0x0f) | 0x70
  pool[from + 8] = (pool[from + 8]! & 0x3f) | 0x80
  const hex = pool.toString("hex", from, taken)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
