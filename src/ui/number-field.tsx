import { Input } from "antd"
import { type ReactNode, type Ref, useState } from "react"
import { readNumber, says, textOf } from "./number.ts"

type Look = { unit?: ReactNode; width?: number; placeholder?: string | undefined }
const WIDTH = 132

/**
 * Where a number is typed. What was typed stays as it is and is given on as it is, out of bounds too (NaN where it is no number):
 * whoever asks for it tells what is wrong with it, and nothing is changed unasked.
 */
export function NumberInput(
  props: Look & {
    value?: number | null | undefined
    onChange?: (value: number | null) => void
    decimals?: number | undefined
    label?: string
    disabled?: boolean
    /** Given by a form's item. */
    id?: string
    ref?: Ref<never>
    "aria-describedby"?: string | undefined
    "aria-invalid"?: boolean | "true" | "false" | undefined
    "aria-required"?: boolean | "true" | "false" | undefined
  },
) {
  const { value, onChange, decimals, label, unit, width, ...rest } = props
  const [typed, setTyped] = useState(() => textOf(value, decimals))
  return (
    <Input
      {...rest}
      {...(label ? { "aria-label": label } : {})}
      {...(unit ? { suffix: unit } : {})}
      {...(rest["aria-invalid"] === true ? { status: "error" as const } : {})}
      className="num"
      inputMode="decimal"
      autoComplete="off"
      style={{ width: width ?? WIDTH }}
      // Another number than the one that was typed came from outside.
      value={says(typed, value) ? typed : textOf(value, decimals)}
      onChange={(event) => {
        setTyped(event.target.value)
        onChange?.(readNumber(event.target.value))
      }}
    />
  )
}

/** What is wrong with a field, below it. */
export function Wrong(props: { id: string; text: string | null | undefined }) {
  return props.text ? (
    <span id={props.id} className="wrong block" role="alert">
      {props.text}
    </span>
  ) : null
}
