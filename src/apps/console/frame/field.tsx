import { Input } from "antd"
import { type Ref, useId } from "react"

/** A labelled field of the few pages that come before the form chunk is loaded. */
export function Field(props: {
  label: string
  value: string
  onChange: (value: string) => void
  password?: boolean
  autoComplete: string
  autoFocus?: boolean
  hint?: string
  wrong?: string | undefined
  ref?: Ref<HTMLInputElement>
}) {
  const id = useId()
  const described = [props.hint ? `${id}-hint` : "", props.wrong ? `${id}-wrong` : ""]
    .filter(Boolean)
    .join(" ")
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <Input
        id={id}
        size="large"
        type={props.password ? "password" : "text"}
        value={props.value}
        autoComplete={props.autoComplete}
        autoCapitalize="none"
        spellCheck={false}
        autoFocus={props.autoFocus}
        {...(props.wrong ? { status: "error" as const, "aria-invalid": true } : {})}
        {...(described ? { "aria-describedby": described } : {})}
        onChange={(event) => props.onChange(event.target.value)}
      />
      {props.hint ? (
        <span id={`${id}-hint`} className="hint">
          {props.hint}
        </span>
      ) : null}
      {props.wrong ? (
        <span id={`${id}-wrong`} className="wrong" role="alert">
          {props.wrong}
        </span>
      ) : null}
    </div>
  )
}
