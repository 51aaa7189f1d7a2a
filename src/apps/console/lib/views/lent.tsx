import { lazy, Suspense } from "react"
import type { ListViews } from "../../../../ui/list-views.ts"

const SavedViews = lazy(() => import("./saved-views.tsx"))

/** What the table is lent: comes with the first list, and holds its place until it is there. */
export const LentViews: ListViews = (props) => (
  <Suspense fallback={<div className="views" />}>
    <SavedViews key={props.list} {...props} />
  </Suspense>
)
