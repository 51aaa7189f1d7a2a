import * as classes from "../../modules/classes/index.ts"
import * as orders from "../../modules/orders/index.ts"
import type { Clock } from "../../platform/clock.ts"
import type { Db } from "../../platform/db.ts"
import { drain, lanesWithWork, registerHandlers } from "../../spine/facts/index.ts"
import { prepareTraits } from "../../spine/traits/index.ts"
import type { Wired } from "./wiring.ts"

/** A server beside us may hold lanes; so long we wait for it to have read what was there when we came. Machine time. */
const PATIENCE_MS = 60_000
const LOOK_MS = 100

/**
 * Brings what is known of customers up to now, with or without a server beside: facts that wait are read, and what a night would
 * compute is computed where it is due. For commands that ask about people, so that they see what an import has just committed.
 * Gives whether everything was read.
 */
export async function bringKnowledgeUp(
  place: { db: Db; clock: Clock },
  wired: Pick<Wired, "registry" | "knowing">,
): Promise<boolean> {
  const { db, clock } = place
  await prepareTraits(db, wired.registry)
  await registerHandlers(db, wired.knowing)
  for (const end = Date.now() + PATIENCE_MS; ; ) {
    await drain(db, wired.knowing, () => clock.now())
    const waiting = await Promise.all(wired.knowing.map((handler) => lanesWithWork(db, handler)))
    if (waiting.every((lanes) => lanes.length === 0)) break
    if (Date.now() > end) return false
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
  for (const loop of [...orders.loops(place), ...classes.loops(place)]) await loop.round()
  return true
}
