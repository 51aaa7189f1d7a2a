import { isIPv4 } from "node:net"
import { ADDRESSES_KEPT } from "./limits.ts"

/** Tries that one address has, and in how long a used one comes back. */
export type PerAddress = { tries: number; back_after_ms: number }

/**
 * Counts tries by address, in machine time and in this process's own memory: several processes each grant theirs, and what
 * must hold for all of them together is counted elsewhere (a login's lock is a row). Beyond `kept` addresses the one that was
 * quiet longest is forgotten.
 */
export function triesByAddress({ tries, back_after_ms }: PerAddress, kept: number = ADDRESSES_KEPT) {
  /** By address: when all its tries are back. The order is that of the last try. */
  const full_at = new Map<string, number>()
  return {
    /** Uses up a try; answers the milliseconds to wait where none is left. */
    take(address: string, now_ms: number): number {
      const key = networkOf(address)
      const full = Math.max(full_at.get(key) ?? 0, now_ms) + back_after_ms
      const over = full - now_ms - tries * back_after_ms
      if (over > 0) return over
      full_at.delete(key)
      full_at.set(key, full)
      if (full_at.size > kept) full_at.delete(full_at.keys().next().value!)
      return 0
    },
    giveBack(address: string): void {
      const key = networkOf(address)
      const full = full_at.get(key)
      if (full !== undefined) full_at.set(key, full - back_after_ms)
    },
    size: () => full_at.size,
  }
}

/** Who has an IPv6 address has the 2^64 beside it; an IPv4 one stands for itself, however it is written. */
export function networkOf(address: string): string {
  const last = address.slice(address.lastIndexOf(":") + 1)
  if (isIPv4(last)) return last
  const [head = "", tail] = address.split("::")
  const groups = head === "" ? [] : head.split(":")
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === "" ? 0 : tail.split(":").length)
  const all = [...groups, ...Array<string>(Math.max(0, missing)).fill("0"), ...(tail ?? "").split(":")]
  return `${all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, "").toLowerCase())
    .join(":")}::/64`
}
