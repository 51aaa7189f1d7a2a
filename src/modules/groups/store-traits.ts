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

const DAY = (moment: string) => `floor((extract(epoch from ${moment}) + 28800) / 86400)::int`
const MIDNIGHT = (day: string) => `to_timestamp(${day}::int * 86400.0 - 28800)`

/** SQL of a relation (customer_id uuid, days bigint): on how many days from one on customers spoke in groups. */
export const ACTIVE_DAYS_SQL = (from: string) =>
  `select m.customer_id, count(distinct ${DAY("s.sent_at")}) as days from groups_messages s
   join groups_members m on m.group_id = s.group_id and m.member_ref = s.member_ref
   where s.sent_at >= ${MIDNIGHT(from)} and m.customer_id is not null group by m.customer_id`

/** SQL of a relation (customer_id uuid, by_customer_id uuid): who was brought into a group by another customer from a day on, by the first who did. */
export const INVITED_SQL = (from: string) =>
  `select distinct on (m.customer_id) m.customer_id, i.customer_id as by_customer_id from groups_members m
   join groups_members i on i.group_id = m.group_id and i.member_ref = m.invited_by_ref
   where m.joined_at >= ${MIDNIGHT(from)} and m.customer_id is not null and i.customer_id is not null and i.customer_id <> m.customer_id
   order by m.customer_id, m.joined_at`
