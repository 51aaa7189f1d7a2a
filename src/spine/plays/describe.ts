import type { Words } from "../../kernel/contract.ts"
import { dayNumber } from "../../kernel/day.ts"
import { isRefused } from "../../kernel/result.ts"
import type { ConditionTree } from "../../kernel/tree.ts"
import type { Queryable } from "../../platform/db.ts"
import { namesOf, readAudience, sentence } from "../audiences/index.ts"
import { catalogue, type Ref, type Registry } from "../offers/index.ts"
import type { PlayDefinition } from "./definition.ts"
import { type SaidPlay, type Speech, sayPlay } from "./sentence.ts"

const BROKEN: Words = {
  zh: "(条件里有已删除或看不懂的内容)",
  en: "(the rule has something that is gone or not understood)",
}

/** Plays as people read them; a rule that is broken says so in its place, and the rest stands. */
export async function describePlays(
  q: Queryable,
  registry: Registry,
  plays: readonly PlayDefinition[],
  now: Date,
): Promise<SaidPlay[]> {
  const rules = new Map<string, Words>()
  for (const tree of plays.flatMap(treesOf)) {
    const key = JSON.stringify(tree)
    if (rules.has(key)) continue
    const audience = await readAudience(q, registry, tree, { day: dayNumber(now) })
    const say = (language: "zh" | "en") =>
      isRefused(audience) ? BROKEN[language] : sentence(registry, audience.tree, audience.names, language)
    rules.set(key, { zh: say("zh"), en: say("en") })
  }
  const refs = plays.flatMap((play) => refsOf(registry, play)).filter((ref) => registry.names.has(ref.kind))
  const speech: Speech = {
    registry,
    names: await namesOf(q, registry, refs),
    rule: (tree) => rules.get(JSON.stringify(tree)) ?? BROKEN,
  }
  return plays.map((play) => sayPlay(play, speech))
}

function treesOf(play: PlayDefinition): ConditionTree[] {
  return [
    play.condition,
    play.stop.condition,
    play.entry.on === "audience" ? play.entry.tree : null,
    ...Object.values(play.nodes).map((node) => (node.kind === "branch" ? node.condition : null)),
  ].filter((tree) => tree !== null)
}

/** What facts and actions of a play point at: their fields say of which kind an id is. */
function refsOf(registry: Registry, play: PlayDefinition): Ref[] {
  const asked = [
    ...(play.entry.on === "fact" ? [play.entry] : []),
    ...play.stop.facts,
    ...Object.values(play.nodes).flatMap((node) => (node.kind === "wait_for" ? [node] : [])),
  ]
  const ofFacts = asked.flatMap(({ fact, where }) =>
    Object.entries(where).flatMap(([name, value]) => {
      const field = registry.facts.get(fact)?.fields?.[name]
      return field && "kind" in field ? [{ kind: field.kind, id: String(value) }] : []
    }),
  )
  const forms = new Map(catalogue(registry).actions.map((form) => [form.name, form.args]))
  const ofActions = Object.values(play.nodes).flatMap((node) => {
    if (node.kind !== "action") return []
    const fields = (forms.get(node.action.offer)?.properties ?? {}) as Record<string, { kind?: string }>
    return Object.entries(node.action.args).flatMap(([name, value]) => {
      const kind = fields[name]?.kind
      return kind && typeof value === "string" ? [{ kind, id: value }] : []
    })
  })
  return [...ofFacts, ...ofActions]
}
