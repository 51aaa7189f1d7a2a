import { type Queryable, rows, run, type Tx, unlessTaken } from "../../../platform/db.ts"
import { columnOf, TRAITS_TABLE } from "../../../spine/traits/index.ts"

/** Which customers of the projection (`c`) are looked at. */
export type Among = { after: number; upto: number } | { numbers: readonly number[] }

/** What a rule wants: SQL that gives customer_id and tag_id over `c`, with its parameters in `params`. */
export type Want = (params: unknown[], among: string) => string

function amongSql(among: Among, params: unknown[]): string {
  if ("numbers" in among) return `c.number = any($${params.push(among.numbers)}::int[])`
  return `c.number > $${params.push(among.after)} and c.number <= $${params.push(among.upto)}`
}

/** `weaker`: rules that give way to this one; itself is among them. */
export type Keeper = {
  rule_id: string
  tags: readonly string[]
  exclusive_group: string | null
  weaker: string[]
}

/** One question for all of them: who is to get a tag, and of whom this rule's own is to be taken. */
export async function difference(
  q: Queryable,
  keeper: Keeper,
  want: Want | null,
  among: Among,
): Promise<{ give: Crowd[]; take: Crowd[] }> {
  const params: unknown[] = [keeper.rule_id, keeper.tags]
  const here = amongSql(among, params)
  const wanted = want?.(params, here) ?? "select null::uuid as customer_id, null::uuid as tag_id where false"
  const rival = keeper.exclusive_group === null ? "" : `and not exists (${strongRival(keeper, params, "w")})`
  const found = await rows<Written & { give: boolean }>(
    q,
    // By an array, never by a join: a join goes through everybody who has the tag, again for each piece of everybody.
    `with want as materialized (${wanted}),
     have as materialized (
       select a.customer_id, a.tag_id, a.source = 'rule' and a.by_id = $1 as mine from tags_assignments a
       where a.customer_id = any(array(select c.customer_id from ${TRAITS_TABLE} c where ${here})) and a.tag_id = any($2::uuid[]))
     ${gathered(
       "give",
       `select w.customer_id, w.tag_id, true as give from want w
     where not exists (select from have h where h.customer_id = w.customer_id and h.tag_id = w.tag_id) ${rival}
     union all
     select h.customer_id, h.tag_id, false from have h
     where h.mine and not exists (select from want w where w.customer_id = h.customer_id and w.tag_id = h.tag_id)`,
     )}`,
    params,
  )
  return { give: read(found.filter((f) => f.give)), take: read(found.filter((f) => !f.give)) }
}

/** A tag, and customers who get or lose it. */
export type Crowd = { tag_id: string; ids: string[] }
/** Customers who lost a tag, and what took its place. */
export type Loss = Crowd & { instead: string | null }
type Written = { tag_id: string; ids: string }

/** Customers crowd by crowd, written out: as rows of their own they took longer to come over than to be found. */
const gathered = (more: string, sql: string) =>
  `select tag_id, ${more}${more && ","} string_agg(customer_id::text, ',') as ids from (${sql}) k group by tag_id${more && ","} ${more}`
const read = <W extends Written>(found: readonly W[]) => found.map((f) => ({ ...f, ids: f.ids.split(",") }))

/** The customers of crowds and, beside each, the tag: two arrays. */
const pairs = (crowds: readonly Crowd[]): [customers: string, tags: string] => [
  `{${crowds.map(({ ids }) => ids.join(",")).join(",")}}`,
  `{${crowds.map(({ tag_id, ids }) => ids.map(() => tag_id).join(",")).join(",")}}`,
]

/** A tag of the same exclusive group that does not give way. */
function strongRival(keeper: Keeper, params: unknown[], of: string): string {
  const weaker = `$${params.push(keeper.weaker)}::text[]`
  return `select from tags_assignments o join tags_tags ot on ot.id = o.tag_id
    where o.customer_id = ${of}.customer_id and o.tag_id <> ${of}.tag_id and ot.group_id = $${params.push(keeper.exclusive_group)}::uuid
      and not (o.source = 'rule' and o.by_id = any(${weaker}))`
}

