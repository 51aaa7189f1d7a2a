import { invariant } from "../../kernel/invariant.ts"
import { isRefused, type Refusal, refuse } from "../../kernel/result.ts"
import { type ConditionLeaf, type ConditionTree, leavesOf, mapLeaves, parseTree } from "../../kernel/tree.ts"
import type { Queryable } from "../../platform/db.ts"
import type { Conditional, ConditionOffer, Moment, Names, Registry } from "../offers/index.ts"
import { loadNames } from "./names.ts"

/** A condition of the tree, where it stands and what it means at the audience's moment. */
export type AudienceLeaf = { path: string; leaf: ConditionLeaf; conditional: Conditional }

/** A rule that was read, found whole and translated: ready for SQL, bitmaps, sentences and reasons. */
export type Audience = {
  registry: Registry
  /** With current versions of the arguments: what is to be stored. */
  tree: ConditionTree
  moment: Moment
  names: Names
  leaves: AudienceLeaf[]
  conditional: Conditional
  /** The traits it asks, each once. */
  traits: string[]
  /** The views it asks; an audience with any is decided by SQL and cannot be followed from changes alone. */
  views: string[]
}

/**
 * Reads a stored or typed rule. Refused: tree_invalid, tree_too_deep, tree_too_large, condition_unknown, condition_invalid,
 * condition_broken (it points at a tag, group … that is gone), rule_in_rule; `field` is the place in the tree.
 */
export async function readAudience(
  q: Queryable,
  registry: Registry,
  rule: unknown,
  moment: Moment,
): Promise<Audience | Refusal> {
  const parsed = parseTree(rule)
  if (isRefused(parsed)) return parsed
  const checked = checkLeaves(registry, parsed)
  if (isRefused(checked)) return checked
  const names = await loadNames(q, registry, checked)
  if (isRefused(names)) return names
  return compile(registry, checked, moment, names)
}

/** The same rule at another moment: days are compared when the question is asked. */
export function atMoment(audience: Audience, moment: Moment): Audience {
  if (audience.moment.day === moment.day) return audience
  const again = compile(audience.registry, audience.tree, moment, audience.names)
  invariant(!isRefused(again), "a rule that could be read cannot be refused on another day")
  return again
}

/** Each leaf is known and its arguments are valid in the present version. */
function checkLeaves(registry: Registry, tree: ConditionTree): ConditionTree | Refusal {
  const ready = new Map<ConditionLeaf, ConditionLeaf>()
  for (const { path, leaf } of leavesOf(tree)) {
    const offer = registry.conditions.get(leaf.offer)
    if (!offer || leaf.version > offer.version)
      return refuse("condition_unknown", {
        field: path,
        detail: { offer: leaf.offer, version: leaf.version },
      })
    const parsed = offer.args.safeParse(upcast(offer, leaf))
    if (!parsed.success) {
      const issue = parsed.error.issues[0]
      return refuse("condition_invalid", {
        field: path,
        detail: { offer: leaf.offer, argument: issue?.path.join(".") ?? "", message: issue?.message ?? "" },
      })
    }
    ready.set(leaf, {
      offer: leaf.offer,
      version: offer.version,
      args: parsed.data as Record<string, unknown>,
    })
  }
  return mapLeaves(tree, (leaf) => ready.get(leaf)!)
}

function upcast(offer: ConditionOffer, leaf: ConditionLeaf): unknown {
  let args: unknown = leaf.args
  for (let version = leaf.version; version < offer.version; version++) {
    const raise = offer.upcasts?.[version]
    invariant(raise, `${offer.name} has no way from version ${version}`)
    args = raise(args)
  }
  return args
}

function compile(registry: Registry, tree: ConditionTree, moment: Moment, names: Names): Audience | Refusal {
  const leaves: AudienceLeaf[] = []
  for (const { path, leaf } of leavesOf(tree)) {
    const conditional = registry.conditions.get(leaf.offer)!.compile(leaf.args, moment, names)
    if (isRefused(conditional)) return { ...conditional, field: path }
    leaves.push({ path, leaf, conditional })
  }
  const byLeaf = new Map(leaves.map((l) => [l.leaf, l.conditional]))
  const conditional = combine(tree, (leaf) => byLeaf.get(leaf)!)
  const { traits, views } = asked(registry, conditional)
  return { registry, tree, moment, names, leaves, conditional, traits, views }
}

function combine(tree: ConditionTree, of: (leaf: ConditionLeaf) => Conditional): Conditional {
  if ("not" in tree) return { not: combine(tree.not, of) }
  if ("all" in tree) return { all: tree.all.map((child) => combine(child, of)) }
  if ("any" in tree) return { any: tree.any.map((child) => combine(child, of)) }
  return of(tree)
}

/** What a condition asks; an offer that asks something that nobody offers is a bug. */
function asked(registry: Registry, conditional: Conditional): { traits: string[]; views: string[] } {
  const traits = new Set<string>()
  const views = new Set<string>()
  const visit = (c: Conditional): void => {
    if ("not" in c) visit(c.not)
    else if ("all" in c) c.all.forEach(visit)
    else if ("any" in c) c.any.forEach(visit)
    else if ("view" in c) {
      invariant(registry.views.has(c.view), `view ${c.view} is asked but offered by nobody`)
      views.add(c.view)
    } else {
      invariant(registry.traits.has(c.trait), `trait ${c.trait} is asked but offered by nobody`)
      traits.add(c.trait)
    }
  }
  visit(conditional)
  return { traits: [...traits], views: [...views] }
}
