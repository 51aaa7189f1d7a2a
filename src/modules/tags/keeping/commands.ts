import { newId } from "../../../kernel/ids.ts"
import { isRefused, type Refusal, refuse } from "../../../kernel/result.ts"
import type { ConditionTree } from "../../../kernel/tree.ts"
import type { Tx } from "../../../platform/db.ts"
import { RULES_MAX } from "../limits.ts"
import { currentTag } from "../rules.ts"
import { allTags } from "../store.ts"
import { tagRows } from "../store-taxonomy.ts"
import { lockTaxonomy } from "../taxonomy/store.ts"
import { circleOf } from "./rules.ts"
import { insertRule, livingRules } from "./store.ts"
import { allAsking, askingOf, audienceOf, type KeepingDeps } from "./understand.ts"

/** Keeps a tag by a segment or a condition from now on. A rule that comes to ask for its own tag is refused with the way round. */
export async function makeRule(
  t: Tx,
  deps: KeepingDeps,
  asked: { name: string; tag_id: string; segment_id: string | null; rule: ConditionTree | null },
  by: string,
  now: Date,
): Promise<{ id: string } | Refusal> {
  // Two rules made at once could close a circle between them.
  await lockTaxonomy(t)
  if ((asked.segment_id === null) === (asked.rule === null)) return refuse("tree_invalid", { field: "rule" })
  const tags = await allTags(t)
  const tag = currentTag(tags, asked.tag_id)
  if (!tag) return refuse("tag_unknown", { field: "tag_id" })
  const rules = await livingRules(t)
  if (rules.length >= RULES_MAX) return refuse("rules_full")
  const id = newId(now.getTime())
  const of = asked.segment_id ? ("segment" as const) : ("tree" as const)
  const rule = { of, tree: asked.rule, segment_id: asked.segment_id }
  const audience = await audienceOf(t, deps, rule, now)
  if (isRefused(audience))
    return audience.refused === "not_found" ? refuse("segment_unknown", { field: "segment_id" }) : audience
  const others = await allAsking(t, deps, rules, tags, now)
  const path = circleOf(askingOf(id, tag.id, audience, tags), others)
  if (path) {
    const names = new Map((await tagRows(t)).map((x) => [x.id, x.name]))
    return refuse("rule_circle", { field: "rule", detail: { path: path.map((x) => names.get(x) ?? x) } })
  }
  const tree = of === "tree" ? audience.tree : null
  const made = await insertRule(t, { id, name: asked.name, ...rule, tree, tag_id: tag.id, by, at: now })
  return made ? { id } : refuse("rule_taken", { field: "tag_id" })
}
