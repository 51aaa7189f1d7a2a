import { oneRow, type Queryable, rows, type Tx } from "../../platform/db.ts"

export type OwnerChange = { id: string; from_staff_id: string | null; to_staff_id: string | null }

/** Writes who looks after whom; gives the rows that changed. */
export function changeOwners(
  t: Tx,
  given: readonly { customer_id: string; staff_id: string | null }[],
  now: Date,
): Promise<OwnerChange[]> {
  return rows(
    t,
    `with other as (
       select c.id, c.owner_staff_id as from_staff_id, g.staff_id as to_staff_id
       from unnest($1::uuid[], $2::uuid[]) as g (customer_id, staff_id) join customers_customers c on c.id = g.customer_id
       where c.owner_staff_id is distinct from g.staff_id order by c.id for update of c)
     update customers_customers c set owner_staff_id = o.to_staff_id, updated_at = $3 from other o where c.id = o.id
     returning c.id, o.from_staff_id, o.to_staff_id`,
    [given.map((g) => g.customer_id), given.map((g) => g.staff_id), now],
  )
}

/** Who looks after each of these customers; who is gone is not in it. */
export async function ownersOf(q: Queryable, ids: readonly string[]): Promise<Map<string, string | null>> {
  const found = await rows<{ id: string; owner_staff_id: string | null }>(
    q,
    "select id, owner_staff_id from customers_customers where id = any($1::uuid[])",
    [ids],
  )
  return new Map(found.map((r) => [r.id, r.owner_staff_id]))
}

/** How many customers somebody looks after. */
export async function ownedBy(q: Queryable, staff_id: string): Promise<number> {
  const sql = "select count(*)::int as n from customers_customers where owner_staff_id = $1"
  return (await oneRow<{ n: number }>(q, sql, [staff_id])).n
}

/** How many friends of the company are looked after by nobody of these. */
export async function ownedByNobody(q: Queryable, active: readonly string[]): Promise<number> {
  return (
    await oneRow<{ n: number }>(
      q,
      `select count(*)::int as n from customers_customers c where (c.owner_staff_id is null or c.owner_staff_id <> all($1::uuid[]))
         and exists (select from customers_contacts k where k.customer_id = c.id and k.removed_at is null)`,
      [active],
    )
  ).n
}
