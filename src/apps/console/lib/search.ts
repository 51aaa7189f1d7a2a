import { useNavigate, useSearch } from "@tanstack/react-router"
import { useState } from "react"
import type { Paging } from "../../../ui/data-table.tsx"
import type { FilterValues } from "../../../ui/filters.tsx"

/** What the address holds, and a way to change it; `undefined` takes a word out. */
export function useAddress(): [
  FilterValues,
  (change: FilterValues, options?: { replace?: boolean }) => void,
] {
  const search = useSearch({ strict: false }) as FilterValues
  const navigate = useNavigate()
  return [
    search,
    (change, options) =>
      void navigate({
        to: ".",
        search: (before: FilterValues) => ({ ...before, ...change }),
        replace: options?.replace ?? false,
      } as never),
  ]
}

/**
 * Filters and keyset paging of a list, both in the address. "Older" goes on from the cursor the server gave; "newer" goes back
 * over the pages seen, or to the first page where the address was opened in the middle.
 */
export function useList(keys: string[]) {
  const [search, change] = useAddress()
  const [seen, setSeen] = useState<string[]>([])
  const cursor = search.after
  const filters = Object.fromEntries(keys.map((key) => [key, search[key]])) as FilterValues
  return {
    filters,
    cursor,
    setFilters(values: FilterValues) {
      setSeen([])
      change(
        { ...Object.fromEntries(keys.map((key) => [key, undefined])), ...values, after: undefined },
        { replace: true },
      )
    },
    paging(next_cursor: string | null | undefined): Paging {
      return {
        hasNewer: cursor !== undefined,
        hasOlder: !!next_cursor,
        page: cursor === undefined ? 1 : Math.max(2, seen.length + 1),
        onNewer() {
          setSeen(seen.slice(0, -1))
          change({ after: seen.length >= 2 ? seen[seen.length - 2] : undefined })
        },
        onOlder() {
          if (!next_cursor) return
          // Pages seen before the filters changed are another list's.
          setSeen(cursor === undefined ? [next_cursor] : [...seen, next_cursor])
          change({ after: next_cursor })
        },
      }
    },
  }
}
