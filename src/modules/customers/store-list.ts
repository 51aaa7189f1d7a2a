import type { SortPlace } from "../../kernel/sort.ts"
import { type Queryable, rows } from "../../platform/db.ts"
import { keysOfPage, pageAfter, type Stretch, type Way, walkOrGather } from "../../platform/keyset.ts"
import { TRAITS_TABLE } from "../../spine/traits/index.ts"
import type { CustomerSort } from "./contract.ts"
import { SEARCH_VERY_WIDE, SEARCH_WIDE } from "./limits.ts"
import { asksLeft, asksTraits, CUSTOMER, conditions, joined, KNOWN, type ListFilter } from "./store-filter.ts"
import { type Order, orderBy } from "./store-order.ts"
import { askedOf, foundUpTo, type Search } from "./store-search.ts"

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
  const asked = askedOf(filter)
  const searched = asked ? wayOfSearch(filter, await foundUpTo(q, asked, SEARCH_VERY_WIDE)) : null
  return pageAfter<ListRow>(order.keyset, sort, after, limit, async (stretch) => {
    const look = (way: Way) => lookAlong(q, filter, order, stretch, way)
    const way = searched ?? wayTo(filter, order)
    return way === "walk" ? walkOrGather(stretch, look) : look(way)
  })
}

/**
 * A few who are found are gathered from the indexes. Of very many the first page is full after a short walk. In between it depends
 * on whose customers one may see: all, and the walk is short; a few in a hundred, and it would find nobody for long, while the two
 * sets are compared from their indexes.
 */
function wayOfSearch(filter: ListFilter, found: number): Way {
  const some = filter.scope !== null || Boolean(filter.owner_staff_id)
  return found > (some ? SEARCH_VERY_WIDE : SEARCH_WIDE) ? "walk" : "gather"
}

/** Everybody in any order, and those of one member of staff in the first, stand in an index as they are listed. */
function wayTo(filter: ListFilter, order: Order): Way {
  if (asksTraits(filter) || asksLeft(filter) || filter.account_id) return "walk"
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
  const { parts, params, owned } = conditions(filter, search, called)
  const searched = filter.q ? "join customers_customers c on c.id = t.customer_id" : ""
  const page = keysOfPage(order.keyset, stretch, way, {
    ...(order.of_traits ? { table: TRAITS_TABLE, row: "t" } : { table: "customers_customers", row: "c" }),
    beside: order.of_traits ? searched : joined(filter),
    select: `${called.id} as customer_id`,
    parts,
    // Who walks for a search walks along their own customers: of everybody's next thousands hardly one may be among them.
    along: filter.q ? owned : [],
    add: (value) => `$${params.push(value)}`,
  })
  return rows(
    q,
    `select c.id, c.number, c.name, c.phone, c.owner_staff_id, c.source_code, c.first_contact_at, ${REMARK} as remark, page.sorted_by
     from (${page}) page join customers_customers c on c.id = page.customer_id order by ${stretch.orderAs("page.v", "page.n")}`,
    params,
  )
}

/** The first remark, as the account that met the customer first wrote it. */
const REMARK = `coalesce((select k.remark from customers_contacts k where k.customer_id = c.id and k.remark <> ''
       order by k.added_at limit 1), '')`
