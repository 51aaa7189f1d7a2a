import { newId } from "../../../kernel/ids.ts"
import { type Db, tx } from "../../../platform/db.ts"
import { TAGS_MAX, VALUES_MAX } from "../limits.ts"
import { insertTags, tagRows } from "../store-taxonomy.ts"
import { lockTaxonomy } from "../taxonomy/store.ts"
import { insertValues, type RuleRow, setBroken, valuesOf } from "./store.ts"
import { type Among, type VALUE_SQL, valuesAmong } from "./store-sync.ts"

const EXAMPLE: Record<keyof typeof VALUE_SQL, (value: string) => { definition: string; example: string }> = {
  month: (value) => ({ definition: `${value} 这个月`, example: `${value}-01 到月底` }),
  province: (value) => ({ definition: `资料里的地区是${value}`, example: value }),
  city: (value) => ({ definition: `资料里的城市是${value}`, example: value }),
}

/**
 * A tag for every value that has none yet: a month that began, a province from which somebody came. A living tag of the group
 * with the value's name is taken for it. Beyond the limits the rule says so and goes on with what it has.
 */
export async function makeValueTags(db: Db, rule: RuleRow, among: Among | null, now: Date): Promise<number> {
  const of = rule.of as keyof typeof VALUE_SQL
  const known = await valuesOf(db, rule.id)
  const there = await valuesAmong(db, of, rule.trait!, among, VALUES_MAX + 1)
  const fresh = there.filter((value) => !known.has(value))
  if (fresh.length === 0) return 0
  return tx(db, async (t) => {
    await lockTaxonomy(t)
    const before = await valuesOf(t, rule.id)
    const all = await tagRows(t)
    const living = all.filter((tag) => !tag.retired_at)
    const named = new Map(living.filter((x) => x.group_id === rule.group_id).map((x) => [x.name, x.id]))
    const missing = fresh.filter((value) => !before.has(value))
    const room = Math.max(0, Math.min(TAGS_MAX - living.length, VALUES_MAX - before.size))
    const made = missing.filter((value) => !named.has(value)).slice(0, room)
    const position = Math.max(0, ...all.map((tag) => tag.position))
    const tags = made.map((name, i) => ({
      id: newId(now.getTime()),
      group_id: rule.group_id!,
      name,
      ...EXAMPLE[of](name),
      position: position + i + 1,
      channel_ref: null,
      from_channel: false,
    }))
    if (tags.length > 0) await insertTags(t, tags, now)
    for (const tag of tags) named.set(tag.name, tag.id)
    const values = missing.flatMap((value) => {
      const tag_id = named.get(value)
      return tag_id ? [{ value, tag_id }] : []
    })
    if (values.length > 0) await insertValues(t, rule.id, values)
    await setBroken(t, rule.id, values.length < missing.length ? { code: "taxonomy_full" } : null)
    return values.length
  })
}
