import { dayNumber } from "../../kernel/day.ts"
import { newId } from "../../kernel/ids.ts"
import { isRefused, type Refusal, refuse } from "../../kernel/result.ts"
import type { ConditionTree } from "../../kernel/tree.ts"
import type { Queryable, Tx } from "../../platform/db.ts"
import { type Audience, audienceWhere, readAudience, type Scope } from "../../spine/audiences/index.ts"
import type { Registry } from "../../spine/offers/index.ts"
import { TRAITS_TABLE } from "../../spine/traits/index.ts"
import { LISTED } from "./offers.ts"
import {
  freezeMembers,
  insertSegment,
  insertVersion,
  lockSegment,
  markDeleted,
  nameTaken,
  segmentById,
  updateSegment,
} from "./store.ts"

/**
 * A saved segment as an audience at a moment: what sends and plays take. A frozen one is the rule "is on its list". Refused:
 * not_found, and whatever a rule may be refused for, such as condition_broken.
 */
export async function segmentAudience(
  q: Queryable,
  registry: Registry,
  id: string,
  now: Date,
): Promise<{ name: string; version: number; audience: Audience } | Refusal> {
  const segment = await segmentById(q, id)
  if (!segment) return refuse("not_found")
  const rule = segment.frozen ? listRule(id) : segment.rule
  const audience = await readAudience(q, registry, rule, { day: dayNumber(now) })
  return isRefused(audience) ? audience : { name: segment.name, version: segment.version, audience }
}

export const listRule = (id: string): ConditionTree => ({
  offer: LISTED,
  version: 1,
  args: { segment_id: id },
})

/** Saves a rule; frozen, it also keeps the people who match now and whom the saver may see. */
export async function create(
  t: Tx,
  registry: Registry,
  asked: { name: string; rule: unknown; frozen: boolean },
  who: { by: string; scope: Scope },
  now: Date,
): Promise<{ id: string; version: number; members: number | null } | Refusal> {
  const audience = await readAudience(t, registry, asked.rule, { day: dayNumber(now) })
  if (isRefused(audience)) return audience
  const id = newId(now.getTime())
  const { name, frozen } = asked
  if (!(await insertSegment(t, { id, name, frozen, rule: audience.tree, by: who.by, at: now })))
    return refuse("name_taken", { field: "name" })
  if (!frozen) return { id, version: 1, members: null }
  const params: unknown[] = []
  const where = audienceWhere(audience, params, { scope: who.scope })
  const members = await freezeMembers(t, id, now, {
    sql: `select c.customer_id from ${TRAITS_TABLE} c where ${where}`,
    params,
  })
  return { id, version: 1, members }
}

/** Keeps these people under a name, for good. */
export async function createList(
  t: Tx,
  asked: { name: string; customers: readonly string[] },
  by: string,
  now: Date,
): Promise<{ id: string; members: number } | Refusal<"name_taken">> {
  const id = newId(now.getTime())
  if (!(await insertSegment(t, { id, name: asked.name, frozen: true, rule: listRule(id), by, at: now })))
    return refuse("name_taken", { field: "name" })
  const sql = "select customer_id from unnest($1::uuid[]) as customer_id"
  return { id, members: await freezeMembers(t, id, now, { sql, params: [asked.customers] }) }
}

/** A new name, and where a rule is given a new version; the one that was looked at must still be the present one. */
export async function change(
  t: Tx,
  registry: Registry,
  id: string,
  asked: { name: string; rule?: unknown; version: number },
  by: string,
  now: Date,
): Promise<{ version: number } | Refusal> {
  const segment = await lockSegment(t, id)
  if (!segment) return refuse("not_found")
  if (segment.version !== asked.version) return refuse("version_changed", { field: "version" })
  if (await nameTaken(t, asked.name, id)) return refuse("name_taken", { field: "name" })
  if (asked.rule === undefined) {
    await updateSegment(t, { id, name: asked.name, version: segment.version, at: now })
    return { version: segment.version }
  }
  if (segment.frozen) return refuse("segment_frozen", { field: "rule" })
  const audience = await readAudience(t, registry, asked.rule, { day: dayNumber(now) })
  if (isRefused(audience)) return audience
  const version = segment.version + 1
  await insertVersion(t, { id, version, rule: audience.tree, by, at: now })
  await updateSegment(t, { id, name: asked.name, version, at: now })
  return { version }
}

export async function drop(t: Tx, id: string, now: Date): Promise<Record<string, never> | Refusal> {
  return (await markDeleted(t, id, now)) > 0 ? {} : refuse("not_found")
}
