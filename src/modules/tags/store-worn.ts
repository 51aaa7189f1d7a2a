import { type Queryable, rows } from "../../platform/db.ts"
import { CONTACTS_SQL } from "../customers/index.ts"

/** How many of the people whom accounts can reach wear a tag at all. */
export async function taggedContacts(
  q: Queryable,
  account_ids: readonly string[],
): Promise<Map<string, number>> {
  const found = await rows<{ account_id: string; n: number }>(
    q,
    `select w.account_id, count(*) as n from (${CONTACTS_SQL}) w where w.account_id = any($1::uuid[])
       and exists (select from tags_assignments a where a.customer_id = w.customer_id) group by 1`,
    [account_ids],
  )
  return new Map(found.map((r) => [r.account_id, r.n]))
}

/** What kind of people these are: their tags of the persona groups in the order of the taxonomy, each followed by those it replaced. */
export async function personasOf(
  q: Queryable,
  customer_ids: readonly string[],
): Promise<Map<string, string[]>> {
  const found = await rows<{ customer_id: string; tag_ids: string[] }>(
    q,
    `select a.customer_id, array_agg(k.id::text order by g.position, t.position, t.id, k.id <> t.id) as tag_ids
     from tags_assignments a join tags_tags t on t.id = a.tag_id join tags_groups g on g.id = t.group_id and g.dimension = 'persona'
     join tags_tags k on k.id = t.id or k.replaced_by = t.id
     where a.customer_id = any($1::uuid[]) group by 1`,
    [[...new Set(customer_ids)]],
  )
  return new Map(found.map((f) => [f.customer_id, f.tag_ids]))
}

/** Every friendship of these customers, under the name that the channel has for them. */
export function contactsFor(
  q: Queryable,
  customer_ids: readonly string[],
): Promise<{ customer_id: string; account_id: string; ref: string }[]> {
  return rows(
    q,
    `select w.customer_id, w.account_id, w.ref from (${CONTACTS_SQL}) w where w.customer_id = any($1::uuid[]) order by w.customer_id, w.account_id`,
    [customer_ids],
  )
}

/** Of these tags of these people those that were taken away here after `since`: the channel may not have heard of it yet. */
export async function takenLately(
  q: Queryable,
  asks: readonly { customer_id: string; tag_id: string }[],
  since: Date,
): Promise<Set<string>> {
  if (asks.length === 0) return new Set()
  const found = await rows<{ customer_id: string; tag_id: string }>(
    q,
    `select k.customer_id, k.tag_id from unnest($1::uuid[], $2::text[]) k (customer_id, tag_id)
     where exists (select from facts f where f.subject = k.customer_id and f.type = 'tag.removed' and f.occurred_at > $3
       and f.payload->>'tag_id' = k.tag_id and f.payload->>'source' <> 'wecom')`,
    [asks.map((a) => a.customer_id), asks.map((a) => a.tag_id), since],
  )
  return new Set(found.map((f) => `${f.customer_id} ${f.tag_id}`))
}
