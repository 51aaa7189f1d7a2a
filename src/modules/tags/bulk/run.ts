import { DAY_MS, dayNumber } from "../../../kernel/day.ts"
import { newId } from "../../../kernel/ids.ts"
import { isRefused, type Refusal, refuse } from "../../../kernel/result.ts"
import type { ConditionTree } from "../../../kernel/tree.ts"
import { type Db, type Tx, tx } from "../../../platform/db.ts"
import { audiencePage, countAudience, readAudience } from "../../../spine/audiences/index.ts"
import type { Registry } from "../../../spine/offers/index.ts"
import { assign, remove } from "../commands.ts"
import { BULK_BATCH, BULK_PEOPLE_MAX, UNDO_DAYS } from "../limits.ts"
import { lockCustomers } from "../store.ts"
import {
  asBefore,
  type BulkRow,
  givenBy,
  insertBulk,
  keepReplaced,
  lockBulk,
  nextBulk,
  replacedOf,
  saveBulk,
} from "./store.ts"

export type BulkAsk = { tag_id: string; of: BulkRow["of"]; ref: string | null; tree: ConditionTree }

/** Begins to give a tag to all who match and whom the asker may see; the pieces follow. `limit` as in the limits. */
export async function beginBulk(
  t: Tx,
  registry: Registry,
  ask: BulkAsk,
  who: { by: string; scope: string[] | null },
  now: Date,
  limit = BULK_PEOPLE_MAX,
): Promise<{ id: string; people: number } | Refusal> {
  const audience = await readAudience(t, registry, ask.tree, { day: dayNumber(now) })
  if (isRefused(audience)) return audience
  const people = await countAudience(t, audience, who.scope)
  if (people > limit) return refuse("too_many_people", { detail: { people, limit } })
  const id = newId(now.getTime())
  const bulk = { ...ask, id, tree: audience.tree, scope: who.scope, people, by_id: who.by, asked_at: now }
  await insertBulk(t, bulk)
  return { id, people }
}

/** Begins to undo one that is done. */
export async function beginUndo(t: Tx, id: string, now: Date): Promise<{ state: "undoing" } | Refusal> {
  const bulk = await lockBulk(t, id)
  if (!bulk) return refuse("not_found")
  if (bulk.state !== "done") return refuse("not_yet")
  if (now.getTime() - bulk.asked_at.getTime() > UNDO_DAYS * DAY_MS) return refuse("too_late")
  await saveBulk(t, { ...bulk, state: "undoing", ended_at: null })
  return { state: "undoing" }
}

/** One piece of the oldest that is under way; gives how many people it looked at. Two workers never do one piece twice. */
export function workBulk(db: Db, registry: Registry, now: Date): Promise<number> {
  return tx(db, async (t) => {
    const bulk = await nextBulk(t)
    if (!bulk) return 0
    return bulk.state === "running" ? give(t, registry, bulk, now) : takeBack(t, bulk, now)
  })
}

const nameOf = (bulk: BulkRow) => `bulk:${bulk.id}`

async function give(t: Tx, registry: Registry, bulk: BulkRow, now: Date): Promise<number> {
  const audience = await readAudience(t, registry, bulk.tree, { day: dayNumber(bulk.asked_at) })
  if (isRefused(audience)) {
    await saveBulk(t, { ...bulk, state: "broken", ended_at: now })
    return 1
  }
  const page = await audiencePage(t, audience, {
    after: bulk.after_number,
    limit: BULK_BATCH,
    scope: bulk.scope,
  })
  const ids = page.map((m) => m.customer_id)
  let given = 0
  if (ids.length > 0) {
    await lockCustomers(t, ids, now)
    await keepReplaced(t, bulk.id, bulk.tag_id, ids)
    const asks = ids.map((customer_id) => ({ customer_id, tag_id: bulk.tag_id }))
    const source = bulk.of === "group" ? ("group" as const) : ("hand" as const)
    given = (await assign(t, asks, { source, by: nameOf(bulk), at: now })).assigned.length
  }
  const over = page.length < BULK_BATCH
  await saveBulk(t, {
    ...bulk,
    state: over ? "done" : "running",
    after_number: page.at(-1)?.number ?? bulk.after_number,
    given: bulk.given + given,
    ended_at: over ? now : null,
  })
  return Math.max(1, page.length)
}

/** Only what is still worn from it goes; what somebody has given since stays, and what it replaced comes back. */
async function takeBack(t: Tx, bulk: BulkRow, now: Date): Promise<number> {
  const ids = await givenBy(t, bulk.tag_id, nameOf(bulk), BULK_BATCH)
  const from = { source: "hand" as const, by: bulk.by_id, at: now }
  await lockCustomers(t, ids, now)
  const removed = await remove(
    t,
    ids.map((customer_id) => ({ customer_id, tag_id: bulk.tag_id })),
    from,
  )
  const { assigned } = await assign(t, await replacedOf(t, bulk.id, ids), from)
  await asBefore(t, bulk.id, assigned)
  const over = ids.length < BULK_BATCH
  await saveBulk(t, {
    ...bulk,
    state: over ? "undone" : "undoing",
    taken: bulk.taken + removed.length,
    ended_at: over ? now : null,
  })
  return Math.max(1, ids.length)
}
