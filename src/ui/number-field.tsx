import { Form, Input } from "antd"
import { type ReactNode, type Ref, useId, useState } from "react"
import { type Bounds, numberProblem, readNumber, says, textOf } from "./number.ts"
import { useTranslation } from "./words/use.ts"

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

/**
 * A number that must be there, where no form library holds it: what is wrong with it stands below as it is typed. Told only once
 * the field is left, it would push the button away from under the mouse that leaves it.
 */
export function NumberField(
  props: Look & Bounds & { id?: string; label?: string; value: number; onChange: (value: number) => void },
) {
  const { t } = useTranslation()
  const { min, max, value, onChange, ...look } = props
  const [touched, setTouched] = useState(false)
  const problem = touched ? numberProblem(value, { min, max, decimals: props.decimals }) : null
  const wrong = useId()
  return (
    <div>
      <NumberInput
        {...look}
        value={value}
        onChange={(next) => {
          setTouched(true)
          onChange(next ?? Number.NaN)
        }}
        {...(problem ? { "aria-invalid": true, "aria-describedby": wrong } : {})}
      />
      <Wrong id={wrong} text={problem ? t(problem.word, problem.holes) : null} />
    </div>
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

/** A number in a form: out of bounds is told below it, and the form is not sent. */
export function NumberItem(
  props: Look & Bounds & { name: string; label: string; hint?: string; required?: boolean },
) {
  const { t } = useTranslation()
  const { name, label, hint, required, min, max, ...look } = props
  const bounded = async (_: unknown, value: number | null | undefined) => {
    const problem = numberProblem(value, { min, max, decimals: props.decimals })
    if (problem) throw new Error(t(problem.word, problem.holes))
  }
  return (
    <Form.Item
      name={name}
      label={label}
      extra={hint}
      rules={[...(required ? [{ required: true, message: t("ui.required") }] : []), { validator: bounded }]}
    >
      <NumberInput {...look} />
    </Form.Item>
  )
}
