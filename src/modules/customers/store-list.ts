import type { SortPlace } from "../../kernel/sort.ts"
import { type Queryable, rows } from "../../platform/db.ts"
import { keysOfPage, pageAfter, type Stretch, type Way, walkOrGather } from "../../platform/keyset.ts"
import { TRAITS_TABLE } from "../../spine/traits/index.ts"
import type { CustomerSort } from "./contract.ts"
import { OWN_FEW, OWN_MANY, SEARCH_VERY_WIDE, SEARCH_WIDE } from "./limits.ts"
import {
  asksLeft,
  asksTraits,
  CUSTOMER,
  conditions,
  joined,
  KNOWN,
  type ListFilter,
  ownedBy,
} from "./store-filter.ts"
import { type Order, orderBy } from "./store-order.ts"
import { type Asked, askedOf, foundUpTo, ownedUpTo, type Search } from "./store-search.ts"

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
  const search = asked ? await searchWay(q, filter, asked) : null
  return pageAfter<ListRow>(order.keyset, sort, after, limit, async (stretch) => {
    const look = (way: Way, how: Search) => lookAlong(q, filter, order, stretch, way, how)
    if (search?.way === "gather") return look("gather", search.how)
    const way = search ? "walk" : wayTo(filter, order)
    const gathered = search?.how ?? "set"
    return way === "walk"
      ? walkOrGather(stretch, (one) => look(one, one === "walk" ? "each" : gathered))
      : look(way, gathered)
  })
}

/**
 * A few who are found are gathered from the indexes. Of very many the first page is full after a short walk, which is along one's own
 * customers where one may not see all. In between it depends on how many those are: few are asked one by one; the more are compared,
 * as a set, with the set of those who are found. `how`: what they are gathered by, if the walk was too short.
 */
async function searchWay(
  q: Queryable,
  filter: ListFilter,
  asked: Asked,
): Promise<{ way: "walk" | "gather"; how: Search }> {
  const params: unknown[] = []
  const own = ownedBy(filter, "o.owner_staff_id", (value) => `$${params.push(value)}`)
  const found = await foundUpTo(q, asked, own.length > 0 ? SEARCH_VERY_WIDE : SEARCH_WIDE)
  if (found <= SEARCH_WIDE) return { way: "gather", how: "set" }
  if (own.length === 0) return { way: "walk", how: "set" }
  const owned = await ownedUpTo(q, own, params, OWN_MANY)
  if (owned <= OWN_FEW) return { way: "gather", how: "each" }
  return { way: found > SEARCH_VERY_WIDE || owned > OWN_MANY ? "walk" : "gather", how: "own" }
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
  search: Search,
): Promise<ListRow[]> {
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

/** The company's own remark, else the first, as the account that met the customer first wrote it. */
export const REMARK = `coalesce(nullif(c.remark, ''), (select k.remark from customers_contacts k where k.customer_id = c.id and k.remark <> ''
       order by k.added_at limit 1), '')`
