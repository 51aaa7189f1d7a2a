/** Serialization failure, deadlock, two first uses of one key or account: done again, they find what the other one left. */
const COLLISIONS = new Set(["40001", "40P01"])
const FIRST_USES = new Set(["23505", "23514"])
const LOST = /^(08|57P0)/
const LOST_SYSTEM = new Set(["ECONNRESET", "ECONNREFUSED", "EPIPE", "ETIMEDOUT", "ENOTFOUND"])
const LOST_TEXT = /Connection terminated|connection error and is not queryable|Client was closed/

/** Whether the same work may well succeed when done again: nothing is wrong with the work itself. */
export function isTransient(error: unknown): boolean {
  const { code = "" } = (error ?? {}) as { code?: string }
  return COLLISIONS.has(code) || FIRST_USES.has(code) || isOutage(error)
}

/**
 * What the work stands on gave way, or two collided: no single fact or person in it is to blame, so none may be counted
 * against. Anything else, also an error with one of Node's own codes, is the work's own.
 */
export function isBlameless(error: unknown): boolean {
  const { code = "" } = (error ?? {}) as { code?: string }
  return COLLISIONS.has(code) || isDiskFull(error) || isOutage(error)
}

/** The database is not there, is just coming up, or has no connection left. */
export function isOutage(error: unknown): boolean {
  const { code = "", message = "" } = (error ?? {}) as { code?: string; message?: string }
  return LOST.test(code) || code === "53300" || LOST_SYSTEM.has(code) || LOST_TEXT.test(message)
}

export const isDiskFull = (error: unknown): boolean =>
  ["53100", "ENOSPC", "EDQUOT"].includes((error as { code?: string } | undefined)?.code ?? "")
