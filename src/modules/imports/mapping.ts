import { type Refusal, refuse } from "../../kernel/result.ts"
import type { Columns, ImportField, ImportKind } from "./kinds.ts"

/** A field's column: its heading, or its number from 1 where the file has no heading. */
export type Mapping = Record<string, string | undefined>
type Asking = Pick<ImportKind, "fields" | "needs">

/** `customer=客户,at=日期,amount=金额`; a comma inside a heading is written `\,`. */
export function parseMapping(kind: Asking, text: string): Mapping | Refusal {
  const mapping: Mapping = {}
  for (const pair of text.split(/(?<!\\),/)) {
    const at = pair.indexOf("=")
    const field = pair.slice(0, at).trim()
    const column = pair
      .slice(at + 1)
      .replaceAll("\\,", ",")
      .trim()
    const known = kind.fields.some(({ name }) => name === field)
    if (at < 1 || column === "" || !known || mapping[field] !== undefined)
      return refuse("bad_mapping", { field: "map", detail: { part: pair } })
    mapping[field] = column
  }
  const missing = missingField(kind, mapping)
  return missing ? refuse("bad_mapping", { field: "map", detail: { missing } }) : mapping
}

/** The first field that is needed and names no column; where one of several would do, the first of them. */
export function missingField({ needs }: Asking, mapping: Mapping): string | null {
  return needs.find((some) => some.every((field) => !mapping[field]))?.[0] ?? null
}

const plain = (text: string) => text.normalize("NFKC").trim().toLowerCase()

/** Where the mapped columns stand; refused where a heading is missing or stands twice. */
export function resolveMapping(
  kind: Asking,
  mapping: Mapping,
  headings: readonly string[] | null,
): Columns | Refusal {
  const columns: Columns = Object.fromEntries(kind.fields.map(({ name }) => [name, -1]))
  const missing = missingField(kind, mapping)
  if (missing) return refuse("bad_mapping", { field: "map", detail: { missing } })
  for (const { name: field } of kind.fields) {
    const wanted = mapping[field]
    if (wanted === undefined) continue
    if (headings === null) {
      if (!/^[1-9]\d{0,3}$/.test(wanted))
        return refuse("bad_mapping", { field: "map", detail: { column: wanted, reason: "number_expected" } })
      columns[field] = Number(wanted) - 1
      continue
    }
    let places = headings.flatMap((h, i) => (h === wanted ? [i] : []))
    if (places.length === 0) places = headings.flatMap((h, i) => (plain(h) === plain(wanted) ? [i] : []))
    if (places.length === 0)
      return refuse("missing_column", { field, detail: { column: wanted, columns: headings.slice(0, 100) } })
    if (places.length > 1) return refuse("ambiguous_column", { field, detail: { column: wanted } })
    columns[field] = places[0]!
  }
  return columns
}

/** The mapping that the headings suggest, Chinese or English, each column for one field; a person confirms it. */
export function guessMapping({ fields }: Pick<ImportKind, "fields">, headings: readonly string[]): Mapping {
  const mapping: Mapping = {}
  const taken = new Set<string>()
  const own = ({ words }: ImportField, heading: string) =>
    [words.zh, words.en].some((word) => plain(word) === plain(heading))
  for (const fits of [own, ({ aliases }: ImportField, heading: string) => aliases?.test(heading.trim())])
    for (const field of fields) {
      if (mapping[field.name] !== undefined) continue
      const heading = headings.find((h) => h !== "" && !taken.has(h) && fits(field, h))
      if (heading === undefined) continue
      mapping[field.name] = heading
      taken.add(heading)
    }
  return mapping
}

/** Of earlier mappings, newest first, the first whose columns all stand in this file. */
export function rememberedMapping(
  { fields }: Pick<ImportKind, "fields">,
  earlier: readonly Mapping[],
  headings: readonly string[],
): Mapping | null {
  const known = new Set(headings)
  const fitting = earlier.find((mapping) => {
    const columns = fields.flatMap(({ name }) => mapping[name] ?? [])
    return columns.length > 0 && columns.every((column) => known.has(column))
  })
  return fitting ?? null
}
