import { useLocation, useMatch, useNavigate, useSearch } from "@tanstack/react-router"
import { useRef } from "react"
import type { Paging } from "../../../ui/data-table.tsx"
import type { FilterValues } from "../../../ui/filters.tsx"
import type { Sorted } from "../../../ui/sort.tsx"

declare module "@tanstack/react-router" {
  interface HistoryState {
    /** Cursors of the pages of a list that were gone through, this one last. */
    pages?: string[] | undefined
  }
}

/** What the address holds, and a way to change it; `undefined` takes a word out. */
export function useAddress(): [
  FilterValues,
  (change: FilterValues, options?: { replace?: boolean; pages?: string[] }) => void,
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
        state: { pages: options?.pages },
      } as never),
  ]
}

const NONE: string[] = []
/** The pages of this list; while it is being left, as they were: the address is then another page's already. */
function usePagesSeen(): string[] {
  const here = useMatch({ strict: false, select: (match) => match.pathname })
  const held = useRef(NONE)
  return useLocation({
    select({ pathname, state }) {
      if (pathname === here) held.current = state.pages ?? NONE
      return held.current
    },
  })
}

/**
 * Filters, sort and keyset paging of a list, all in the address. "Older" goes on from the cursor the server gave; "newer" goes back
 * over the pages seen, or to the first page where the address was opened in the middle. The pages seen are kept beside the
 * address in the browser's history: who comes back from a profile stands on the page they left, with the ones before it.
 */
export function useList(keys: string[]) {
  const [search, change] = useAddress()
  const seen = usePagesSeen()
  const cursor = search.after
  const filters = Object.fromEntries(keys.map((key) => [key, search[key]])) as FilterValues
  return {
    filters,
    cursor,
    /** What the server is asked to sort by; none is the list's own order, `first`. */
    sort: search.sort,
    sorted: (first: string): Sorted => ({
      value: search.sort,
      first,
      // A place under one sort is none under another.
      onChange: (sort) => change({ sort, after: undefined }, { replace: true }),
    }),
    setFilters(values: FilterValues) {
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
          const pages = seen.slice(0, -1)
          change({ after: pages.at(-1) }, { pages })
        },
        onOlder() {
          if (!next_cursor) return
          change({ after: next_cursor }, { pages: [...seen, next_cursor] })
        },
      }
    },
  }
}
