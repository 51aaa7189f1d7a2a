import { parseDay, startOfDay } from "../../kernel/day.ts"
import { TRAITS_TABLE } from "../../spine/traits/index.ts"
import { askedOf, type Having, type Search, searched } from "./store-search.ts"

export type ListFilter = {
  /** Null for all; else the members of staff whose customers may be seen. */
  scope: string[] | null
  q?: string | undefined
  found_by?: "person" | "tag" | undefined
  /** What else the search may find them by, where somebody looked (soughtBy). */
  having?: readonly Having[] | undefined
  stage?: string | undefined
  standing?: string | undefined
  owner_staff_id?: string | undefined
  account_id?: string | undefined
  left_from?: string | undefined
  left_to?: string | undefined
  /** Of all these, those alone. */
  ids?: readonly string[] | undefined
}

/** What the audit may keep of a filter: the words that were searched for may be somebody's name or phone. */
export function auditedFilter({ q, having: _, ...filter }: Omit<ListFilter, "scope" | "ids">) {
  return { ...filter, searched: q !== undefined && q !== "" }
}

/** How a statement calls the person and whose customer it is. */
export type Called = { id: string; owner: string }
export const CUSTOMER: Called = { id: "c.id", owner: "c.owner_staff_id" }
/** The same of what is known about the customer, which says both too. */
export const KNOWN: Called = { id: "t.customer_id", owner: "t.scope_id" }

/**
 * Conditions only where asked for, so that each shape of the question meets the index that was made for it. `owned`: those of them
 * that say whose customers.
 */
export function conditions(
  filter: ListFilter,
  search: Search = "own",
  called: Called = CUSTOMER,
): { parts: string[]; params: unknown[]; owned: string[] } {
  const params: unknown[] = []
  const parts = ownedBy(filter, called.owner, (value) => `$${params.push(value)}`)
  const owned = [...parts]
  const add = (text: (n: string) => string, value: unknown) => {
    params.push(value)
    parts.push(text(`$${params.length}`))
  }
  if (filter.ids) add((n) => `${called.id} = any(${n}::uuid[])`, filter.ids)
  if (filter.stage) add((n) => `t."customers.stage" = ${n}`, filter.stage)
  if (filter.standing) add((n) => `t."customers.standing" = ${n}`, filter.standing)
  if (filter.account_id)
    add(
      (n) =>
        `exists (select 1 from customers_contacts k where k.customer_id = ${called.id} and k.account_id = ${n} and k.removed_at is null)`,
      filter.account_id,
    )
  if (asksLeft(filter)) {
    const bounds = [
      ["<", startAfter(filter.left_to)],
      [">=", startOf(filter.left_from)],
    ] as const
    const ended = bounds.flatMap(([is, at]) => (at ? [`k.removed_at ${is} $${params.push(at)}`] : []))
    parts.push(
      `exists (select 1 from customers_contacts k where k.customer_id = ${called.id} and ${ended.join(" and ")})`,
    )
  }
  const asked = askedOf(filter)
  if (asked) {
    const add = (value: unknown) => `$${params.push(value)}`
    // With `own`, those found are first narrowed to those whose owner fits: both sets are read off indexes.
    const own = search === "own" ? ownedBy(filter, "o.owner_staff_id", add) : []
    parts.push(searched(asked, search === "each" ? "each" : "set", "c", add, own))
  }
  return { parts, params, owned }
}

/** What a filter says of whose customers they are, of a column that says it. */
export function ownedBy(
  filter: Pick<ListFilter, "scope" | "owner_staff_id">,
  column: string,
  add: (value: unknown) => string,
): string[] {
  const { scope, owner_staff_id } = filter
  return [
    // One is asked for as one: only then are those of one member of staff read in the order of the index.
    ...(scope?.length === 1 ? [`${column} = ${add(scope[0])}::uuid`] : []),
    ...(scope && scope.length !== 1 ? [`${column} = any(${add(scope)}::uuid[])`] : []),
    ...(owner_staff_id ? [`${column} = ${add(owner_staff_id)}::uuid`] : []),
  ]
}

/** Whether a filter asks who left. */
export const asksLeft = (filter: ListFilter) => Boolean(filter.left_from || filter.left_to)

const startOf = (text: string | undefined, later = 0): Date | null => {
  const day = parseDay(text ?? "")
  return day === null ? null : startOfDay(day + later)
}
const startAfter = (text: string | undefined) => startOf(text, 1)

/** Whether a filter asks what is known of customers, beside what they are. */
export const asksTraits = (filter: ListFilter) => Boolean(filter.stage || filter.standing)

const TRAITS_JOINED = `join ${TRAITS_TABLE} t on t.customer_id = c.id`
export const joined = (filter: ListFilter) => (asksTraits(filter) ? TRAITS_JOINED : "")
