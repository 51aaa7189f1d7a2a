import { invariant } from "../../kernel/invariant.ts"
import { type Refusal, refuse } from "../../kernel/result.ts"
import { type ConditionTree, leavesOf } from "../../kernel/tree.ts"
import type { Queryable } from "../../platform/db.ts"
import type { Named, Names, Ref, Registry } from "../offers/index.ts"

const key = (kind: string, id: string) => `${kind}\u0000${id}`

/** Everything that a tree points at, one look-up a kind. Refused where something is gone (`condition_broken`) or is nothing for a rule. */
export async function loadNames(
  q: Queryable,
  registry: Registry,
  tree: ConditionTree,
): Promise<Names | Refusal> {
  const refs = leavesOf(tree).flatMap(({ path, leaf }) =>
    (registry.conditions.get(leaf.offer)!.refs?.(leaf.args) ?? []).map((ref) => ({ ...ref, path })),
  )
  const found = await lookUp(q, registry, refs)
  const gone = refs.find((ref) => !found.has(key(ref.kind, ref.id)))
  if (gone) return refuse("condition_broken", { field: gone.path, detail: { kind: gone.kind, id: gone.id } })
  for (const { path, kind, id } of refs) {
    const unfit = found.get(key(kind, id))?.unfit
    if (unfit) return refuse(unfit, { field: path, detail: { kind, id } })
  }
  return namesFrom(found)
}

/** Names of these things; what is gone is called by its id. For sentences of what is being done, such as actions. */
export async function namesOf(q: Queryable, registry: Registry, refs: readonly Ref[]): Promise<Names> {
  return namesFrom(await lookUp(q, registry, refs))
}

type Found = Map<string, Named>

async function lookUp(q: Queryable, registry: Registry, refs: readonly Ref[]): Promise<Found> {
  const all: Found = new Map()
  for (const kind of new Set(refs.map((r) => r.kind))) {
    const source = registry.names.get(kind)
    invariant(source, `${kind} is pointed at but looked up by nobody`)
    const ids = [...new Set(refs.filter((r) => r.kind === kind).map((r) => r.id))]
    for (const [id, one] of await source.lookup(q, ids)) all.set(key(kind, id), one)
  }
  return all
}

function namesFrom(found: Found): Names {
  return {
    of: (kind, id) => found.get(key(kind, id))?.name ?? id,
    current: (kind, id) => found.get(key(kind, id))?.current ?? id,
  }
}
