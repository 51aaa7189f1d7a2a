import { useSyncExternalStore } from "react"
import { CallFailed, CallRefused } from "../../../kernel/client.ts"

/** How the line to the server is: whether it answers, and whether it still knows who is here. */
type Line = { down: boolean; ended: boolean }
let line: Line = { down: false, ended: false }
const listeners = new Set<() => void>()

function change(next: Partial<Line>): void {
  const merged = { ...line, ...next }
  if (merged.down === line.down && merged.ended === line.ended) return
  line = merged
  for (const listener of listeners) listener()
}

export function noteError(error: unknown): void {
  if (error instanceof CallFailed) noteDown()
  else if (error instanceof CallRefused)
    change(error.problem.code === "not_signed_in" ? { down: false, ended: true } : { down: false })
}
export const noteDown = () => change({ down: true })
export const noteAnswer = () => change({ down: false })
export const noteSignedIn = () => change({ down: false, ended: false })

export function useLine(): Line {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => line,
  )
}
