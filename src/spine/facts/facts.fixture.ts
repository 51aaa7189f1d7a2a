import { z } from "zod"
import { defineFact, type Fact, type FactHandler } from "./index.ts"

/** A fact of the tests' own, and when they are told. */
export const ping = defineFact("test.ping", z.object({ n: z.number().int() }))
export const now = () => new Date("2026-11-23T04:00:00Z")

export function pings(subject: string, count: number, origin: "live" | "history" = "live") {
  return Array.from({ length: count }, (_, n) =>
    ping.of({ subject, occurred_at: now(), origin, payload: { n } }),
  )
}

/** A handler that keeps what it is given. */
export function collector(name: string, over: Partial<FactHandler> = {}) {
  const seen: Fact[] = []
  const handler: FactHandler = {
    name,
    types: ["test.ping"],
    origins: "all",
    from: "now",
    handle: async (_t, facts) => void seen.push(...facts),
    ...over,
  }
  return { handler, seen }
}
