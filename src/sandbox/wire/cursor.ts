import { doorSignature } from "../crypto.ts"

/** Opaque cursors: what comes next, sealed, so that a made-up one is told (50100). */
export function sealCursor(seed: string, scope: string, next: (string | number)[]): string {
  const body = Buffer.from(JSON.stringify(next)).toString("base64url")
  return `${body}.${doorSignature(seed, scope, body).slice(0, 12)}`
}

/** Null where the cursor was not given out for this scope; an absent one is the beginning. */
export function openCursor(
  seed: string,
  scope: string,
  cursor: string | undefined,
): (string | number)[] | null {
  if (cursor === undefined || cursor === "") return []
  const [body = "", seal] = cursor.split(".")
  if (seal !== doorSignature(seed, scope, body).slice(0, 12)) return null
  return JSON.parse(Buffer.from(body, "base64url").toString()) as (string | number)[]
}

/** A page of a list in memory. Limits above the maximum are cut to it, as the platform does. */
export function pageOf<T>(
  list: readonly T[],
  ask: { cursor?: string; limit?: number },
  bounds: { seed: string; scope: string; fallback: number; max: number },
): { items: T[]; next_cursor: string } | null {
  const opened = openCursor(bounds.seed, bounds.scope, ask.cursor)
  if (opened === null) return null
  const from = Number(opened[0] ?? 0)
  const limit = ask.limit === undefined || ask.limit <= 0 ? bounds.fallback : Math.min(ask.limit, bounds.max)
  const items = list.slice(from, from + limit)
  const more = from + limit < list.length
  return { items, next_cursor: more ? sealCursor(bounds.seed, bounds.scope, [from + limit]) : "" }
}
