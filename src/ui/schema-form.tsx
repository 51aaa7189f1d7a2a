import { Input, Select, Switch } from "antd"
import { useId, useState } from "react"
import type { Words } from "../kernel/contract.ts"
import { DayField } from "./day-field.tsx"
import { fenOf, readNumber, yuanOf } from "./number.ts"
import { NumberInput, Wrong } from "./number-field.tsx"
import {
  type Args,
  boundsOf,
  fieldProblem,
  fieldsOf,
  isNullable,
  isNumber,
  itemOf,
  type Schema,
} from "./schema.ts"
import { useTranslation } from "./words/use.ts"

export type Option = { value: string; label: string }
export type SchemaHelp = {
  /** The word for a field; its name is given where it has none. */
  label: (name: string, schema: Schema) => string
  /** Words that the declaration brings. */
  say: (words: Words) => string
  /** The word for a value of a closed list. */
  value: (name: string, value: string) => string
  /** What can be chosen where an id points at something; null where nothing is known of that kind. */
  options: (kind: string, name: string) => Option[] | null
  unit: (unit: string) => string
}

/** Draws a form from the declaration of arguments: no condition, action or setting brings a form of its own. */
export function SchemaFields(props: {
  schema: Schema
  value: Args
  onChange: (value: Args) => void
  help: SchemaHelp
  inline?: boolean
  disabled?: boolean
  /** Its numbers are fen where the declaration as a whole is about money. */
  money?: boolean
  /** What is missing is told too: somebody has asked to save. */
  asked?: boolean
  /** What the server refused, by field. */
  refused?: Readonly<Record<string, string>>
}) {
  return (
    <div className={props.inline ? "schema-inline" : "stack-s"}>
      {fieldsOf(props.schema, props.money).map((one) => (
        <SchemaField
          key={one.name}
          {...one}
          value={props.value[one.name]}
          help={props.help}
          disabled={props.disabled ?? false}
          asked={props.asked ?? false}
          refused={props.refused?.[one.name]}
          onChange={(next) =>
            props.onChange({ ...props.value, [one.name]: next ?? (isNullable(one.field) ? null : undefined) })
          }
        />
      ))}
    </div>
  )
}

type Field = {
  name: string
  field: Schema
  value: unknown
  onChange: (value: unknown) => void
  help: SchemaHelp
  disabled: boolean
}

/** A field and what is wrong with it: told as it is typed; that it is missing only once somebody has asked to save. */
function SchemaField(props: Field & { must: boolean; asked: boolean; refused: string | undefined }) {
  const { t } = useTranslation()
  const id = useId()
  const [touched, setTouched] = useState(false)
  const { field, help, value } = props
  const label = help.label(props.name, field)
  const found = fieldProblem(props, value)
  const told = found && (props.asked || (touched && found.word !== "ui.required")) ? found : null
  const wrong = told ? t(told.word, told.holes) : props.refused
  return (
    <div className="schema-field">
      <label htmlFor={id}>{label}</label>
      <div>
        <FieldInput
          {...props}
          id={id}
          label={label}
          onChange={(next) => {
            setTouched(true)
            props.onChange(next)
          }}
          state={wrong ? { status: "error", "aria-invalid": true, "aria-describedby": `${id}-wrong` } : {}}
        />
        <Wrong id={`${id}-wrong`} text={wrong} />
      </div>
      {field.hint ? <span className="hint">{help.say(field.hint)}</span> : null}
    </div>
  )
}

/** What is no number stays as it was typed, and is told. */
const numberIn = (text: string) => {
  const read = readNumber(text)
  return Number.isNaN(read) ? null : read
}

type State = { status?: "error"; "aria-invalid"?: true; "aria-describedby"?: string }

function FieldInput(props: Field & { id: string; label: string; state: State }) {
  const { t } = useTranslation()
  const { field: schema, value, onChange, help, id, name, disabled, state } = props
  const many = schema.type === "array"
  const one = many ? itemOf(schema) : schema
  const options =
    one.enum?.map((v) => ({ value: String(v), label: help.value(name, String(v)) })) ??
    (one.choices
      ? Object.entries(one.choices).map(([v, words]) => ({ value: v, label: help.say(words) }))
      : one.kind
        ? help.options(one.kind, name)
        : null)
  // What holds while nothing is given stands in the empty field.
  const unset =
    typeof schema.default === "string"
      ? schema.choices?.[schema.default]
        ? help.say(schema.choices[schema.default]!)
        : schema.enum
          ? help.value(name, schema.default)
          : schema.default
      : isNullable(schema)
        ? t("ui.any")
        : undefined
  if (options)
    return (
      <Select
        id={id}
        aria-label={props.label}
        disabled={disabled}
        {...state}
        {...(many ? { mode: "multiple" as const } : {})}
        allowClear
        placeholder={unset}
        showSearch={{ optionFilterProp: "label" }}
        value={(value as string | string[] | undefined) ?? (many ? [] : undefined)}
        options={options}
        popupMatchSelectWidth={false}
        style={{ minWidth: 150, maxWidth: 360 }}
        onChange={onChange}
      />
    )
  if (many)
    return (
      <Select
        id={id}
        aria-label={props.label}
        disabled={disabled}
        {...state}
        mode="tags"
        open={false}
        suffixIcon={null}
        value={Array.isArray(value) ? value.map(String) : []}
        style={{ minWidth: 180 }}
        onChange={(list: string[]) =>
          onChange(isNumber(one) ? list.map((text) => numberIn(text) ?? text) : list)
        }
      />
    )
  if (schema.type === "boolean")
    return (
      <Switch
        id={id}
        aria-label={props.label}
        disabled={disabled}
        checked={value === true}
        onChange={onChange}
        checkedChildren={t("ui.yes")}
        unCheckedChildren={t("ui.no")}
      />
    )
  if (isNumber(schema)) {
    const fen = schema.unit === "fen"
    const unit = fen ? help.unit("yuan") : schema.unit ? help.unit(schema.unit) : undefined
    const number = typeof value === "number" ? value : null
    return (
      <NumberInput
        id={id}
        label={props.label}
        disabled={disabled}
        {...state}
        value={fen && number !== null ? yuanOf(number) : number}
        decimals={boundsOf(schema).decimals}
        placeholder={schema.empty ? help.say(schema.empty) : undefined}
        unit={unit}
        onChange={(typed) => onChange(typed === null ? undefined : fen ? fenOf(typed) : typed)}
      />
    )
  }
  if (schema.format === "date")
    return (
      <DayField
        id={id}
        label={props.label}
        disabled={disabled}
        value={typeof value === "string" ? value : undefined}
        onChange={onChange}
      />
    )
  const long = (schema.maxLength ?? 0) > 200
  const text = typeof value === "string" ? value : ""
  return long ? (
    <Input.TextArea
      id={id}
      disabled={disabled}
      {...state}
      value={text}
      autoSize={{ minRows: 3, maxRows: 10 }}
      onChange={(event) => onChange(event.target.value)}
    />
  ) : (
    <Input
      id={id}
      disabled={disabled}
      {...state}
      value={text}
      placeholder={unset}
      style={{ maxWidth: 320 }}
      {...(schema.maxLength ? { maxLength: schema.maxLength } : {})}
      onChange={(event) => onChange(event.target.value || undefined)}
    />
  )
}
