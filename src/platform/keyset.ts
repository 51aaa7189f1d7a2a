import { invariant } from "../kernel/invariant.ts"
import { type SortPlace, sortParts } from "../kernel/sort.ts"

/** How a list is ordered by a column, in SQL: by its value, and by the row's id (of that type) among equal values. */
export type Keyset = {
  value: string
  kind: "integer" | "moment"
  /** Rows may have no value: they stand last, whichever way. */
  nullable: boolean
  id: string
  id_type: "int" | "uuid"
}

/** One statement of a page: what it adds to the conditions, its order, and how many rows are still wanted. */
export type Stretch = {
  conditions(add: (value: unknown) => string): string[]
  /** Without the words "order by". */
  order: string
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

function withValue(by: Keyset, sort: string, after: SortPlace<unknown> | null, limit: number): Stretch {
  const beyond = sortParts(sort).descending ? "<" : ">"
  return {
    limit,
    sorted_by: wholeOf(by),
    order: orderOf(by, sort),
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
    order: orderOf(by, sort),
    conditions: (add) => [
      `${by.value} is null`,
      ...(after?.value === null ? [`${by.id} ${beyond} ${add(after.id)}::${by.id_type}`] : []),
    ],
  }
}

/** As the index stands, or the very reverse of it; where "nulls" are told to stand matters only for that. */
function orderOf(by: Keyset, sort: string): string {
  const { descending } = sortParts(sort)
  const way = descending ? "desc" : "asc"
  if (by.value === by.id) return `${by.id} ${way}`
  const nulls = by.nullable ? ` nulls ${descending ? "last" : "first"}` : ""
  return `${by.value} ${way}${nulls}, ${by.id} ${way}`
}

/** Moments go through the cursor in microseconds, as finely as the database keeps them: none is skipped by rounding. */
const wholeOf = (by: Keyset) =>
  by.kind === "moment" ? `(extract(epoch from ${by.value}) * 1000000)::bigint` : `${by.value}::bigint`
const valueIn = (by: Keyset, n: string) =>
  by.kind === "moment" ? `timestamptz 'epoch' + ${n}::bigint * interval '1 microsecond'` : `${n}::bigint`
