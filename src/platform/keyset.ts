import { invariant } from "../kernel/invariant.ts"
import { type SortPlace, sortParts } from "../kernel/sort.ts"

/** How a list is ordered by a column, in SQL: by its value, and by the row's id (of that type) among equal values. */
export type Keyset = {
  value: string
  kind: "integer" | "moment"
  /** Rows may have no value: they stand last, whichever way. */
  nullable: boolean
  id: string
  id_type: "int" | "uuid" | "text"
}

/** One statement of a page: what it adds to the conditions, its order, and how many rows are still wanted. */
export type Stretch = {
  conditions(add: (value: unknown) => string): string[]
  /** Without the words "order by". */
  order: string
  /** The same of a statement around it, which calls value and id by other names. */
  orderAs(value: string, id: string): string
  /** The value it is sorted by as a whole number, for the next cursor. */
  sorted_by: string
  limit: number
}

/**
 * A page of a list after a place in it, asked in at most two stretches: those that have a value, then those that have none. Each
 * is one range of an index on (value desc nulls last, id desc), read in one direction; as one statement the second would be
 * a filter over everything before it. Where the value is the id itself, an index on that.
 */
export async function pageAfter<R>(
  by: Keyset,
  sort: string,
  after: SortPlace<string | number> | null,
  limit: number,
  ask: (stretch: Stretch) => Promise<R[]>,
): Promise<R[]> {
  invariant(after === null || after.sort === sort, `a place under ${after?.sort} is none under ${sort}`)
  const known = after?.value === null ? [] : await ask(withValue(by, sort, after, limit))
  if (!by.nullable || known.length === limit) return known
  return [...known, ...(await ask(withoutValue(by, sort, after, limit - known.length)))]
}

/** Rows of an order that are looked at for those whom a filter holds, before all of these are gathered instead. */
export const WALK_ROWS = 3_000

/**
 * How a page of a filtered list is looked for. `read`: off an index that holds the rows in their order, nobody left out. `walk`:
 * along the order's index, leaving out what the filter does not hold, and no further than WALK_ROWS. `gather`: everything that the
 * filter holds, then sorted. A filter that holds many fills a page at once by walking; one that holds few, or only what stands at
 * the other end of the order, would be walked for through everything (a million customers, those of one account by money spent:
 * 4.6 s, gathered 0.1 s), and the planner cannot know: it takes what a filter holds for spread evenly.
 */
export type Way = "read" | "walk" | "gather"

export async function walkOrGather<R>(
  stretch: Stretch,
  look: (way: "walk" | "gather") => Promise<R[]>,
): Promise<R[]> {
  const walked = await look("walk")
  return walked.length === stretch.limit ? walked : look("gather")
}

/** A statement that gives the keys of a page: what is selected, its value and id as `v` and `n`, and `sorted_by`. */
export function keysOfPage(
  by: Keyset,
  stretch: Stretch,
  way: Way,
  from: {
    /** The table whose index the order is, and what it is called. */
    table: string
    row: string
    /** What is joined because the filter asks it. */
    beside: string
    select: string
    /** What the filter asks. */
    parts: readonly string[]
    /** Those of the parts that narrow the walk itself: an index in this order serves them too. */
    along?: readonly string[]
    add: (value: unknown) => string
  },
): string {
  const place = stretch.conditions(from.add)
  const size = from.add(stretch.limit)
  const walked = way === "walk"
  const along = `(select ${from.row}.* from ${from.table} ${from.row} ${whereOf([...(from.along ?? []), ...place])} order by ${stretch.order} limit ${WALK_ROWS})`
  const found = `select ${from.select}, ${by.value} as v, ${by.id} as n, ${stretch.sorted_by} as sorted_by
    from ${walked ? along : from.table} ${from.row} ${from.beside} ${whereOf(walked ? from.parts : [...from.parts, ...place])}`
  // "offset 0" keeps the planner from walking where it was told to gather.
  return way === "gather"
    ? `select * from (${found} offset 0) everything order by ${stretch.orderAs("v", "n")} limit ${size}`
    : `${found} order by ${stretch.order} limit ${size}`
}

/** Conditions that all hold; none at all is everything. */
export const whereOf = (parts: readonly string[]) => (parts.length > 0 ? `where ${parts.join(" and ")}` : "")

function withValue(by: Keyset, sort: string, after: SortPlace<unknown> | null, limit: number): Stretch {
  const beyond = sortParts(sort).descending ? "<" : ">"
  return {
    limit,
    sorted_by: wholeOf(by),
    order: orderOf(by, sort, by.value, by.id),
    orderAs: (value, id) => orderOf(by, sort, value, id),
    conditions(add) {
      if (!after) return by.nullable ? [`${by.value} is not null`] : []
      const id = `${add(after.id)}::${by.id_type}`
      if (by.value === by.id) return [`${by.id} ${beyond} ${id}`]
      return [`(${by.value}, ${by.id}) ${beyond} (${valueIn(by, add(after.value))}, ${id})`]
    },
  }
}

function withoutValue(by: Keyset, sort: string, after: SortPlace<unknown> | null, limit: number): Stretch {
  const beyond = sortParts(sort).descending ? "<" : ">"
  return {
    limit,
    sorted_by: "null::bigint",
    order: orderOf(by, sort, by.value, by.id),
    orderAs: (value, id) => orderOf(by, sort, value, id),
    conditions: (add) => [
      `${by.value} is null`,
      ...(after?.value === null ? [`${by.id} ${beyond} ${add(after.id)}::${by.id_type}`] : []),
    ],
  }
}

/** As the index stands, or the very reverse of it; where "nulls" are told to stand matters only for that. */
function orderOf(by: Keyset, sort: string, value: string, id: string): string {
  const { descending } = sortParts(sort)
  const way = descending ? "desc" : "asc"
  if (by.value === by.id) return `${id} ${way}`
  const nulls = by.nullable ? ` nulls ${descending ? "last" : "first"}` : ""
  return `${value} ${way}${nulls}, ${id} ${way}`
}

/** The order of the whole list at once: who has no value stands last either way. */
export const orderOfAll = (by: Keyset, sort: string) =>
  `${by.nullable ? `${by.value} is null, ` : ""}${orderOf(by, sort, by.value, by.id)}`

/** Moments go through the cursor in microseconds, as finely as the database keeps them: none is skipped by rounding. */
const wholeOf = (by: Keyset) =>
  by.kind === "moment" ? `(extract(epoch from ${by.value}) * 1000000)::bigint` : `${by.value}::bigint`
const valueIn = (by: Keyset, n: string) =>
  by.kind === "moment" ? `timestamptz 'epoch' + ${n}::bigint * interval '1 microsecond'` : `${n}::bigint`
