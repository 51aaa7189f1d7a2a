import { useSyncExternalStore } from "react"

type Toast = { id: number; text: string; tone: "good" | "bad" }
let toasts: Toast[] = []
let nextId = 1
const listeners = new Set<() => void>()
const SHOWN_MS = 4_000

function change(next: Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

/** Says in passing that something was done, or was not. */
export function toast(text: string, tone: Toast["tone"] = "good"): void {
  const id = nextId++
  change([...toasts, { id, text, tone }])
  setTimeout(() => change(toasts.filter((one) => one.id !== id)), SHOWN_MS)
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => toasts,
  )
  return (
    <div className="toasts" aria-live="polite" role="status">
      {shown.map((one) => (
        <div key={one.id} className={`toast toast-${one.tone}`}>
          {one.text}
        </div>
      ))}
    </div>
  )
}
