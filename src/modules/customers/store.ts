import { type Refusal, refuse } from "../../kernel/result.ts"
import { maybeRow, oneRow, type Queryable, rows, type Tx } from "../../platform/db.ts"
import { whereOf } from "../../platform/keyset.ts"
import type { Registry } from "../../spine/offers/index.ts"
import { BY_QUERY_MAX, COUNT_LIMIT } from "./limits.ts"
import { seeking } from "./seeking.ts"
import { conditions, joined, type ListFilter } from "./store-filter.ts"

/** How customers are called, by id; who is gone or has no name is not in it. */
export async function customerNames(q: Queryable, ids: readonly string[]): Promise<Map<string, string>> {
  const found = await rows<{ id: string; name: string }>(
    q,
    "select id, name from customers_customers where id = any($1::uuid[]) and name <> ''",
    [[...new Set(ids)]],
  )
  return new Map(found.map((r) => [r.id, r.name]))
}

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
  registry: Pick<Registry, "names">,
  filter: ListFilter,
  people: number,
): Promise<string[] | Refusal<"count_changed" | "too_many_people">> {
  if (people > BY_QUERY_MAX) return refuse("too_many_people")
  const { sql, params } = everybody(await seeking(q, registry, filter))
  const found = await rows<{ customer_id: string }>(q, `${sql} limit ${BY_QUERY_MAX + 1}`, params)
  return found.length === people ? found.map((r) => r.customer_id) : refuse("count_changed")
}

export type Profile = {
  id: string
  name: string
  remark: string
  phone: string | null
  gender: number
  birthday: string | null
  region: string | null
  avatar: string | null
  source_code: string | null
  owner_staff_id: string | null
  first_contact_at: Date | null
  opted_out_at: Date | null
  consented_at: Date | null
}

/** A customer whom one may see, also by the id that they had before they were merged into another. */
export function profileOf(q: Queryable, id: string, scope: string[] | null): Promise<Profile | undefined> {
  return maybeRow(
    q,
    `select id, name, remark, phone, gender, birthday, region, avatar, source_code, owner_staff_id, first_contact_at, opted_out_at, consented_at
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

/** Who somebody in a chat is, and whose customer; friendships under that very name alone. */
export type InChat = { customer_id: string; owner_staff_id: string | null; contacts: ContactRow[] }

/**
 * The customer whom the channel calls by this name, whoever asks: the caller looks at whose customer it is. Somebody who is known
 * by it from an order or an import alone has no contacts.
 */
export async function personInChat(q: Queryable, external_userid: string): Promise<InChat | undefined> {
  const found = await rows<ContactRow & { customer_id: string; owner_staff_id: string | null }>(
    q,
    `select c.id as customer_id, c.owner_staff_id, k.account_id, k.external_userid, k.remark, k.state, k.added_at,
       k.removed_at, k.removed_by
     from customers_contacts k join customers_customers c on c.id = k.customer_id
     where k.external_userid = $1 order by k.added_at`,
    [external_userid],
  )
  const [first] = found
  if (first) {
    const { customer_id, owner_staff_id } = first
    const contacts = found.map(({ customer_id: _, owner_staff_id: __, ...contact }) => contact)
    return { customer_id, owner_staff_id, contacts }
  }
  const known = await maybeRow<{ customer_id: string; owner_staff_id: string | null }>(
    q,
    `select c.id as customer_id, c.owner_staff_id from customers_identities i join customers_customers c on c.id = i.customer_id
     where i.kind = 'external_userid' and i.value = $1`,
    [external_userid],
  )
  return known ? { ...known, contacts: [] } : undefined
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

/** What accounts call these customers, the account first that met them first. */
export async function remarksOf(q: Queryable, ids: readonly string[]): Promise<Map<string, string[]>> {
  const found = await rows<{ customer_id: string; remarks: string[] }>(
    q,
    `select customer_id, array_agg(remark order by added_at) as remarks from (
       select customer_id, remark, added_at from customers_contacts where customer_id = any($1::uuid[])
       union all select id, remark, '-infinity' from customers_customers where id = any($1::uuid[])) said
     where remark <> '' group by customer_id`,
    [ids],
  )
  return new Map(found.map((r) => [r.customer_id, r.remarks]))
}
