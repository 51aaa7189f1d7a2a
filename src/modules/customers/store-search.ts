import { type Queryable, rows } from "../../platform/db.ts"
import { SEARCH_WIDE } from "./limits.ts"

/** What is looked for, and where: columns of the customer, columns of what staff call them, which both know. */
export type LookFor = { value: string; customers: Place[]; remarks: Place[] }
type Place = { column: string; whole?: boolean }

/** Names and remarks by their beginning, their pinyin or initials; four digits are a phone's last. */
export function lookFor(q: string): LookFor {
  const plain = q.normalize("NFKC")
  const text = plain.toLowerCase()
  if (/^\d{4}$/.test(text))
    return {
      value: text,
      customers: [{ column: "phone_last4", whole: true }, { column: "name" }],
      remarks: [{ column: "remark" }],
    }
  if (/^[a-z0-9]+$/.test(text))
    return {
      value: text,
      customers: [{ column: "name_pinyin" }, { column: "name_initials" }],
      remarks: [{ column: "remark_pinyin" }, { column: "remark_initials" }],
    }
  return { value: plain, customers: [{ column: "name" }], remarks: [{ column: "remark" }] }
}

/**
 * Two ways to one answer. `set`: everybody found, gathered from each index, right for the few. `each`: customers newest first,
 * asked one by one, right where so many are found that the first page is full at once. A surname at a million customers, first
 * page: 750 ms as a set, 14 ms one by one; a rare name the other way round.
 */
export type Search = "set" | "each"

export function searched(look: LookFor, search: Search, n: string): string {
  if (search === "set") return `c.id in (${found(look, n)})`
  const own = [...look.customers, ...look.remarks].map((place) => test("c", place, n))
  const said = look.remarks.map((place) => test("r", place, n))
  // A value and no "exists", which the planner would turn back into the set of all.
  return `(${own.join(" or ")} or coalesce((select true from customers_contacts r
    where r.customer_id = c.id and r.remark <> '' and (${said.join(" or ")}) limit 1), false))`
}

/** Whether more than SEARCH_WIDE are found; looks no further than that. */
export async function widely(q: Queryable, look: LookFor): Promise<boolean> {
  const [answer] = await rows<{ wide: boolean }>(
    q,
    `select count(*) > ${SEARCH_WIDE} as wide from (select 1 from (${found(look, "$1")}) everybody limit ${SEARCH_WIDE + 1}) few`,
    [look.value],
  )
  return answer?.wide ?? false
}

/** Where remarks stand: the company's own, and what each account's staff wrote. */
const REMARKED = [
  ["customers_customers", "id"],
  ["customers_contacts", "customer_id"],
] as const

/** Everybody found, some more than once: each part is one range of one index. */
const found = (look: LookFor, n: string) =>
  [
    ...look.customers.map((place) => `select s.id from customers_customers s where ${test("s", place, n)}`),
    ...REMARKED.flatMap(([table, id]) =>
      look.remarks.map(
        (place) => `select s.${id} from ${table} s where s.${place.column} <> '' and ${test("s", place, n)}`,
      ),
    ),
  ].join(" union all ")

/** The beginning is a range that an index in "C" order serves whatever the text holds. */
function test(of: string, place: Place, n: string): string {
  const column = place.column === "remark" ? `(${of}.remark collate "C")` : `${of}.${place.column}`
  return place.whole ? `${column} = ${n}` : `(${column} >= ${n} and ${column} < ${n} || U&'\\+10FFFF')`
}
