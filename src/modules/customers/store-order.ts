import { sortParts } from "../../kernel/sort.ts"
import type { Keyset } from "../../platform/keyset.ts"
import { columnOf } from "../../spine/traits/index.ts"
import type { CustomerSort } from "./contract.ts"

/** Columns of what is known about customers, each with an index that the trait's own offer asks for (`listed`). */
const TRAITS: Record<string, string> = {
  last_order: "orders.last_day",
  gmv: "orders.gmv_fen",
  orders: "orders.count",
  points: "points.balance",
}

/** The trait that a sort goes by, if it is one. */
export const traitOf = (sort: CustomerSort): string | null => TRAITS[sortParts(sort).column] ?? null

export type Order = {
  keyset: Keyset
  /** The order stands in what is known about customers, `t`; else in the customers themselves, `c`. */
  of_traits: boolean
  by_number: boolean
}

/**
 * How a list is ordered, and by which index: a trait by its own (traits_customers_by_…), the first contact by
 * customers_customers_first_contact, the rest by the unique `number`, which both tables have: with a filter that asks what is known
 * (`known`), that of the traits, so that no second table is read for people who are left out.
 */
export function orderBy(sort: CustomerSort, known: boolean): Order {
  const trait = traitOf(sort)
  const by_number = sortParts(sort).column === "created"
  const of_traits = trait !== null || (by_number && known)
  const own = { id: of_traits ? "t.number" : "c.number", id_type: "int" } as const
  const keyset: Keyset = trait
    ? { ...own, value: `t.${columnOf(trait)}`, kind: "integer", nullable: true }
    : by_number
      ? { ...own, value: own.id, kind: "integer", nullable: false }
      : { ...own, value: "c.first_contact_at", kind: "moment", nullable: true }
  return { keyset, of_traits, by_number }
}
