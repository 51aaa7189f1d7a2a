import { lazy, Suspense } from "react"
import type { Unsaved } from "../../../ui/unsaved.ts"

const UnsavedGuard = lazy(async () => ({ default: (await import("./unsaved.tsx")).UnsavedGuard }))

/** What drawers are lent: comes with the first one that is opened. */
export const LentGuard: Unsaved = (props) => (
  <Suspense fallback={null}>
    <UnsavedGuard {...props} />
  </Suspense>
)
