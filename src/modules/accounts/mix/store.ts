import { type Queryable, rows, run, type Tx } from "../../../platform/db.ts"

export type Said = { account_id: string; day: number; selling: boolean }

/** Adds what accounts said to their days, in one order for all who do so at once. */
export const addSaid = (t: Tx, list: readonly Said[]) =>
  run(
    t,
    `insert into accounts_said (account_id, day, messages, selling)
     select account_id, day, count(*), count(*) filter (where selling)
     from unnest($1::uuid[], $2::int[], $3::boolean[]) s (account_id, day, selling) group by 1, 2 order by 1, 2
     on conflict (account_id, day) do update
       set messages = accounts_said.messages + excluded.messages, selling = accounts_said.selling + excluded.selling`,
    [list.map((s) => s.account_id), list.map((s) => s.day), list.map((s) => s.selling)],
  )

/** What accounts said from one day to another, both counted; who said nothing is left out. */
export async function saidIn(
  q: Queryable,
  account_ids: readonly string[],
  first: number,
  last: number,
): Promise<Map<string, { messages: number; selling: number }>> {
  const found = await rows<{ account_id: string; messages: number; selling: number }>(
    q,
    `select account_id, sum(messages)::int as messages, sum(selling)::int as selling from accounts_said
     where account_id = any($1::uuid[]) and day between $2 and $3 group by 1`,
    [account_ids, first, last],
  )
  return new Map(found.map(({ account_id, ...said }) => [account_id, said]))
}
