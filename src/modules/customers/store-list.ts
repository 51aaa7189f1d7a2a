import type { SortPlace } from "../../kernel/sort.ts"
import { type Queryable, rows } from "../../platform/db.ts"
import { keysOfPage, pageAfter, type Stretch, type Way, walkOrGather } from "../../platform/keyset.ts"
import { TRAITS_TABLE } from "../../spine/traits/index.ts"
import type { CustomerSort } from "./contract.ts"
import { asksLeft, asksTraits, CUSTOMER, conditions, joined, KNOWN, type ListFilter } from "./store-filter.ts"
import { type Order, orderBy } from "./store-order.ts"
import { lookFor, type Search, widely } from "./store-search.ts"

export type ListRow = {
  id: string
  number: number
  name: string
  phone: string | null
  owner_staff_id: string | null
  source_code: string | null
  first_contact_at: Date | null
  remark: string
  sorted_by: number | null
}

/**
 * A page of customers in an order, after the place where the page before ended. In the first order, newest first, who has just
 * come is who there is something to do with. Each order has an index that serves it at any size (store-order.ts).
 */
export async function listRows(
  q: Queryable,
  filter: ListFilter,
  sort: CustomerSort,
  after: SortPlace<number> | null,
  limit: number,
): Promise<ListRow[]> {
  const order = orderBy(sort, asksTraits(filter))
  const few = filter.q !== undefined && filter.q !== "" && !(await widely(q, lookFor(filter.q)))
  return pageAfter<ListRow>(order.keyset, sort, after, limit, async (stretch) => {
    const look = (way: Way) => lookAlong(q, filter, order, stretch, way)
    const way = few ? "gather" : wayTo(filter, order)
    return way === "walk" ? walkOrGather(stretch, look) : look(way)
  })
}

/** Everybody in any order, and those of one member of staff in the first, stand in an index as they are listed. */
function wayTo(filter: ListFilter, order: Order): Way {
  if (asksTraits(filter) || asksLeft(filter) || filter.account_id || filter.q) return "walk"
  if (filter.scope === null && !filter.owner_staff_id) return "read"
  const owners = (filter.scope?.length ?? 0) + (filter.owner_staff_id ? 1 : 0)
  return order.by_number && owners === 1 ? "read" : "walk"
}

function lookAlong(
  q: Queryable,
  filter: ListFilter,
  order: Order,
  stretch: Stretch,
  way: Way,
): Promise<ListRow[]> {
  const search: Search = way === "gather" ? "set" : "each"
  const called = order.of_traits ? KNOWN : CUSTOMER
  const { parts, params } = conditions(filter, search, called)
  const searched = filter.q ? "join customers_customers c on c.id = t.customer_id" : ""
  const page = keysOfPage(order.keyset, stretch, way, {
    ...(order.of_traits ? { table: TRAITS_TABLE, row: "t" } : { table: "customers_customers", row: "c" }),
    beside: order.of_traits ? searched : joined(filter),
    select: `${called.id} as customer_id`,
    parts,
    add: (value) => `$${params.push(value)}`,
  })
  return rows(
    q,
    `select c.id, c.number, c.name, c.phone, c.owner_staff_id, c.source_code, c.first_contact_at, ${REMARK} as remark, page.sorted_by
     from (${page}) page join customers_customers c on c.id = page.customer_id order by ${stretch.orderAs("page.v", "page.n")}`,
    params,
  )
}

/** The company's own remark, else the first, as the account that met the customer first wrote it. */
export const REMARK = `coalesce(nullif(c.remark, ''), (select k.remark from customers_contacts k where k.customer_id = c.id and k.remark <> ''
       order by k.added_at limit 1), '')`
