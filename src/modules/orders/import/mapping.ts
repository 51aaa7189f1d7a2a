import { type Refusal, refuse } from "../../../kernel/result.ts"

export const MAP_FIELDS = ["customer", "at", "amount", "product", "order"] as const
export type MapField = (typeof MAP_FIELDS)[number]
/** A field's column: its heading, or its number from 1 where the file has no heading. */
export type Mapping = Partial<Record<MapField, string>>
/** Places of the mapped columns, from 0; -1 where a field is not mapped. */
export type Columns = Record<MapField, number>

const NEEDED = ["customer", "at", "amount"] as const

/** `customer=客户,at=日期,amount=金额`; a comma inside a heading is written `\,`. */
export function parseMapping(text: string): Mapping | Refusal {
  const mapping: Mapping = {}
  for (const pair of text.split(/(?<!\\),/)) {
    const at = pair.indexOf("=")
    const field = pair.slice(0, at).trim() as MapField
    const column = pair
      .slice(at + 1)
      .replaceAll("\\,", ",")
      .trim()
    if (at < 1 || column === "" || !MAP_FIELDS.includes(field) || mapping[field] !== undefined)
      return refuse("bad_mapping", { field: "map", detail: { part: pair } })
    mapping[field] = column
  }
  const missing = NEEDED.find((field) => mapping[field] === undefined)
  return missing ? refuse("bad_mapping", { field: "map", detail: { missing } }) : mapping
}

/** Where the mapped columns stand; refused where a heading is missing or stands twice. */
export function resolveMapping(mapping: Mapping, headings: string[] | null): Columns | Refusal {
  const columns = Object.fromEntries(MAP_FIELDS.map((field) => [field, -1])) as Columns
  for (const field of MAP_FIELDS) {
    const wanted = mapping[field]
    if (wanted === undefined) {
      if ((NEEDED as readonly string[]).includes(field))
        return refuse("bad_mapping", { field: "map", detail: { missing: field } })
      continue
    }
    if (headings === null) {
      if (!/^[1-9]\d{0,3}$/.test(wanted))
        return refuse("bad_mapping", { field: "map", detail: { column: wanted, reason: "number_expected" } })
      columns[field] = Number(wanted) - 1
      continue
    }
    const plain = (s: string) => s.normalize("NFKC").trim().toLowerCase()
    let places = headings.flatMap((h, i) => (h === wanted ? [i] : []))
    if (places.length === 0) places = headings.flatMap((h, i) => (plain(h) === plain(wanted) ? [i] : []))
    if (places.length === 0)
      return refuse("missing_column", { field, detail: { column: wanted, columns: headings.slice(0, 100) } })
    if (places.length > 1) return refuse("ambiguous_column", { field, detail: { column: wanted } })
    columns[field] = places[0]!
  }
  return columns
}

const CUSTOMARY: Record<MapField, RegExp> = {
  customer:
    /^(客户|顾客|会员|买家|用户)(编号|号|id|ID|标识|昵称|名称|姓名|账号|会员名)?$|^(customer|buyer|member|user)[ _-]?(id|no|number|name)?$/i,
  at: /^(付款|支付|下单|成交|购买|订单|交易|创建)?(时间|日期)$|^((order|pay|paid|invoice|purchase)[ _-]?)?(date|time|at)$/i,
  amount:
    /^(实付|实收|付款|支付|订单|成交|交易|消费|应付|买家实际支付)?(总?金额|款)(\(元\)|（元）)?$|^(grand[ _-]?total|revenue|amount([ _-]\w{3})?|total|dollar[ _-]?value|paid)$/i,
  product: /^(商品|产品|货品|宝贝)(名称|标题|名)?$|^(product|item|description)([ _-]?(name|title))?$/i,
  order: /^(订单|交易|单据|发票)(编号|号|id)$|^(order|invoice)[ _-]?(no|number|id)$/i,
}

/** The mapping that the headings suggest, Chinese or English; a person confirms it. */
export function guessMapping(headings: readonly string[]): Mapping {
  const mapping: Mapping = {}
  for (const field of MAP_FIELDS) {
    const heading = headings.find((h) => CUSTOMARY[field].test(h.trim()))
    if (heading !== undefined) mapping[field] = heading
  }
  return mapping
}
