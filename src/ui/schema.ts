import type { Words } from "../kernel/contract.ts"
import { type Bounds, numberProblem, type Said, yuanOf, yuanWithin } from "./number.ts"

/** The part of JSON schema that conditions, actions and settings are declared in. */
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
  /** A setting's own words; the names of arguments are in the word lists. */
  label?: Words
  hint?: Words
  /** What it means that nothing is given. */
  empty?: Words
  /** What can be chosen, each with its words: a list that is lent, and that what was chosen before may have left. */
  choices?: Record<string, Words>
  /** Kept as it is; nobody is asked. */
  hidden?: boolean
}

export type Args = Record<string, unknown>

/** The fields that somebody is asked for, each without its "or null". */
export function fieldsOf(schema: Schema, money = false): { name: string; field: Schema; must: boolean }[] {
  return Object.entries(schema.properties ?? {})
    .filter(([, field]) => !field.hidden)
    .map(([name, declared]) => {
      const field = unwrap(declared)
      const fen = field.unit === "fen" || (!field.unit && (money || name.endsWith("_fen")))
      return {
        name,
        field: fen ? { ...field, unit: "fen" } : field,
        must: (schema.required ?? []).includes(name) && !isNullable(declared),
      }
    })
}

export const isNullable = (s: Schema) => s.anyOf?.some((one) => one.type === "null") ?? false
function unwrap(s: Schema): Schema {
  const real = s.anyOf?.filter((one) => one.type !== "null")
  return real?.length === 1 && real[0] ? { ...s, ...real[0] } : s
}

/** What a list holds. */
export const itemOf = (list: Schema): Schema => unwrap(list.items ?? {})

const isGiven = (value: unknown) => value !== undefined && value !== null && value !== ""
export const isNumber = (field: Schema) => field.type === "number" || field.type === "integer"

/** The bounds of a number as it is typed: money travels as whole fen and is typed as yuan. */
export function boundsOf(field: Schema): Bounds {
  const min = real(field.minimum)
  const max = real(field.maximum)
  if (field.unit === "fen") return yuanWithin({ min, max })
  return { min, max, decimals: field.type === "integer" ? 0 : undefined }
}

/** Every whole number has the bounds of the machine; they are nothing to tell. */
const real = (bound: number | undefined) =>
  bound === undefined || Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? undefined : bound

/** What is wrong with one field, null where nothing is. */
export function fieldProblem(one: { field: Schema; must: boolean }, value: unknown): Said | null {
  const { field, must } = one
  if (!isGiven(value)) return must ? { word: "ui.required" } : null
  if (Array.isArray(value)) {
    if (value.length < (field.minItems ?? 0)) return { word: "ui.required" }
    return value.map((one) => typedProblem(itemOf(field), one)).find((problem) => problem !== null) ?? null
  }
  return typedProblem(field, value)
}

function typedProblem(field: Schema, value: unknown): Said | null {
  if (!isNumber(field)) return null
  if (typeof value !== "number") return { word: "ui.no_number" }
  return numberProblem(field.unit === "fen" ? yuanOf(value) : value, boundsOf(field))
}

/** Whether every field that must be there is, and is within its bounds. The server checks the rest. */
export function isFilled(schema: Schema, args: Args): boolean {
  const all = Object.keys(schema.properties ?? {})
  // Bounds that are all optional still want one of them: "between nothing and nothing" says nothing.
  if (all.length > 0 && (schema.required ?? []).length === 0 && !all.some((name) => isGiven(args[name])))
    return false
  return fieldsOf(schema).every((one) => fieldProblem(one, args[one.name]) === null)
}

/** What stands in a new form: the declared defaults. */
export function firstArgs(schema: Schema): Args {
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
      field.default === undefined ? [] : [[name, field.default]],
    ),
  )
}
