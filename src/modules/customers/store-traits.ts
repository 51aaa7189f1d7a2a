import { type Queryable, rows } from "../../platform/db.ts"

export type ProfileTraits = {
  customer_id: string
  region: string | null
  source_code: string | null
  gender: number
  first_contact_at: Date | null
  owner_staff_id: string | null
  account_ids: string[]
  opted_out: boolean
}

/** What segments ask of these customers' profiles and friendships. */
export function profileTraits(q: Queryable, ids: readonly string[]): Promise<ProfileTraits[]> {
  return rows(
    q,
    `select c.id as customer_id, c.region, c.source_code, c.gender, c.first_contact_at, c.owner_staff_id,
       c.opted_out_at is not null as opted_out,
       array(select k.account_id::text from customers_contacts k where k.customer_id = c.id and k.removed_at is null
             order by k.account_id) as account_ids
     from customers_customers c where c.id = any($1::uuid[])`,
    [ids],
  )
}

export type Person = { customer_id: string; number: number; name: string; owner_staff_id: string | null }

/** People by their dense numbers, in that order: how lists of segments show them. */
export function customersByNumber(q: Queryable, numbers: readonly number[]): Promise<Person[]> {
  return rows(
    q,
    "select id as customer_id, number, name, owner_staff_id from customers_customers where number = any($1::int[]) order by number",
    [numbers],
  )
}
