import { z } from "zod"
import { pageQuery } from "./contract.ts"
import { CURSOR_MAX_LENGTH, pageOfRows } from "./cursor.ts"
import { type Refusal, refuse } from "./result.ts"

/** `gmv`: by that column, the least first; `-gmv`: the greatest first. Who has no value stands last either way. */
export type SortWord<C extends string = string> = C | `-${C}`

/**
 * Where a page ended: under which sort, by which value (whole fen, days, pieces, or microseconds of a moment; null where the row
 * has none) and which row, since many may share a value.
 */
export type SortPlace<I> = { sort: string; value: number | null; id: I }

/** What a list declares: the columns by which it may be ordered, and the order in which it comes where nobody asks for one. */
export type Sorting<C extends string, I> = {
  first: SortWord<C>
  sort: z.ZodDefault<z.ZodType<SortWord<C>, SortWord<C>>>
  cursor: z.ZodType<SortPlace<I>, string>
}

/** The words that a list's `sort` takes. */
export type SortWordOf<S> = S extends Sorting<infer C, infer _I> ? SortWord<C> : never

export const SORT_REFUSALS = {
  cursor_of_another_sort: {
    status: 400,
    zh: "这个翻页位置是按另一种排序得到的，请从第一页看起。",
    en: "This cursor was made under another sort; start from the first page.",
  },
} as const

export function sorting<const C extends string, I>(by: {
  columns: readonly C[]
  first: SortWord<C>
  /** The row's own id, without a dot: what tells rows of one value apart. */
  id: z.ZodType<I, string>
}): Sorting<C, I> {
  const words = by.columns.flatMap((column): SortWord<C>[] => [column, `-${column}`])
  const value = z.codec(z.string().regex(/^(-?\d{1,16})?$/), z.int().nullable(), {
    decode: (text) => (text === "" ? null : Number(text)),
    encode: (known) => (known === null ? "" : String(known)),
  })
  const place = z.object({ sort: z.enum(words as [string, ...string[]]), value, id: by.id })
  const cursor = z.codec(z.string().max(CURSOR_MAX_LENGTH), place, {
    decode(text) {
      const [sort = "", known = "none", ...id] = text.split(".")
      return { sort, value: known, id: id.join(".") } as z.input<typeof place>
    },
    encode: (parts) => [parts.sort, parts.value, parts.id].join("."),
  })
  return {
    first: by.first,
    sort: z.enum(words as [string, ...string[]]).default(by.first) as unknown as Sorting<C, I>["sort"],
    cursor: cursor as unknown as Sorting<C, I>["cursor"],
  }
}

/** What every list takes that can be sorted: the sort beside cursor and page size. */
export const sortedQuery = <C extends string, I>(by: Sorting<C, I>) =>
  pageQuery(by.cursor).extend({ sort: by.sort })

type Asked<C extends string, I> = { sort: SortWord<C>; cursor?: SortPlace<I> | undefined; limit: number }

/** After which row the page that is asked for begins; a place under another sort is no place in this list. */
export function placeAsked<C extends string, I>(
  asked: Asked<C, I>,
): SortPlace<I> | null | Refusal<"cursor_of_another_sort"> {
  if (!asked.cursor) return null
  return asked.cursor.sort === asked.sort
    ? asked.cursor
    : refuse("cursor_of_another_sort", { field: "cursor", detail: { sort: asked.cursor.sort } })
}

/** The page of rows that were asked for with one more; each bears the value it was sorted by. */
export function pageOfSorted<C extends string, I, R extends { sorted_by: number | null }>(
  by: Sorting<C, I>,
  found: readonly R[],
  asked: Asked<C, I>,
  idOf: (row: R) => I,
): { page: R[]; next_cursor: string | null } {
  return pageOfRows(by.cursor, found, asked.limit, (last) => ({
    sort: asked.sort,
    value: last.sorted_by,
    id: idOf(last),
  }))
}

/** A sort in its two parts. */
export function sortParts(word: string): { column: string; descending: boolean } {
  return word.startsWith("-")
    ? { column: word.slice(1), descending: true }
    : { column: word, descending: false }
}
