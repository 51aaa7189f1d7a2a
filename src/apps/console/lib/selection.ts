import { useState } from "react"
import { NOTHING_SELECTED, type Selection } from "../../../ui/data-table.tsx"
import type { FilterValues } from "../../../ui/filters.tsx"

/**
 * What is selected of a list under its filters. However these change, by hand, by a saved view or by going back, nothing is
 * selected any more: "everybody of the filter" would silently be others.
 */
export function useSelection(filters: FilterValues): [Selection, (selection: Selection) => void] {
  const of = JSON.stringify(filters)
  const [held, hold] = useState({ of, selection: NOTHING_SELECTED })
  if (held.of !== of) hold({ of, selection: NOTHING_SELECTED })
  return [held.of === of ? held.selection : NOTHING_SELECTED, (selection) => hold({ of, selection })]
}
