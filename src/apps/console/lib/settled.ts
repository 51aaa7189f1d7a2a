import { useEffect, useState } from "react"

/** A value once it has stood still for so long: what is asked of the server while somebody types. */
export function useSettled<T>(value: T, pause_ms: number): T {
  const [settled, setSettled] = useState(value)
  const key = JSON.stringify(value)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same content in a new object is not a change
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pause_ms)
    return () => clearTimeout(timer)
  }, [key, pause_ms])
  return settled
}
