import fc from "fast-check"

/** As much of JSON schema as zod writes of our contracts. */
export type Schema = {
  type?: string | string[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
  propertyNames?: Schema
  items?: Schema
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  format?: string
  pattern?: string
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
}

/** What the server could have made of it: ids that exist, and values for places whose schema says nothing. */
export type Hints = { id(): string; named: Record<string, fc.Arbitrary<unknown>> }

const LONG = 40
const MOMENTS = [
  "2026-11-23T12:00:00+08:00",
  "2026-12-01T00:00:00Z",
  "9999-12-31T23:59:59Z",
  "0001-01-01T00:00:00Z",
]
const DAYS = ["2026-11-23", "2024-02-29", "0001-01-01", "9999-12-31", "0000-01-01"]

/** Values that fit a schema, edges included. */
export function fitting(schema: Schema, hints: Hints, name = ""): fc.Arbitrary<unknown> {
  const known = hints.named[name]
  if (known) return known
  if ("const" in schema) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  const some = schema.anyOf ?? schema.oneOf
  if (some) return fc.oneof(...some.map((one) => fitting(one, hints, name)))
  if (schema.allOf) return fitting(Object.assign({}, ...schema.allOf), hints, name)
  if (Array.isArray(schema.type))
    return fc.oneof(...schema.type.map((type) => fitting({ ...schema, type }, hints, name)))
  switch (schema.type) {
    case "object":
      return objects(schema, hints)
    case "array":
      return fc.array(fitting(schema.items ?? {}, hints), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, Math.max(4, schema.minItems ?? 0)),
      })
    case "string":
      return strings(schema, hints)
    case "boolean":
      return fc.boolean()
    case "null":
      return fc.constant(null)
    case "integer":
    case "number":
      return numbers(schema)
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}

function objects(schema: Schema, hints: Hints): fc.Arbitrary<unknown> {
  const fields = schema.properties ?? {}
  const own = fc.record(
    Object.fromEntries(Object.entries(fields).map(([name, one]) => [name, fitting(one, hints, name)])),
    { requiredKeys: schema.required ?? [] },
  )
  const { additionalProperties: more } = schema
  if (typeof more !== "object") return own
  const free = fc.dictionary(
    schema.propertyNames ? (fitting(schema.propertyNames, hints) as fc.Arbitrary<string>) : fc.string(),
    fitting(more, hints),
    { maxKeys: 3 },
  )
  return fc.tuple(own, free).map(([a, b]) => ({ ...b, ...a }))
}

function strings(schema: Schema, hints: Hints): fc.Arbitrary<unknown> {
  const { minLength = 0, maxLength = LONG } = schema
  if (schema.format === "uuid")
    return fc.oneof({ weight: 4, arbitrary: fc.nat().map(() => hints.id()) }, fc.uuid())
  if (schema.format === "date") return fc.constantFrom(...DAYS)
  if (schema.format === "date-time") return fc.constantFrom(...MOMENTS)
  if (schema.pattern) return fc.stringMatching(new RegExp(schema.pattern))
  return fc.oneof(
    fc.string({ unit: "grapheme", minLength, maxLength: Math.min(maxLength, Math.max(LONG, minLength)) }),
    fc.constant("好".repeat(Math.min(maxLength, 3_000))),
    fc.constantFrom("小明", "a b", "%_\\", "' or 1=1 --", "{{name}}", "1"),
  )
}

function numbers(schema: Schema): fc.Arbitrary<unknown> {
  const min = schema.minimum ?? (schema.exclusiveMinimum === undefined ? -1e6 : schema.exclusiveMinimum + 1)
  const max = schema.maximum ?? Math.max(1e6, min)
  if (schema.type === "number" && schema.minimum === undefined && schema.maximum === undefined)
    return fc.double({ noNaN: true, noDefaultInfinity: true })
  const [low, high] = [Math.max(min, Number.MIN_SAFE_INTEGER), Math.min(max, Number.MAX_SAFE_INTEGER)]
  return fc.oneof(fc.integer({ min: low, max: high }), fc.constant(low), fc.constant(high))
}

