import { type SortPlace, sortParts } from "../../kernel/sort.ts"
import { maybeRow, type Queryable, rows } from "../../platform/db.ts"
import { type Keyset, keysOfPage, pageAfter, type Way, walkOrGather } from "../../platform/keyset.ts"
import { TRAITS_TABLE } from "../../spine/traits/index.ts"
import { type OrderSort, orderSorting } from "./contract.ts"
import { SOURCES_SHOWN } from "./limits.ts"

export type OrderRow = {
  order_id: string
  customer_id: string
  customer: string
  source: string
  /** The shop's number, or the line of the file. */
  order_no: string | null
  line: number | null
  paid_at: Date
  paid_fen: number
  refunded_fen: number
  cancelled: boolean
  lead_only: boolean
  source_code: string | null
}
type SortedOrder = OrderRow & { sorted_by: number | null }

export type OrderFilter = {
  /** Null for all; else the members of staff whose customers' orders may be seen. */
  scope: readonly string[] | null
  customer_id?: string | undefined
  order_id?: string | undefined
  source?: string | undefined
  order_no?: string | undefined
  from?: Date | undefined
  to?: Date | undefined
}

/** By when they were paid (orders_orders_time; one customer's: the primary key), or by how much (orders_orders_amount). */
function orderBy(sort: OrderSort): Keyset {
  const own = { nullable: false, id: "o.order_id", id_type: "uuid" } as const
  return sortParts(sort).column === "paid_fen"
    ? { ...own, value: "o.paid_fen", kind: "integer" }
    : { ...own, value: "o.paid_at", kind: "moment" }
}

const COLUMNS = `o.order_id, o.customer_id, k.name_in_source as customer, s.name as source, o.order_no, o.line, o.paid_at,
  o.paid_fen, o.refunded_fen, o.cancelled_day is not null as cancelled, o.lead_only, o.source_code`

/** A page of orders in an order, after the place where the page before ended. */
export async function orderRows(
  q: Queryable,
  filter: OrderFilter,
  sort: OrderSort,
  after: SortPlace<string> | null,
  limit: number,
): Promise<SortedOrder[]> {
  const by = orderBy(sort)
  const source_id = filter.source === undefined ? null : await sourceOf(q, filter.source)
  if (source_id === undefined) return []
  return pageAfter<SortedOrder>(by, sort, after, limit, (stretch) => {
    const look = (way: Way) => {
      const { parts, params } = conditions(filter, source_id)
      const page = keysOfPage(by, stretch, way, {
        table: "orders_orders",
        row: "o",
        beside: "",
        select: "o.customer_id, o.paid_at, o.order_id",
        parts,
        add: (value) => `$${params.push(value)}`,
      })
      return rows<SortedOrder>(
        q,
        `select ${COLUMNS}, page.sorted_by from (${page}) page
         join orders_orders o using (customer_id, paid_at, order_id)
         join orders_sources s using (source_id) join orders_by_customer k using (customer_id)
         order by ${stretch.orderAs("page.v", "page.n")}`,
        params,
      )
    }
    const way = wayTo(filter, sort)
    return way === "walk" ? walkOrGather(stretch, look) : look(way)
  })
}

/**
 * Everything in any order, and one customer's or a span of time by time, stand in an index as they are listed. One customer's
 * or one number's orders are few; what else a filter holds may be many or few.
 */
function wayTo(filter: OrderFilter, sort: OrderSort): Way {
  const { scope, customer_id, order_id, source, order_no, from, to } = filter
  const by_time = sortParts(sort).column === "paid_at"
  if (order_id || order_no) return "gather"
  if (customer_id) return by_time ? "read" : "gather"
  if (scope || source !== undefined) return "walk"
  return by_time || !(from || to) ? "read" : "walk"
}

/** Names under which orders came in, the newest first. */
export function sources(q: Queryable): Promise<{ source: string }[]> {
  return rows(q, "select name as source from orders_sources order by source_id desc limit $1", [
    SOURCES_SHOWN,
  ])
}

async function sourceOf(q: Queryable, name: string): Promise<number | undefined> {
  const found = await maybeRow<{ source_id: number }>(
    q,
    "select source_id from orders_sources where name = $1",
    [name],
  )
  return found?.source_id
}

function conditions(filter: OrderFilter, source_id: number | null): { parts: string[]; params: unknown[] } {
  const params: unknown[] = []
  const parts: string[] = []
  const add = (text: (n: string) => string, value: unknown) => parts.push(text(`$${params.push(value)}`))
  if (filter.scope)
    add(
      (n) =>
        `exists (select 1 from ${TRAITS_TABLE} t where t.customer_id = o.customer_id and t.scope_id = any(${n}::uuid[]))`,
      filter.scope,
    )
  if (filter.customer_id) add((n) => `o.customer_id = ${n}`, filter.customer_id)
  if (filter.order_id) add((n) => `o.order_id = ${n}`, filter.order_id)
  if (source_id !== null) add((n) => `o.source_id = ${n}`, source_id)
  if (filter.order_no)
    add(
      (n) => `o.source_id = any(array(select source_id from orders_sources)) and o.order_no = ${n}`,
      filter.order_no,
    )
  if (filter.from) add((n) => `o.paid_at >= ${n}`, filter.from)
  if (filter.to) add((n) => `o.paid_at < ${n}`, filter.to)
  return { parts, params }
}

/** One order, where its customer may be seen. */
export async function orderById(
  q: Queryable,
  scope: readonly string[] | null,
  customer_id: string,
  order_id: string,
): Promise<OrderRow | undefined> {
  const found = await orderRows(q, { scope, customer_id, order_id }, orderSorting.first, null, 1)
  return found[0]
}

export type LineRow = {
  customer_id: string
  order_id: string
  n: number
  sku: string
  name: string
  category: string
  kind: string
  qty: number
  fen: number
}

/** The lines of these orders, in their order. */
export function linesOf(
  q: Queryable,
  orders: readonly { customer_id: string; order_id: string }[],
): Promise<LineRow[]> {
  return rows(
    q,
    `select l.customer_id, l.order_id, l.n, l.sku, l.name, l.category, l.kind, l.qty, l.fen
     from unnest($1::uuid[], $2::uuid[]) as a (customer_id, order_id) join orders_lines l using (customer_id, order_id)
     order by l.order_id, l.n`,
    [orders.map((o) => o.customer_id), orders.map((o) => o.order_id)],
  )
}

export type RefundRow = { refund_no: string; at: Date; refund_fen: number; cancellation: boolean }

/** Refunds of one order, the first first. */
export function refundsOf(q: Queryable, customer_id: string, order_id: string): Promise<RefundRow[]> {
  return rows(
    q,
    `select refund_no, at, refund_fen, cancellation from orders_refunds
     where customer_id = $1 and order_id = $2 order by at, refund_id`,
    [customer_id, order_id],
  )
}

export type Figures = {
  customer_id: string
  /** As the file or the shop names the customer. */
  customer: string | null
  order_count: number
  gmv_fen: number
  refund_fen: number
  first_day: number | null
  last_day: number | null
}

/** Kept figures of these customers; who never bought is missing. */
export function figuresOf(q: Queryable, customer_ids: readonly string[]): Promise<Figures[]> {
  return rows(
    q,
    `select customer_id, name_in_source as customer, order_count, gmv_fen, refund_fen, first_day, last_day from orders_by_customer
     where customer_id = any($1::uuid[])`,
    [customer_ids],
  )
}
