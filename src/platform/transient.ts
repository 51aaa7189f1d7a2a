/** Serialization failure, deadlock, two first uses of one key or account: done again, they find what the other one left. */
const CONFLICTS = new Set(["40001", "40P01", "23505", "23514"])
const LOST = /^(08|57P0)/
const LOST_SYSTEM = new Set(["ECONNRESET", "ECONNREFUSED", "EPIPE", "ETIMEDOUT", "ENOTFOUND"])
const LOST_TEXT = /Connection terminated|connection error and is not queryable|Client was closed/

/** Whether the same work may well succeed when done again: nothing is wrong with the work itself. */
export function isTransient(error: unknown): boolean {
  const { code = "", message = "" } = error as { code?: string; message?: string }
  return CONFLICTS.has(code) || LOST.test(code) || LOST_SYSTEM.has(code) || LOST_TEXT.test(message)
}
