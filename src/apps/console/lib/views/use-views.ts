import { useEffect, useRef } from "react"
import { listViews, type SavedView } from "../../../../modules/staff/views/contract.ts"
import type { FilterValues } from "../../../../ui/filters.tsx"
import type { Look } from "../../../../ui/list-views.ts"
import { useRead } from "../client.ts"
import { useAddress } from "../search.ts"

/** Of the address, what is no filter: the page of the list, and which view was chosen. */
const NO_FILTERS = new Set(["after", "view"])
/** The word for "none of them", so that the one that opens by itself stays closed. */
const ALL = "all"

/**
 * The saved views of a list and the address, which stays the truth: choosing one writes its filters there, and what somebody
 * changes afterwards is a change of the address, not of the view.
 */
export function useViews(list: string, look: Look, onLook: (look: Look) => void) {
  const query = useRead(listViews, { query: { list } })
  const [address, change] = useAddress()
  const filters = filtersOf(address)
  const views = query.data?.rows ?? []
  const chosen = views.find((view) => view.id === address.view) ?? null
  const write = (to: FilterValues, replace = false) => {
    const cleared = Object.fromEntries(Object.keys(address).map((key) => [key, undefined]))
    change({ ...cleared, ...to }, { replace })
  }
  const open = (view: SavedView | null, replace = false) => {
    write(view ? { ...view.filters, view: view.id } : { view: ALL }, replace)
    if (view) onLook(view.look)
  }
  useArrival(query.data?.rows, Object.keys(address).length === 0, (view) => open(view, true))
  return {
    views,
    known: query.data !== undefined,
    chosen,
    filters,
    /** Whether the list was changed since the view was chosen. */
    changed: chosen !== null && !(same(chosen.filters, filters) && same(chosen.look, look)),
    open,
  }
}

/** Once, when the list is come to with nothing asked for: the view that opens by itself. */
function useArrival(views: SavedView[] | undefined, bare: boolean, open: (view: SavedView) => void): void {
  const arrived = useRef(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the first answer counts
  useEffect(() => {
    if (!views || arrived.current) return
    arrived.current = true
    const first = views.find((view) => view.is_default)
    if (first && bare) open(first)
  }, [views])
}

function filtersOf(address: FilterValues): Record<string, string> {
  return Object.fromEntries(
    Object.entries(address).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !NO_FILTERS.has(entry[0]),
    ),
  )
}

function same(a: object, b: object): boolean {
  const text = (one: object) => JSON.stringify(Object.entries(one).sort(([x], [y]) => (x < y ? -1 : 1)))
  return text(a) === text(b)
}
