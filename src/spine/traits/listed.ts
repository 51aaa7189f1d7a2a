import { setTimeout as pause } from "node:timers/promises"
import { invariant } from "../../kernel/invariant.ts"
import { type Db, maybeRow, type Queryable, run } from "../../platform/db.ts"
import type { Registry } from "../offers/index.ts"
import { columnOf, TRAITS_TABLE } from "./columns.ts"
import { INDEX_REST_MS, INDEX_TRIES } from "./limits.ts"

const BUILD_LOCK = 7_318_121
const LOCKED = new Set(["40P01", "55P03"])

const indexOf = (trait: string) => `${TRAITS_TABLE}_by_${trait}`

/**
 * Gives each trait by which lists are ordered or narrowed its index. At each start; one that stands is left alone, one whose building was cut
 * short is built anew. Built while others write, and by one process at a time: whoever waits for the other asks again and again,
 * since waiting inside a statement would hold up the building itself.
 */
export async function indexListed(db: Db, registry: Pick<Registry, "traits">): Promise<void> {
  const listed = [...registry.traits.values()].filter((offer) => offer.listed)
  for (const { name } of listed) {
    for (let attempt = 1; !(await stands(db, name)); attempt++) {
      invariant(attempt <= INDEX_TRIES, `the index of ${name} could not be built`)
      if (!(await build(db, name))) await pause(INDEX_REST_MS)
    }
  }
}

async function stands(q: Queryable, trait: string): Promise<boolean> {
  const found = await maybeRow<{ valid: boolean }>(
    q,
    "select indisvalid as valid from pg_index where indexrelid = to_regclass($1)",
    [`"${indexOf(trait)}"`],
  )
  return found?.valid ?? false
}

/** Whether it was our turn and nobody was in the way. */
async function build(db: Db, trait: string): Promise<boolean> {
  const client = await db.connect()
  try {
    const turn = await maybeRow<{ ours: boolean }>(client, "select pg_try_advisory_lock($1) as ours", [
      BUILD_LOCK,
    ])
    if (!turn?.ours) return false
    if (await stands(client, trait)) return true
    await run(client, `drop index concurrently if exists "${indexOf(trait)}"`)
    // serves: customers by one trait, either way and from any place, those without a value after them; customers of one value by number
    await run(
      client,
      `create index concurrently "${indexOf(trait)}" on ${TRAITS_TABLE} (${columnOf(trait)} desc nulls last, number desc)`,
    )
    return true
  } catch (error) {
    if (LOCKED.has((error as { code?: string }).code ?? "")) return false
    throw error
  } finally {
    await client.query("select pg_advisory_unlock_all()").catch(() => undefined)
    client.release()
  }
}
