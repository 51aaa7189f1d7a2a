import { Input, InputNumber, Select, Switch } from "antd"
import { useId } from "react"
import { DayField } from "./day-field.tsx"
import { useTranslation } from "./words/use.ts"

/** The part of JSON schema that arguments of conditions and actions are declared in. */
export type Schema = {
  type?: string | string[]
  title?: string
  description?: string
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  minimum?: number
  maximum?: number
  minItems?: number
  maxLength?: number
  format?: string
  default?: unknown
  /** What an id points at, or which unit a number has: declared beside the type by the offer. */
  kind?: string
  unit?: string
  /** Kept at its default; nobody is asked. */
  hidden?: boolean
}

export type Option = { value: string; label: string }
export type SchemaHelp = {
  /** The word for a field; its name is given where it has none. */
  label: (name: string, schema: Schema) => string
  /** The word for a value of a closed list. */
  value: (name: string, value: string) => string
  /** What can be chosen where an id points at something; null where nothing is known of that kind. */
  options: (kind: string, name: string) => Option[] | null
  unit: (unit: string) => string
}

export type Args = Record<string, unknown>

/** Whether every field that must be there is. The server checks the rest. */
export function isFilled(schema: Schema, args: Args): boolean {
  const fields = Object.entries(schema.properties ?? {})
  const given = (value: unknown) => value !== undefined && value !== null && value !== ""
  // Bounds that are all optional still want one of them: "between nothing and nothing" says nothing.
  if (
    fields.length > 0 &&
    (schema.required ?? []).length === 0 &&
    !fields.some(([name]) => given(args[name]))
  )
    return false
  return fields.every(([name, field]) => {
    const value = args[name]
    const must = (schema.required ?? []).includes(name) && field.default === undefined && !isNullable(field)
    if (!given(value)) return !must
    return !Array.isArray(value) || value.length >= (unwrap(field).minItems ?? 0)
  })
}

/** What stands in a new form: the declared defaults. */
export function firstArgs(schema: Schema): Args {
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
      field.default === undefined ? [] : [[name, field.default]],
    ),
  )
}

const isNullable = (s: Schema) => s.anyOf?.some((one) => one.type === "null") ?? false
/** The field without its "or null". */
function unwrap(s: Schema): Schema {
  const real = s.anyOf?.filter((one) => one.type !== "null")
  return real?.length === 1 && real[0] ? { ...s, ...real[0] } : s
}

/** Draws a form from the declaration of arguments: no condition and no action brings a form of its own. */
export function SchemaFields(props: {
  schema: Schema
  value: Args
  onChange: (value: Args) => void
  help: SchemaHelp
  inline?: boolean
  /** Its numbers are fen where the declaration as a whole is about money. */
  money?: boolean
}) {
  const fields = Object.entries(props.schema.properties ?? {}).filter(([, field]) => !field.hidden)
  return (
    <div className={props.inline ? "schema-inline" : "stack-s"}>
      {fields.map(([name, field]) => (
        <SchemaField
          key={name}
          name={name}
          schema={props.money && !field.unit ? { ...unwrap(field), unit: "fen" } : unwrap(field)}
          value={props.value[name]}
          help={props.help}
          onChange={(next) =>
            props.onChange({ ...props.value, [name]: next ?? (isNullable(field) ? null : undefined) })
          }
        />
      ))}
    </div>
  )
}

function SchemaField(props: {
  name: string
  schema: Schema
  value: unknown
  onChange: (value: unknown) => void
  help: SchemaHelp
}) {
  const id = useId()
  const label = props.help.label(props.name, props.schema)
  return (
    <div className="schema-field">
      <label htmlFor={id}>{label}</label>
      <FieldInput {...props} id={id} label={label} />
    </div>
  )
}

const FEN = 100

function FieldInput(props: {
  id: string
  label: string
  name: string
  schema: Schema
  value: unknown
  onChange: (value: unknown) => void
  help: SchemaHelp
}) {
  const { t } = useTranslation()
  const { schema, value, onChange, help, id, name } = props
  const many = schema.type === "array"
  const one = many ? unwrap(schema.items ?? {}) : schema
  const options =
    one.enum?.map((v) => ({ value: String(v), label: help.value(name, String(v)) })) ??
    (one.kind ? help.options(one.kind, name) : null)
  // What holds while nothing is given stands in the empty field.
  const unset =
    typeof schema.default === "string"
      ? schema.enum
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
        mode="tags"
        open={false}
        suffixIcon={null}
        value={Array.isArray(value) ? value.map(String) : []}
        style={{ minWidth: 180 }}
        onChange={(list: string[]) =>
          onChange(
            one.type === "number" || one.type === "integer" ? list.map(Number).filter(Number.isFinite) : list,
          )
        }
      />
    )
  if (schema.type === "boolean")
    return (
      <Switch
        id={id}
        aria-label={props.label}
        checked={value === true}
        onChange={onChange}
        checkedChildren={t("ui.yes")}
        unCheckedChildren={t("ui.no")}
      />
    )
  if (schema.type === "number" || schema.type === "integer") {
    // Money travels as whole fen and is typed as yuan.
    const fen = schema.unit === "fen" || name.endsWith("_fen")
    const scale = fen ? FEN : 1
    const unit = fen ? help.unit("yuan") : schema.unit ? help.unit(schema.unit) : undefined
    return (
      <InputNumber
        controls={false}
        id={id}
        aria-label={props.label}
        value={typeof value === "number" ? value / scale : null}
        precision={fen ? 2 : schema.type === "integer" ? 0 : undefined}
        style={{ width: 132 }}
        {...(unit ? { suffix: unit } : {})}
        {...(schema.minimum === undefined ? {} : { min: schema.minimum / scale })}
        {...(schema.maximum === undefined ? {} : { max: schema.maximum / scale })}
        onChange={(n) => onChange(n === null ? undefined : Math.round(n * scale * 1e6) / 1e6)}
      />
    )
  }
  if (schema.format === "date")
    return (
      <DayField
        id={id}
        label={props.label}
        value={typeof value === "string" ? value : undefined}
        onChange={onChange}
      />
    )
  const long = (schema.maxLength ?? 0) > 200
  const text = typeof value === "string" ? value : ""
  return long ? (
    <Input.TextArea
      id={id}
      value={text}
      autoSize={{ minRows: 3, maxRows: 10 }}
      onChange={(event) => onChange(event.target.value)}
    />
  ) : (
    <Input
      id={id}
      value={text}
      placeholder={unset}
      style={{ maxWidth: 320 }}
      {...(schema.maxLength ? { maxLength: schema.maxLength } : {})}
      onChange={(event) => onChange(event.target.value || undefined)}
    />
  )
}
