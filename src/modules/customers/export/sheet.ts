import type { Words } from "../../../kernel/contract.ts"
import { csvLine, UTF8_MARK } from "../../../kernel/csv.ts"
import { dayString } from "../../../kernel/day.ts"
import { momentText } from "../../../kernel/moments.ts"
import { fenToDecimal } from "../../../kernel/money.ts"
import { maskPhone } from "../../../kernel/text.ts"
import type { Db } from "../../../platform/db.ts"
import type { Registry, TraitOffer } from "../../../spine/offers/index.ts"
import { readTraits, type Values } from "../../../spine/traits/index.ts"
import { EXPORT_PAGE } from "../limits.ts"
import { LIST_TRAITS } from "../list-traits.ts"
import { namesOfOwners, naming } from "../named.ts"
import { maskPhonesIn } from "../phone.ts"
import { type ExportRow, exportPage } from "../store-export.ts"

export type Language = keyof Words
type Facts = { traits: Values; owner: string | null }
type Column = { head: Words; cell(row: ExportRow, facts: Facts): string }

const YUAN: Words = { zh: "（元）", en: " (yuan)" }

/** What a file of customers says of each: what the list shows, each value in words, and phones masked wherever somebody wrote one. */
function columnsOf(registry: Registry, lang: Language): Column[] {
  const traits = LIST_TRAITS.flatMap((name) => registry.traits.get(name) ?? []).map(
    (offer): Column => ({
      head: headOf(offer),
      cell: (_row, { traits }) => valueText(offer, traits[offer.name] ?? null, lang),
    }),
  )
  return [
    { head: { zh: "姓名", en: "Name" }, cell: ({ name }) => maskPhonesIn(name) },
    { head: { zh: "备注", en: "Remark" }, cell: ({ remark }) => maskPhonesIn(remark) },
    { head: { zh: "手机号", en: "Phone" }, cell: ({ phone }) => maskPhone(phone) ?? "" },
    ...traits,
    { head: { zh: "负责人", en: "Owner" }, cell: (_row, { owner }) => owner ?? "" },
    { head: { zh: "来源", en: "Source" }, cell: ({ source_code }) => maskPhonesIn(source_code ?? "") },
    {
      head: { zh: "首次联系时间", en: "First contact" },
      cell: ({ first_contact_at }) => (first_contact_at ? momentText(first_contact_at) : ""),
    },
  ]
}

const headOf = ({ label, unit }: TraitOffer): Words =>
  unit === "fen" ? { zh: `${label.zh}${YUAN.zh}`, en: `${label.en}${YUAN.en}` } : label

/** A trait as a cell: money in yuan, days as dates, words of a closed list as they are called. */
export function valueText({ kind, unit, values }: TraitOffer, value: Values[string], lang: Language): string {
  if (value === null) return ""
  if (Array.isArray(value)) return value.join("、")
  if (typeof value === "number")
    return kind === "day" ? dayString(value) : unit === "fen" ? fenToDecimal(value) : String(value)
  return typeof value === "string" ? (values?.[value]?.[lang] ?? value) : String(value)
}

/**
 * A file that was opened, piece by piece: what is held at once is one page, however many it has. One whose rest was cleared away
 * while it was read throws: whoever gets it sees a download that failed, and not a file that looks whole.
 */
export async function* exportPieces(
  db: Db,
  registry: Registry,
  file: { id: string; people: number; scope: readonly string[] | null; lang: Language },
): AsyncGenerator<string> {
  const columns = columnsOf(registry, file.lang)
  const shown = LIST_TRAITS.filter((name) => registry.traits.has(name))
  yield UTF8_MARK + csvLine(columns.map(({ head }) => head[file.lang]))
  for (let page = 0; page < Math.ceil(file.people / EXPORT_PAGE); page++) {
    const people = await exportPage(db, file.id, page, file.scope)
    if (!people) throw new Error(`page ${page} of the file ${file.id} was cleared away while it was read`)
    const [known, owners] = await Promise.all([
      readTraits(
        db,
        people.map(({ id }) => id),
        shown,
      ),
      namesOfOwners(
        db,
        people.map((p) => p.owner_staff_id),
      ),
    ])
    const named = await naming(db, registry, [...known.values()])
    const lines = people.map((row) => {
      const traits = Object.fromEntries(
        Object.entries(known.get(row.id) ?? {}).map(([name, { value }]) => [name, named(name, value)]),
      )
      const owner = row.owner_staff_id ? (owners.get(row.owner_staff_id) ?? null) : null
      return csvLine(columns.map(({ cell }) => cell(row, { traits, owner })))
    })
    if (lines.length > 0) yield lines.join("")
  }
}
