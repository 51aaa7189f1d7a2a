import { type Refusal, refuse } from "../../kernel/result.ts"
import type { SortPlace } from "../../kernel/sort.ts"
import { maybeRow, oneRow, type Queryable, rows, type Tx } from "../../platform/db.ts"
import { pageAfter } from "../../platform/keyset.ts"
import { TRAITS_TABLE } from "../../spine/traits/index.ts"
import type { CustomerSort } from "./contract.ts"
import { BY_QUERY_MAX, COUNT_LIMIT } from "./limits.ts"
import { orderBy } from "./store-order.ts"
import { lookFor, type Search, searched, widely } from "./store-search.ts"

export type ListFilter = {
  /** Null for all; else the members of staff whose customers may be seen. */
  scope: string[] | null
  q?: string | undefined
  stage?: string | undefined
  standing?: string | undefined
  owner_staff_id?: string | undefined
  account_id?: string | undefined
}

/** What the audit may keep of a filter: the words that were searched for may be somebody's name or phone. */
export function auditedFilter({ q, ...filter }: Omit<ListFilter, "scope">) {
  return { ...filter, searched: q !== undefined && q !== "" }
}

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

/** Conditions only where asked for, so that each shape of the question meets the index that was made for it. */
function conditions(filter: ListFilter, search: Search = "set"): { parts: string[]; params: unknown[] } {
  const params: unknown[] = []
  const parts: string[] = []
  const add = (text: (n: string) => string, value: unknown) => {
    params.push(value)
    parts.push(text(`$${params.length}`))
  }
  if (filter.scope) add((n) => `c.owner_staff_id = any(${n}::uuid[])`, filter.scope)
  if (filter.owner_staff_id) add((n) => `c.owner_staff_id = ${n}`, filter.owner_staff_id)
  if (filter.stage) add((n) => `t."customers.stage" = ${n}`, filter.stage)
  if (filter.standing) add((n) => `t."customers.standing" = ${n}`, filter.standing)
  if (filter.account_id)
    add(
      (n) =>
        `exists (select 1 from customers_contacts k where k.customer_id = c.id and k.account_id = ${n} and k.removed_at is null)`,
      filter.account_id,
    )
  const asked = filter.q ? lookFor(filter.q) : null
  if (asked) add((n) => searched(asked, search, n), asked.value)
  return { parts, params }
}

const whereOf = (parts: readonly string[]) => (parts.length > 0 ? `where ${parts.join(" and ")}` : "")

/** How customers are called, by id; who is gone or has no name is not in it. */
export async function customerNames(q: Queryable, ids: readonly string[]): Promise<Map<string, string>> {
  const found = await rows<{ id: string; name: string }>(
    q,
    "select id, name from customers_customers where id = any($1::uuid[]) and name <> ''",
    [[...new Set(ids)]],
  )
  return new Map(found.map((r) => [r.id, r.name]))
}

/**
 * A page of customers in an order, after the place where the page before ended. In the first order, newest first, who has just
 * come is who there is something to do with. Each order is read off an index at any size (see store-order.ts); those of some members
 * of staff only are found by customers_customers_owner where they are few.
 */
export async function listRows(
  q: Queryable,
  filter: ListFilter,
  sort: CustomerSort,
  after: SortPlace<number> | null,
  limit: number,
): Promise<ListRow[]> {
  const search = filter.q && (await widely(q, lookFor(filter.q))) ? "each" : "set"
  const order = orderBy(sort)
  return pageAfter<ListRow>(order.keyset, sort, after, limit, (stretch) => {
    const { parts, params } = conditions(filter, search)
    parts.push(...stretch.conditions((value) => `$${params.push(value)}`))
    return rows(
      q,
      `select c.id, c.number, c.name, c.phone, c.owner_staff_id, c.source_code, c.first_contact_at, ${REMARK} as remark,
         ${stretch.sorted_by} as sorted_by
       from customers_customers c ${order.trait ? TRAITS_JOINED : joined(filter)} ${whereOf(parts)}
       order by ${stretch.order} limit $${params.push(stretch.limit)}`,
      params,
    )
  })
}

