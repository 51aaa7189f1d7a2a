import type { FastifyInstance } from "fastify"
import { z } from "zod"
import { callbackCounts, wantCounts } from "../../channels/wecom/index.ts"
import type { Clock } from "../../platform/clock.ts"
import type { Db } from "../../platform/db.ts"
import { type FactHandler, lanesWithWork } from "../../spine/facts/index.ts"
import type { LockStep } from "./lock-step.ts"

const query = z.object({ shop_ms: z.coerce.number().int().optional() })
const LOOPBACK = new Set(["127.0.0.1", "::1", "::ffff:127.0.0.1"])

/** Whether everything that is known has been worked off by now: what a virtual world in lock-step asks before it goes on. */
export async function isQuiet(db: Db, handlers: readonly FactHandler[]): Promise<boolean> {
  if ((await callbackCounts(db)).waiting > 0 || (await wantCounts(db)).waiting > 0) return false
  for (const handler of handlers) if ((await lanesWithWork(db, handler)).length > 0) return false
  return true
}

/**
 * The door for that question: from this machine only, since nobody else has a clock to lend. Who asks is in lock-step: what is due
 * at its moment is done first, where this process does such work.
 */
export function quietDoor(
  app: FastifyInstance,
  given: { db: Db; clock: Clock; handlers: readonly FactHandler[]; lockStep: LockStep | null },
): void {
  app.get("/internal/quiet", async (request, reply) => {
    if (!LOOPBACK.has(request.ip)) return reply.callNotFound()
    const { shop_ms } = query.catch({}).parse(request.query)
    const done = given.lockStep ? await given.lockStep.settle() : await isQuiet(given.db, given.handlers)
    const behind = shop_ms !== undefined && given.clock.now().getTime() < shop_ms
    return { quiet: !behind && done }
  })
}
