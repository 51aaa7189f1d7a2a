import { invariant } from "../../kernel/invariant.ts"
import { oneRow, type Queryable, rows } from "../../platform/db.ts"
import type { Conditional, Registry, Test, ViewTest } from "../offers/index.ts"
import { columnOf, TRAITS_TABLE } from "../traits/index.ts"
import type { Audience } from "./audience.ts"

/**
 * A condition as SQL over `alias`, a row of the projection; values go to `params`. A test of something unknown does not hold,
 * and its opposite does: `not` is "is not true", everything else may let null stand for false.
 */
export function conditionSql(
  registry: Registry,
  conditional: Conditional,
  params: unknown[],
  alias = "c",
): string {
  const visit = (c: Conditional): string => {
    if ("not" in c) return `(${visit(c.not)}) is not true`
    if ("all" in c) return c.all.length === 0 ? "true" : `(${c.all.map(visit).join(" and ")})`
    if ("any" in c) return c.any.length === 0 ? "false" : `(${c.any.map(visit).join(" or ")})`
    if ("view" in c) return viewSql(registry, c, params, alias)
    return testSql(registry, c, params, alias)
  }
  return visit(conditional)
}

function testSql(registry: Registry, test: Test, params: unknown[], alias: string): string {
  const column = `${alias}.${columnOf(test.trait)}`
  const kind = registry.traits.get(test.trait)!.kind
  const param = (value: unknown, type: string) => `$${params.push(value)}::${type}`
  const type = kind === "text" ? "text" : kind === "boolean" ? "boolean" : "bigint"
  switch (test.op) {
    case "known":
      return `${column} is not null`
    case "has":
      invariant(kind === "tags", `${test.trait} is no set of words`)
      return `${column} @> array[(select id from traits_words where word = ${param(test.tag, "text")})]`
    case "in":
      if (kind === "tags")
        return `${column} && array(select id from traits_words where word = any(${param(test.values, "text[]")}))`
      return `${column} = any(${param(test.values, `${type}[]`)})`
    case "is":
      return `${column} = ${param(test.value, type)}`
    case "between":
      return betweenSql(column, test, param)
  }
}

function betweenSql(
  column: string,
  { min = null, max = null }: { min?: number | null; max?: number | null },
  param: (value: unknown, type: string) => string,
): string {
  const parts = [
    ...(min === null ? [] : [`${column} >= ${param(min, "bigint")}`]),
    ...(max === null ? [] : [`${column} <= ${param(max, "bigint")}`]),
  ]
  return parts.length === 0 ? `${column} is not null` : `(${parts.join(" and ")})`
}

const NAME = /^[a-z][a-z0-9_]*$/

function viewSql(registry: Registry, test: ViewTest, params: unknown[], alias: string): string {
  const view = registry.views.get(test.view)!
  invariant(NAME.test(test.view), `${test.view} is no name of a view`)
  const param = (value: unknown, type: string) => `$${params.push(value)}::${type}`
  const column = (name: string) => {
    invariant(NAME.test(name) && name in view.columns, `${test.view} has no column ${name}`)
    return name
  }
  const where = test.where.map((w) => {
    if (w.op === "between") return betweenSql(column(w.column), w, param)
    const type = view.columns[w.column] === "text" ? "text[]" : "bigint[]"
    return `${column(w.column)} = any(${param(w.values, type)})`
  })
  const { of, min } = test.at_least
  const sum = of === "count" ? "count(*)" : `sum(${column(of)})`
  return `${alias}.customer_id in (select customer_id from ${test.view}
    ${where.length > 0 ? `where ${where.join(" and ")}` : ""} group by customer_id having ${sum} >= ${param(min, "bigint")})`
}

/** Whose customers may be seen: null is everybody's. */
export type Scope = readonly string[] | null

/** `where` of an audience over `alias`, with the data scope of who asks. */
export function audienceWhere(
  audience: Audience,
  params: unknown[],
  options: { scope?: Scope; alias?: string } = {},
): string {
  const alias = options.alias ?? "c"
  const condition = conditionSql(audience.registry, audience.conditional, params, alias)
  if (!options.scope) return condition
  return `${alias}.scope_id = any($${params.push(options.scope)}::uuid[]) and ${condition}`
}

/** How many match, by SQL: the truth. */
export async function countAudience(q: Queryable, audience: Audience, scope: Scope = null): Promise<number> {
  const params: unknown[] = []
  const where = audienceWhere(audience, params, { scope })
  const { n } = await oneRow<{ n: number }>(
    q,
    `select count(*) as n from ${TRAITS_TABLE} c where ${where}`,
    params,
  )
  return n
}

export type Overlap = { only_a: number; both: number; only_b: number }

/** How many match one, the other and both, counted in one look at everybody whom one may see. */
export function countOverlap(q: Queryable, a: Audience, b: Audience, scope: Scope = null): Promise<Overlap> {
  const params: unknown[] = []
  const [in_a, in_b] = [a, b].map((of) => conditionSql(of.registry, of.conditional, params))
  const seen = scope ? `where c.scope_id = any($${params.push(scope)}::uuid[])` : ""
  return oneRow<Overlap>(
    q,
    `select count(*) filter (where a and not b) as only_a, count(*) filter (where a and b) as both,
       count(*) filter (where b and not a) as only_b
     from (select (${in_a}) is true as a, (${in_b}) is true as b from ${TRAITS_TABLE} c ${seen}) everybody`,
    params,
  )
}

/** Which of these customers match, in no order. For conditions of plays over a set. */
export async function matching(
  q: Queryable,
  audience: Audience,
  ids: readonly string[],
  scope: Scope = null,
): Promise<Set<string>> {
  const params: unknown[] = [ids]
  const where = audienceWhere(audience, params, { scope })
  const found = await rows<{ customer_id: string }>(
    q,
    `select c.customer_id from ${TRAITS_TABLE} c where c.customer_id = any($1::uuid[]) and ${where}`,
    params,
  )
  return new Set(found.map((r) => r.customer_id))
}

export type Member = { customer_id: string; number: number }

/** Members after a number, in the order of numbers: pages, and sends that go through an audience piece by piece. */
export async function audiencePage(
  q: Queryable,
  audience: Audience,
  options: { after?: number; limit: number; scope?: Scope },
): Promise<Member[]> {
  const params: unknown[] = [options.after ?? -1, options.limit]
  const where = audienceWhere(audience, params, { scope: options.scope ?? null })
  return rows<Member>(
    q,
    `select c.customer_id, c.number from ${TRAITS_TABLE} c where c.number > $1 and ${where} order by c.number limit $2`,
    params,
  )
}
