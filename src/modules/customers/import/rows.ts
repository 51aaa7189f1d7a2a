import { SHANGHAI_OFFSET_MS } from "../../../kernel/day.ts"
import { parseMoment } from "../../../kernel/moments.ts"
import type { TableRow } from "../../../platform/tables/table.ts"
import {
  type Cells,
  type Columns,
  cellsOf,
  type Failure,
  isFailure,
  type RowFailure,
} from "../../imports/index.ts"
import { NAME_MAX_LENGTH, REMARK_MAX_LENGTH } from "../limits.ts"
import { keysOf } from "../pinyin.ts"
import type { Identity } from "../rules.ts"
import type { CustomerFailure } from "./failures.ts"
import { IDENTITY_FIELD_NAMES, identitiesOf } from "./identity.ts"

/** One row as the mapping reads it; null where it says nothing. */
export type CustomerRow = {
  identities: Identity[]
  name: string | null
  remark: string | null
  gender: number | null
  birthday: string | null
  region: string | null
  source_code: string | null
  /** A member of staff, by name, login or the channel's id. */
  owner: string | null
  first_contact_at: Date | null
  consent: boolean | null
  /** Cells of columns that other modules take, by field. */
  others: Record<string, string>
}

const GENDERS: Record<string, number> = {
  未知: 0,
  男: 1,
  男性: 1,
  先生: 1,
  male: 1,
  m: 1,
  女: 2,
  女性: 2,
  女士: 2,
  female: 2,
  f: 2,
  unknown: 0,
}
const CONSENT: Record<string, boolean> = {
  是: true,
  同意: true,
  已同意: true,
  yes: true,
  y: true,
  true: true,
  "1": true,
  否: false,
  不同意: false,
  退订: false,
  已退订: false,
  no: false,
  n: false,
  false: false,
  "0": false,
}

const WHOLE = [...IDENTITY_FIELD_NAMES, "name"]

/** Reads one row; the first thing that is wrong with it is its failure. */
export function readRow(
  row: TableRow,
  columns: Columns,
  others: readonly string[],
): CustomerRow | Failure<CustomerFailure | RowFailure> {
  const cell = cellsOf(row, columns, { whole: WHOLE, exact: row.marks ? Object.keys(columns) : [] })
  if (isFailure(cell)) return cell
  const identities = identitiesOf(cell)
  if (isFailure(identities)) return identities
  const text = (field: string) => cell(field) || null
  const [name, remark, region, source_code] = ["name", "remark", "region", "source_code"].map(text)
  if (letters(name) > NAME_MAX_LENGTH) return { failed: "name_too_long" }
  // Read here, while the batch before is written, and remembered until this one is.
  if (name) keysOf(name)
  if (letters(remark) > REMARK_MAX_LENGTH) return { failed: "remark_too_long" }
  if (letters(region) > NAME_MAX_LENGTH || letters(source_code) > NAME_MAX_LENGTH)
    return { failed: "text_too_long_here" }
  const gender = chosen(GENDERS, cell("gender"))
  if (gender === undefined) return { failed: "bad_gender" }
  const birthday = birthdayOf(cell("birthday"))
  if (birthday === undefined) return { failed: "bad_birthday" }
  const first_contact_at = momentOf(cell, "first_contact_at")
  if (first_contact_at === undefined) return { failed: "bad_date" }
  const consent = chosen(CONSENT, cell("consent"))
  if (consent === undefined) return { failed: "bad_consent" }
  return {
    identities,
    name: name ?? null,
    remark: remark ?? null,
    gender,
    birthday,
    region: region ?? null,
    source_code: source_code ?? null,
    owner: text("owner"),
    first_contact_at,
    consent,
    others: Object.fromEntries(others.map((field) => [field, cell(field)])),
  }
}

/** Letters as people count them, counted one by one only where it matters. */
const letters = (text: string | null | undefined) =>
  !text ? 0 : text.length <= REMARK_MAX_LENGTH ? text.length : [...text].length

/** Null where nothing is said, undefined where it is none of the words. */
function chosen<T>(words: Record<string, T>, text: string): T | null | undefined {
  if (text === "") return null
  const word = text.normalize("NFKC").toLowerCase()
  return Object.hasOwn(words, word) ? words[word] : undefined
}

const momentOf = (cell: Cells, field: string): Date | null | undefined =>
  cell(field) === "" ? null : (parseMoment(cell(field)) ?? undefined)

/** `1990-05-20` where the year is told, `--05-20` where it is not; undefined for days that no calendar has. */
export function birthdayOf(text: string): string | null | undefined {
  if (text === "") return null
  const plain = text.normalize("NFKC")
  const yearless = /^(?:--)?(\d{1,2})[-/.月](\d{1,2})日?$/.exec(plain)
  // In a leap year every day that there is exists.
  const at = parseMoment(yearless ? `2000-${yearless[1]}-${yearless[2]}` : plain)
  if (!at) return undefined
  const day = new Date(at.getTime() + SHANGHAI_OFFSET_MS).toISOString().slice(0, 10)
  return yearless ? `--${day.slice(5)}` : day
}
