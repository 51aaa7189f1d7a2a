import { type Queryable, rows } from "../../platform/db.ts"
import type { ViewTest } from "../offers/index.ts"
import { type Known, readTraits, TRAITS_TABLE, type Values } from "../traits/index.ts"
import type { Audience } from "./audience.ts"
import { holds, testsOf } from "./evaluate.ts"
import { sentence } from "./sentence.ts"
import { conditionSql } from "./sql.ts"

/** Why one condition holds for a customer, or does not. */
export type Reason = {
  path: string
  sentence: string
  sentence_en: string
  holds: boolean
  /** What it asked: the value, since when it is so, and the rule and numbers that decided where they are kept. */
  values: (Known & { trait: string })[]
}

/** For each of these customers and each condition of the rule: whether it holds, and by what. */
export async function explain(
  q: Queryable,
  audience: Audience,
  ids: readonly string[],
): Promise<Map<string, Reason[]>> {
  const known = await readTraits(q, ids, audience.traits)
  const inViews = await viewsHold(q, audience, ids)
  const said = audience.leaves.map(({ leaf }) => ({
    sentence: sentence(audience.registry, leaf, audience.names, "zh"),
    sentence_en: sentence(audience.registry, leaf, audience.names, "en"),
  }))
  const answer = new Map<string, Reason[]>()
  for (const [id, traits] of known) {
    const values: Values = Object.fromEntries(Object.entries(traits).map(([name, k]) => [name, k.value]))
    const reasons = audience.leaves.map((leaf, i): Reason => {
      const names = new Set(
        testsOf(leaf.conditional).flatMap((test) => ("trait" in test ? [test.trait] : [])),
      )
      return {
        path: leaf.path,
        ...said[i]!,
        holds: holds(leaf.conditional, values, (test) => inViews.get(test)?.has(id) ?? false),
        values: [...names].map((trait) => ({ trait, ...traits[trait]! })),
      }
    })
    answer.set(id, reasons)
  }
  return answer
}

/** Who of these customers passes each question that rows decide. */
export async function viewsHold(
  q: Queryable,
  audience: Audience,
  ids: readonly string[],
): Promise<Map<ViewTest, Set<string>>> {
  const answer = new Map<ViewTest, Set<string>>()
  for (const test of audience.leaves.flatMap((l) => testsOf(l.conditional))) {
    if (!("view" in test)) continue
    const params: unknown[] = [ids]
    const where = conditionSql(audience.registry, test, params)
    const found = await rows<{ customer_id: string }>(
      q,
      `select customer_id from ${TRAITS_TABLE} c where customer_id = any($1::uuid[]) and ${where}`,
      params,
    )
    answer.set(test, new Set(found.map((r) => r.customer_id)))
  }
  return answer
}
