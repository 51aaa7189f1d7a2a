import { type ReactNode, useId } from "react"

/** A field that no form library holds: its label, itself, and what one should know. */
export function LabelledField(props: { label: string; hint?: string; children: (id: string) => ReactNode }) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      {props.children(id)}
      {props.hint ? <span className="hint">{props.hint}</span> : null}
    </div>
  )
}
