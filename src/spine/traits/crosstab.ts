import { type Queryable, rows } from "../../platform/db.ts"
import { columnOf, TRAITS_TABLE } from "./columns.ts"

export type Cell = { values: (string | number)[]; customers: number; sum: number }

/**
 * Customers by the values of one or two traits, with the sum of a third (0 where none is asked for). Customers of whom one of
 * the traits is not known are in no cell.
 */
export async function crosstab(q: Queryable, by: readonly string[], sum: string | null): Promise<Cell[]> {
  const keys = by.map(columnOf)
  const found = await rows<{ values: (string | number)[]; customers: number; sum: number }>(
    q,
    `select jsonb_build_array(${keys.join(", ")}) as values, count(*)::bigint as customers,
       ${sum ? `coalesce(sum(${columnOf(sum)}), 0)::bigint` : "0"} as sum
     from ${TRAITS_TABLE} where ${keys.map((k) => `${k} is not null`).join(" and ")}
     group by ${keys.join(", ")} order by ${keys.join(", ")}`,
  )
  return found
}
