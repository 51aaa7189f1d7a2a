import { type Queryable, rows } from "../../platform/db.ts"

/** In which living groups each of these customers is, and since when in any. */
export function membershipOf(
  q: Queryable,
  ids: readonly string[],
): Promise<{ customer_id: string; group_ids: string[]; last_spoke_at: Date | null }[]> {
  return rows(
    q,
    `select k.id as customer_id,
       coalesce(array_agg(distinct m.group_id::text) filter (where g.id is not null and m.left_at is null and g.dismissed_at is null), '{}') as group_ids,
       max(m.last_spoke_at) as last_spoke_at
     from unnest($1::uuid[]) as k (id)
     left join groups_members m on m.customer_id = k.id left join groups_groups g on g.id = m.group_id
     group by k.id`,
    [ids],
  )
}

/** The customers in these groups. */
export async function customersIn(q: Queryable, group_ids: readonly string[]): Promise<string[]> {
  const found = await rows<{ customer_id: string }>(
    q,
    "select distinct customer_id from groups_members where group_id = any($1::uuid[]) and customer_id is not null",
    [group_ids],
  )
  return found.map((r) => r.customer_id)
}

export function groupNames(q: Queryable, ids: readonly string[]): Promise<{ id: string; name: string }[]> {
  return rows(
    q,
    "select id, name from groups_groups where id::text = any($1::text[]) and dismissed_at is null",
    [ids],
  )
}