/** Text in place of a value that `JSON.stringify` cannot write. */
const RAW = "raw number "
const ODD: unknown[] = [
  null,
  true,
  "",
  "text",
  7,
  -1,
  0.5,
  2_147_483_648,
  Number.MAX_SAFE_INTEGER,
  1e308,
  -1e308,
  `${RAW}-0`,
  `${RAW}1e400`,
  [],
  {},
  [[[[]]]],
  "\u0000",
  "a\ud800",
  "x".repeat(20_000),
  "9999-99-99",
  "2026-11-23T25:00:00Z",
  "00000000-0000-0000-0000-000000000000",
  "../../etc/passwd",
  Array.from({ length: 3_000 }, (_, n) => n),
  JSON.parse('{"__proto__":{"role":"owner"},"constructor":{"prototype":{}}}'),
  JSON.parse(`${"[".repeat(500)}${"]".repeat(500)}`),
]

/** Text that fits by its kind and length, and still cannot be kept. */
const UNKEPT = ["\u0000", "\ud800", "a\udfff"]

/** A fitting value with one place in it replaced, dropped, spoiled or joined by something that does not belong there. */
export function broken(fits: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .record({
      value: fits,
      where: fc.nat(),
      how: fc.constantFrom("replace", "replace", "spoil", "spoil", "drop", "add"),
      odd: fc.constantFrom(...ODD),
      unkept: fc.constantFrom(...UNKEPT),
    })
    .map(({ value, where, how, odd, unkept }) => {
      const copy = structuredClone(value)
      const texts = placesOf(copy).filter((place) => typeof place.in[place.key] === "string")
      const text = how === "spoil" ? texts[where % Math.max(1, texts.length)] : undefined
      if (text) {
        text.in[text.key] = `${text.in[text.key]}${unkept}`.slice(-30)
        return copy
      }
      const places = placesOf(copy)
      const at = places[where % (places.length + 1)]
      if (!at) return odd
      if (how === "drop" && !Array.isArray(at.in)) delete at.in[at.key]
      else if (how === "add") at.in[Array.isArray(at.in) ? at.in.length : "something_else"] = odd
      else at.in[at.key] = odd
      return copy
    })
}

type Place = { in: Record<string | number, unknown>; key: string | number }
function placesOf(value: unknown): Place[] {
  if (typeof value !== "object" || value === null) return []
  const holder = value as Place["in"]
  return Object.keys(value).flatMap((key) => [
    { in: holder, key: Array.isArray(value) ? Number(key) : key },
    ...placesOf(holder[key]),
  ])
}

export const asJson = (value: unknown) =>
  JSON.stringify(value).replace(new RegExp(`"${RAW}([^"]+)"`, "g"), "$1")

/** Where a value does not fit a schema; null where it does. */
export function misfit(schema: Schema, value: unknown, path = "answer"): string | null {
  if ("const" in schema) return value === schema.const ? null : `${path} is not ${schema.const}`
  if (schema.enum) return schema.enum.includes(value) ? null : `${path} is none of ${schema.enum}`
  const some = schema.anyOf ?? schema.oneOf
  if (some) return some.some((one) => misfit(one, value, path) === null) ? null : `${path} fits nothing`
  if (schema.type && ![schema.type].flat().some((type) => isOf(value, type)))
    return `${path} is no ${schema.type}`
  if (Array.isArray(value))
    return first(value.map((one, i) => misfit(schema.items ?? {}, one, `${path}.${i}`)))
  if (typeof value !== "object" || value === null) return null
  const held = value as Record<string, unknown>
  const { properties: fields = {}, additionalProperties: more } = schema
  return first([
    ...(schema.required ?? []).map((name) => (name in held ? null : `${path}.${name} is missing`)),
    ...Object.entries(held).map(([name, one]) => {
      const declared = Object.hasOwn(fields, name)
        ? fields[name]
        : more === false
          ? null
          : more === true
            ? {}
            : more
      if (declared === null) return `${path}.${name} is not declared`
      return misfit(declared ?? {}, one, `${path}.${name}`)
    }),
  ])
}

const first = (found: (string | null)[]) => found.find((one) => one !== null) ?? null

function isOf(value: unknown, type: string): boolean {
  if (type === "null") return value === null
  if (type === "array") return Array.isArray(value)
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value)
  if (type === "integer") return Number.isInteger(value)
  return typeof value === type
}
