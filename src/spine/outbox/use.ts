import { type Queryable, rows } from "../../platform/db.ts"

/** How many private messages of accounts are taken on a day: sent, or planned for it. */
export async function usedOn(
  q: Queryable,
  account_ids: readonly string[],
  day: number,
): Promise<Map<string, number>> {
  const found = await rows<{ account_id: string; used: number }>(
    q,
    "select account_id, used from outbox_use where account_id = any($1::uuid[]) and class = 'private_messages' and day = $2",
    [account_ids, day],
  )
  return new Map(found.map((r) => [r.account_id, r.used]))
}
