import { dayNumber } from "../../../kernel/day.ts"
import { isRefused, type Refusal, refuse } from "../../../kernel/result.ts"
import type { ConditionTree } from "../../../kernel/tree.ts"
import { type Context, implement, type Route } from "../../../platform/http/index.ts"
import { type Audience, countOverlap, readAudience, sentence } from "../../../spine/audiences/index.ts"
import type { Registry } from "../../../spine/offers/index.ts"
import { listRule } from "../commands.ts"
import { segmentById } from "../store.ts"
import { compareSegments } from "./contract.ts"
import { type Part, partRule } from "./rules.ts"

type Side = { id: string; name: string; frozen: boolean; audience: Audience }

export const compareRoutes = (registry: () => Registry): Route[] => [
  implement(compareSegments, async (ctx, { query }) => {
    if (query.a === query.b) return refuse("same_segment", { field: "b" })
    const a = await sideOf(ctx, registry(), query.a, "a")
    if (isRefused(a)) return a
    const b = await sideOf(ctx, registry(), query.b, "b")
    if (isRefused(b)) return b
    const counts = await countOverlap(ctx.db, a.audience, b.audience, ctx.actor.scope)
    const part = async (which: Part) => ({
      people: counts[which],
      ...(await ruleOf(ctx, registry(), partRule(which, a.audience.tree, b.audience.tree))),
    })
    return {
      a: shown(registry(), a),
      b: shown(registry(), b),
      at: ctx.now,
      parts: { only_a: await part("only_a"), both: await part("both"), only_b: await part("only_b") },
    }
  }),
]

async function sideOf(
  ctx: Context,
  registry: Registry,
  id: string,
  field: "a" | "b",
): Promise<Side | Refusal> {
  const segment = await segmentById(ctx.db, id)
  if (!segment) return refuse("segment_unknown", { field })
  const rule = segment.frozen ? listRule(id) : segment.rule
  const audience = await readAudience(ctx.db, registry, rule, { day: dayNumber(ctx.now) })
  if (isRefused(audience)) return { ...audience, field }
  return { id, name: segment.name, frozen: segment.frozen, audience }
}

async function ruleOf(ctx: Context, registry: Registry, rule: ConditionTree) {
  const audience = await readAudience(ctx.db, registry, rule, { day: dayNumber(ctx.now) })
  if (isRefused(audience)) return { rule: null, sentence: null, refused: audience.refused }
  return { rule: audience.tree, sentence: said(registry, audience), refused: null }
}

const said = (registry: Registry, audience: Audience) => ({
  zh: sentence(registry, audience.tree, audience.names, "zh"),
  en: sentence(registry, audience.tree, audience.names, "en"),
})

const shown = (registry: Registry, { audience, ...side }: Side) => ({
  ...side,
  sentence: said(registry, audience),
})
