import { dayNumber } from "../../../kernel/day.ts"
import { isRefused, type Refusal, refuse } from "../../../kernel/result.ts"
import { leavesOf } from "../../../kernel/tree.ts"
import type { Queryable } from "../../../platform/db.ts"
import { type Audience, audienceWhere, readAudience } from "../../../spine/audiences/index.ts"
import type { Registry } from "../../../spine/offers/index.ts"
import { TRAITS_TABLE } from "../../../spine/traits/index.ts"
import { currentTag, type Tag } from "../rules.ts"
import { type Asking, circleOf } from "./rules.ts"
import { type RuleRow, valuesOf } from "./store.ts"
import { type Keeper, VALUE_SQL, type Want } from "./store-sync.ts"

export type KeepingDeps = {
  registry(): Registry
  /** The audience of a saved segment. */
  segment(q: Queryable, id: string, now: Date): Promise<Audience | Refusal>
}

/** A rule ready to be asked. */
export type Understood = {
  rule: RuleRow
  keeper: Keeper
  want: Want
  /** What it follows; rows of views cannot be followed. */
  traits: string[]
  views: boolean
  digest: string
}

/** The audience of a rule with a condition or a segment. */
export function audienceOf(
  q: Queryable,
  deps: KeepingDeps,
  rule: Pick<RuleRow, "of" | "tree" | "segment_id">,
  now: Date,
): Promise<Audience | Refusal> {
  return rule.of === "segment"
    ? deps.segment(q, rule.segment_id!, now)
    : readAudience(q, deps.registry(), rule.tree, { day: dayNumber(now) })
}

/** What a rule asks of tags, by the living ones. */
export function askingOf(
  id: string,
  gives: string,
  audience: Audience,
  tags: ReadonlyMap<string, Tag>,
): Asking {
  const { conditions } = audience.registry
  const refs = leavesOf(audience.tree).flatMap(
    ({ leaf }) => conditions.get(leaf.offer)!.refs?.(leaf.args) ?? [],
  )
  const groups = new Set(refs.flatMap((r) => (r.kind === "tag_group" ? [r.id] : [])))
  const asks = [
    ...refs.flatMap((r) => (r.kind === "tag" ? [currentTag(tags, r.id)?.id ?? r.id] : [])),
    ...[...tags.values()].filter((t) => groups.has(t.group_id)).map((t) => t.id),
  ]
  const any = audience.leaves.some(
    ({ conditional: c }) => "trait" in c && c.trait === "tags.all" && c.op === "known",
  )
  return { id, gives, asks, any }
}

/** What the living rules with a condition ask; those that cannot be read ask nothing. */
export async function allAsking(
  q: Queryable,
  deps: KeepingDeps,
  rules: readonly RuleRow[],
  tags: ReadonlyMap<string, Tag>,
  now: Date,
): Promise<Asking[]> {
  const asking: Asking[] = []
  for (const rule of rules) {
    const gives = rule.tag_id && currentTag(tags, rule.tag_id)?.id
    if (!gives) continue
    const audience = await audienceOf(q, deps, rule, now)
    if (!isRefused(audience)) asking.push(askingOf(rule.id, gives, audience, tags))
  }
  return asking
}

/** Reads a rule as of now; refused where it points at something gone or has come to ask for its own tag. */
export async function understand(
  q: Queryable,
  deps: KeepingDeps,
  rule: RuleRow,
  of: { tags: ReadonlyMap<string, Tag>; rules: readonly RuleRow[]; asking: readonly Asking[] },
  now: Date,
): Promise<Understood | Refusal> {
  const weaker = of.rules.filter((r) => r.position >= rule.position).map((r) => r.id)
  if (rule.group_id) return byValue(q, rule, of.tags, weaker)
  const tag = currentTag(of.tags, rule.tag_id!)
  if (!tag) return refuse("tag_unknown")
  const audience = await audienceOf(q, deps, rule, now)
  if (isRefused(audience)) return audience
  const path = circleOf(askingOf(rule.id, tag.id, audience, of.tags), of.asking)
  if (path) return refuse("rule_circle", { detail: { path } })
  return {
    rule,
    keeper: {
      rule_id: rule.id,
      tags: [tag.id],
      exclusive_group: tag.exclusive ? tag.group_id : null,
      weaker,
    },
    want: (params, among) => {
      const where = audienceWhere(audience, params)
      return `select c.customer_id, $${params.push(tag.id)}::uuid as tag_id from ${TRAITS_TABLE} c where ${among} and ${where}`
    },
    traits: audience.traits,
    views: audience.views.length > 0,
    digest: JSON.stringify([
      tag.id,
      audience.tree,
      audience.views.length > 0 ? null : audience.leaves.map((l) => l.conditional),
    ]),
  }
}

/** One tag a value of the trait; a retired one stands for the one that took its place. */
export async function byValue(
  q: Queryable,
  rule: RuleRow,
  tags: ReadonlyMap<string, Tag>,
  weaker: string[],
): Promise<Understood> {
  const known = [...(await valuesOf(q, rule.id))].flatMap(([value, id]) => {
    const tag = currentTag(tags, id)
    return tag ? [{ value, id: tag.id }] : []
  })
  const trait = rule.trait!
  const value = VALUE_SQL[rule.of as keyof typeof VALUE_SQL](trait)
  const exclusive = [...tags.values()].some((t) => t.group_id === rule.group_id && t.exclusive)
  return {
    rule,
    keeper: {
      rule_id: rule.id,
      tags: known.map((k) => k.id),
      exclusive_group: exclusive ? rule.group_id : null,
      weaker,
    },
    want: (params, among) =>
      `select c.customer_id, v.tag_id from ${TRAITS_TABLE} c
       join unnest($${params.push(known.map((k) => k.value))}::text[], $${params.push(known.map((k) => k.id))}::uuid[]) as v (value, tag_id)
         on v.value = ${value} where ${among}`,
    traits: [trait],
    views: false,
    digest: JSON.stringify([trait, rule.of]),
  }
}
