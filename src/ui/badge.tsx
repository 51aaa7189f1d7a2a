import type { ReactNode } from "react"

export type Tone = "plain" | "good" | "warn" | "bad" | "info"

/** A state as a word on a tint: never colour alone. */
export function Badge(props: { tone?: Tone; children: ReactNode }) {
  return <span className={`badge badge-${props.tone ?? "plain"}`}>{props.children}</span>
}