/** The first remark, as the account that met the customer first wrote it. */
const REMARK = `coalesce((select k.remark from customers_contacts k where k.customer_id = c.id and k.remark <> ''
       order by k.added_at limit 1), '')`

/** How many there are, exact up to COUNT_LIMIT; one more says that there are more. */
export async function countRows(q: Queryable, filter: ListFilter): Promise<number> {
  const { parts, params } = conditions(filter)
  const found = await rows<{ count: number }>(
    q,
    `select count(*) from (select 1 from customers_customers c ${joined(filter)} ${whereOf(parts)} limit $${params.push(COUNT_LIMIT + 1)}) few`,
    params,
  )
  return found[0]?.count ?? 0
}

/** How many there are, to the last one. */
export async function countAll(q: Queryable, filter: ListFilter): Promise<number> {
  const { sql, params } = everybody(filter)
  return (await oneRow<{ n: number }>(q, `select count(*) as n from (${sql}) everybody`, params)).n
}

/** Everybody whom a filter holds, as a statement that gives `customer_id`. */
export function everybody(filter: ListFilter): { sql: string; params: unknown[] } {
  const { parts, params } = conditions(filter)
  return {
    sql: `select c.id as customer_id from customers_customers c ${joined(filter)} ${whereOf(parts)}`,
    params,
  }
}

/** Everybody whom a filter holds, where they are as many as somebody was told; at most BY_QUERY_MAX. */
export async function everybodyOf(
  q: Queryable,
  filter: ListFilter,
  people: number,
): Promise<string[] | Refusal<"count_changed" | "too_many_people">> {
  if (people > BY_QUERY_MAX) return refuse("too_many_people")
  const { sql, params } = everybody(filter)
  const found = await rows<{ customer_id: string }>(q, `${sql} limit ${BY_QUERY_MAX + 1}`, params)
  return found.length === people ? found.map((r) => r.customer_id) : refuse("count_changed")
}

const TRAITS_JOINED = `join ${TRAITS_TABLE} t on t.customer_id = c.id`
const joined = (filter: ListFilter) => (filter.stage || filter.standing ? TRAITS_JOINED : "")

export type Profile = {
  id: string
  name: string
  phone: string | null
  gender: number
  region: string | null
  avatar: string | null
  source_code: string | null
  owner_staff_id: string | null
  first_contact_at: Date | null
  opted_out_at: Date | null
}

/** A customer whom one may see, also by the id that they had before they were merged into another. */
export function profileOf(q: Queryable, id: string, scope: string[] | null): Promise<Profile | undefined> {
  return maybeRow(
    q,
    `select id, name, phone, gender, region, avatar, source_code, owner_staff_id, first_contact_at, opted_out_at
     from customers_customers where id = coalesce((select into_id from facts_merged where from_id = $1), $1) and ($2::uuid[] is null or owner_staff_id = any($2))`,
    [id, scope],
  )
}

export type ContactRow = {
  account_id: string
  external_userid: string
  remark: string
  state: string | null
  added_at: Date
  removed_at: Date | null
  removed_by: string | null
}

export function contactsOf(q: Queryable, id: string): Promise<ContactRow[]> {
  return rows(
    q,
    `select account_id, external_userid, remark, state, added_at, removed_at, removed_by from customers_contacts
     where customer_id = $1 order by added_at`,
    [id],
  )
}

export async function saveOptOut(t: Tx, id: string, at: Date | null): Promise<void> {
  await t.query("update customers_customers set opted_out_at = $2 where id = $1", [id, at])
}

/** People added by each code. */
export async function addedByState(q: Queryable, states: string[]): Promise<Map<string, number>> {
  const found = await rows<{ state: string; count: number }>(
    q,
    "select state, count(*) from customers_contacts where state = any($1::text[]) group by state",
    [states],
  )
  return new Map(found.map((f) => [f.state, f.count]))
}

/**
 * Published for the outbox: a row for every contact that exists now — whom an account can reach, under which reference, by
 * which name, since when, and whether the person asked not to be written to.
 */
export const CONTACTS_SQL = `select k.customer_id, k.account_id, k.external_userid as ref,
    c.name as name, k.added_at, (c.opted_out_at is not null) as opted_out
  from customers_contacts k join customers_customers c on c.id = k.customer_id where k.removed_at is null`
