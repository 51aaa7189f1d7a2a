import type { ReactNode } from "react"
import { Section } from "./page.tsx"

/** How much of something is done, 0 to 1, as a bar. */
export function Meter(props: { label: string; share: number }) {
  const percent = Math.round(Math.min(1, Math.max(0, props.share)) * 100)
  return (
    <div
      className="meter"
      role="progressbar"
      aria-label={props.label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <span style={{ width: `${percent}%` }} />
    </div>
  )
}

/** How far something is that goes on by itself: a bar where its end is known, and the sentence that is read out as it moves. */
export function Progress(props: { label: string; done: number; all: number | null; children: ReactNode }) {
  const { label, done, all } = props
  return (
    <Section title={label}>
      {all === null ? null : <Meter label={label} share={all > 0 ? done / all : 0} />}
      <p className="secondary small num" aria-live="polite">
        {props.children}
      </p>
    </Section>
  )
}
