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

/** How a list of customers `c` (and their traits `t`, where it is by one of them) is ordered. */
export function orderBy(sort: CustomerSort): { keyset: Keyset; trait: string | null } {
  const { column } = sortParts(sort)
  const trait = TRAITS[column] ?? null
  if (trait)
    return {
      trait,
      keyset: {
        value: `t.${columnOf(trait)}`,
        kind: "integer",
        nullable: true,
        id: "t.number",
        id_type: "int",
      },
    }
  const own = { id: "c.number", id_type: "int" } as const
  return {
    trait: null,
    keyset:
      column === "first_contact"
        ? { ...own, value: "c.first_contact_at", kind: "moment", nullable: true }
        : { ...own, value: own.id, kind: "integer", nullable: false },
  }
}
