import { dayNumber } from "../../../kernel/day.ts"
import { isRefused } from "../../../kernel/result.ts"
import type { ConditionTree } from "../../../kernel/tree.ts"
import { type Db, type Queryable, tx } from "../../../platform/db.ts"
import { countAudience, readAudience } from "../../../spine/audiences/index.ts"
import type { Registry } from "../../../spine/offers/index.ts"
import { QUALITY_EVERY_MS } from "../limits.ts"
import { groupRows, tagRows } from "../store-taxonomy.ts"
import { readSettings } from "../taxonomy/settings.ts"
import type { Quality } from "./contract.ts"
import { CONTRADICTIONS } from "./contradictions.ts"
import { coverage, lastQuality, mayCount, saveQuality, wearersByTag } from "./store.ts"

/** Counts the quality of tags where it is due: once an hour, every rest as long as there is nobody, and at once when the settings changed. Gives whether there was somebody. */
export async function takeQuality(db: Db, registry: Registry, now: Date): Promise<number> {
  const { stale_days } = await readSettings(db)
  const before = await lastQuality(db)
  const fresh =
    before && before.body.people > 0 && now.getTime() - before.taken_at.getTime() < QUALITY_EVERY_MS
  if (fresh && before.settings.stale_days === stale_days) return 0
  return tx(db, async (t) => {
    if (!(await mayCount(t))) return 0
    const body = await count(t, registry, stale_days, now)
    await saveQuality(t, { taken_at: now, settings: { stale_days }, body })
    // Of a company of nobody nothing is done for now: the loop rests before it looks again.
    return body.people > 0 ? 1 : 0
  })
}

async function count(q: Queryable, registry: Registry, stale_days: number, now: Date): Promise<Quality> {
  const living = (await tagRows(q)).filter((tag) => !tag.retired_at)
  const required = (await groupRows(q)).filter((g) => g.required)
  const groups = required.map((g) => ({
    ...g,
    tags: living.filter((tag) => tag.group_id === g.id).map((tag) => tag.id),
  }))
  const { people, covered } = await coverage(q, groups)
  const stale = { offer: "tags.stale", version: 1, args: { days: stale_days } }
  const contradictions = []
  for (const { code, rule } of CONTRADICTIONS)
    contradictions.push({ code, rule, people: await peopleOf(q, registry, rule, now) })
  return {
    people,
    coverage: groups.map((g, i) => ({
      group_id: g.id,
      group: g.name,
      covered: covered[i]!,
      people: people - covered[i]!,
      rule: { not: { offer: "tags.of_group", version: 1, args: { group_id: g.id } } },
    })),
    stale: { days: stale_days, rule: stale, people: await peopleOf(q, registry, stale, now) },
    contradictions,
    wearers: await wearersByTag(q),
  }
}

/** Null where the rule cannot be read here, such as one of a tag that was retired. */
async function peopleOf(
  q: Queryable,
  registry: Registry,
  rule: ConditionTree,
  now: Date,
): Promise<number | null> {
  const audience = await readAudience(q, registry, rule, { day: dayNumber(now) })
  return isRefused(audience) ? null : countAudience(q, audience)
}
