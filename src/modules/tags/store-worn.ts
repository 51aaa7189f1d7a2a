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
