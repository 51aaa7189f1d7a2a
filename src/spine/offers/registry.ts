import { formSchema } from "../../kernel/form.ts"
import { invariant } from "../../kernel/invariant.ts"
import type {
  ActionOffer,
  ConditionOffer,
  FactOffer,
  MeasureOffer,
  NameSource,
  Offers,
  Reasons,
  TraitOffer,
  ViewOffer,
} from "./offer.ts"

export type Registry = {
  /** By type of fact. */
  facts: ReadonlyMap<string, FactOffer>
  traits: ReadonlyMap<string, TraitOffer>
  conditions: ReadonlyMap<string, ConditionOffer>
  actions: ReadonlyMap<string, ActionOffer>
  measures: ReadonlyMap<string, MeasureOffer>
  views: ReadonlyMap<string, ViewOffer>
  /** By kind of thing. */
  names: ReadonlyMap<string, NameSource>
  reasons: readonly Reasons[]
}

/** Everything that the modules offer, by name; a name offered twice is a bug. */
export function createRegistry(all: readonly Offers[]): Registry {
  return {
    facts: index(
      all.flatMap((o) => o.facts ?? []),
      (o) => o.type,
    ),
    traits: byName(all.flatMap((o) => o.traits ?? [])),
    conditions: byName(all.flatMap((o) => o.conditions ?? [])),
    actions: byName(all.flatMap((o) => o.actions ?? [])),
    measures: byName(all.flatMap((o) => o.measures ?? [])),
    views: byName(all.flatMap((o) => o.views ?? [])),
    reasons: all.flatMap((o) => o.reasons ?? []),
    names: new Map(all.flatMap((o) => o.names ?? []).map((source) => [source.kind, source])),
  }
}

const byName = <T extends { name: string }>(offers: T[]) => index(offers, (o) => o.name)

function index<T>(offers: T[], nameOf: (offer: T) => string): Map<string, T> {
  const map = new Map<string, T>()
  for (const offer of offers) {
    const name = nameOf(offer)
    invariant(!map.has(name), `${name} is offered twice`)
    map.set(name, offer)
  }
  return map
}

/** The catalogue for browsers: names, labels, hints and the JSON schema of the arguments. No code goes along. */
export function catalogue(registry: Registry) {
  const form = (offer: ConditionOffer | ActionOffer) => ({
    name: offer.name,
    version: offer.version,
    label: offer.label,
    hint: offer.hint ?? null,
    args: formSchema(offer.args),
  })
  return {
    facts: [...registry.facts.values()]
      .filter((fact) => !fact.of_a_thing)
      .map(({ type, label, fields }) => ({
        type,
        label,
        fields: Object.entries(fields ?? {}).map(([name, field]) => ({
          name,
          label: field.label,
          values: "values" in field ? field.values : null,
          kind: "kind" in field ? field.kind : null,
        })),
      })),
    traits: [...registry.traits.values()],
    conditions: [...registry.conditions.values()].map(form),
    actions: [...registry.actions.values()].map(form),
    measures: [...registry.measures.values()].map(({ name, label, hint, unit }) => ({
      name,
      label,
      hint,
      unit,
    })),
  }
}