/** Takes the rule's own tags; what somebody has taken over meanwhile stays. The customers are locked. */
export async function takeOwn(t: Tx, rule_id: string, asks: readonly Crowd[]): Promise<Crowd[]> {
  if (asks.length === 0) return []
  const gone = await rows<Written>(
    t,
    `with gone as (
       delete from tags_assignments a using unnest($2::uuid[], $3::uuid[]) as k (customer_id, tag_id)
       where a.customer_id = k.customer_id and a.tag_id = k.tag_id and a.source = 'rule' and a.by_id = $1
       returning a.customer_id, a.tag_id)
     ${gathered("", "select * from gone")}`,
    [rule_id, ...pairs(asks)],
  )
  return read(gone)
}

/**
 * Gives the rule's tags where nobody has them and no rival stands; gives those that are new. The customers are locked, so hardly
 * ever has somebody come between.
 */
export async function giveOwn(t: Tx, keeper: Keeper, asks: readonly Crowd[], now: Date): Promise<Crowd[]> {
  if (asks.length === 0) return []
  const params: unknown[] = [keeper.rule_id, ...pairs(asks), now]
  const rival =
    keeper.exclusive_group === null ? "" : `where not exists (${strongRival(keeper, params, "k")})`
  const insert = `insert into tags_assignments (customer_id, tag_id, source, by_id, assigned_at)
     select k.customer_id, k.tag_id, 'rule', $1, $4 from unnest($2::uuid[], $3::uuid[]) as k (customer_id, tag_id)`
  // Without rivals all who were asked about are given it, and nobody need come back.
  if (rival === "" && (await unlessTaken(t, () => run(t, insert, params)))) return [...asks]
  const given = await rows<Written>(
    t,
    `with given as (${insert} ${rival} on conflict do nothing returning customer_id, tag_id)
     ${gathered("", "select * from given")}`,
    params,
  )
  return read(given)
}

/** Of those who got a tag of an exclusive group, the ones of rules that give way. */
export async function takeWeaker(t: Tx, keeper: Keeper, given: readonly Crowd[]): Promise<Loss[]> {
  if (given.length === 0) return []
  const gone = await rows<Written & { instead: string }>(
    t,
    `with gone as (
       delete from tags_assignments o using unnest($1::uuid[], $2::uuid[]) as k (customer_id, tag_id), tags_tags ot
       where o.customer_id = k.customer_id and o.tag_id <> k.tag_id and ot.id = o.tag_id and ot.group_id = $3
       returning o.customer_id, o.tag_id, k.tag_id as instead)
     ${gathered("instead", "select * from gone")}`,
    [...pairs(given), keeper.exclusive_group],
  )
  return read(gone)
}

/** A trait as the value that a tag is named after. */
export const VALUE_SQL = {
  month: (trait: string) => `to_char(date '1970-01-01' + c.${columnOf(trait)}, 'YYYY-MM')`,
  province: (trait: string) => partOf(trait, 1),
  city: (trait: string) => partOf(trait, 2),
}

/** 浙江 杭州, 浙江/杭州, 浙江·杭州: the province first, then the city. */
const partOf = (trait: string, part: number) =>
  `nullif(split_part(regexp_replace(btrim(c.${columnOf(trait)}), '[\\s/·,，、-]+', ' ', 'g'), ' ', ${part}), '')`

/** The values there are among these customers, each once. */
export async function valuesAmong(
  q: Queryable,
  of: keyof typeof VALUE_SQL,
  trait: string,
  among: Among | null,
  limit: number,
): Promise<string[]> {
  const params: unknown[] = [limit]
  const here = among ? amongSql(among, params) : "true"
  const found = await rows<{ value: string }>(
    q,
    `select value from (select distinct ${VALUE_SQL[of](trait)} as value from ${TRAITS_TABLE} c where ${here}) v
     where value is not null and length(value) between 1 and 30 order by value desc limit $1`,
    params,
  )
  return found.map((f) => f.value)
}

/** The highest number of a customer. */
export async function lastNumber(q: Queryable): Promise<number> {
  const [row] = await rows<{ n: number | null }>(q, `select max(number) as n from ${TRAITS_TABLE}`)
  return row?.n ?? -1
}
