import { type Queryable, rows, run, type Tx } from "../../platform/db.ts"
import type { Passing } from "./store.ts"

export type Pair = { from_account_id: string; to_account_id: string; resigned: boolean }

/** Pairs of accounts between which something waits and whose time to be asked about has come; claimed for this look. */
export function duePairs(t: Tx, now: Date, next_at: Date, limit: number): Promise<Pair[]> {
  return rows(
    t,
    `insert into transfers_polls (from_account_id, to_account_id, resigned, next_at)
     select c.from_account_id, c.to_account_id, c.resigned, $2 from transfers_customers c
     left join transfers_polls p using (from_account_id, to_account_id, resigned)
     where c.state = 'waiting' and (p.next_at is null or p.next_at <= $1)
     group by 1, 2, 3 order by min(p.next_at) nulls first limit $3
     on conflict (from_account_id, to_account_id, resigned) do update set next_at = excluded.next_at
       where transfers_polls.next_at <= $1
     returning from_account_id, to_account_id, resigned`,
    [now, next_at, limit],
  )
}

/** What waits between two accounts since before a moment, or at all. */
export function waitingOf(q: Queryable, pair: Pair): Promise<(Passing & { asked_at: Date })[]> {
  return rows(
    q,
    `select customer_id, transfer_id, from_account_id, from_staff_id, to_account_id, ref, resigned, asked_at from transfers_customers
     where to_account_id = $1 and from_account_id = $2 and resigned = $3 and state = 'waiting' order by customer_id`,
    [pair.to_account_id, pair.from_account_id, pair.resigned],
  )
}

export function insertGroups(
  t: Tx,
  list: readonly { group_id: string; transfer_id: string; from_account_id: string; to_account_id: string }[],
  now: Date,
): Promise<number> {
  return run(
    t,
    `insert into transfers_groups (group_id, transfer_id, from_account_id, to_account_id, state, asked_at)
     select g.*, 'asked', $5 from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[]) g`,
    [
      list.map((g) => g.group_id),
      list.map((g) => g.transfer_id),
      list.map((g) => g.from_account_id),
      list.map((g) => g.to_account_id),
      now,
    ],
  )
}

export function settleGroups(
  t: Tx,
  list: readonly { group_id: string; transfer_id: string; state: "done" | "failed"; reason: string | null }[],
  now: Date,
): Promise<{ group_id: string; from_account_id: string; to_account_id: string; state: string }[]> {
  return rows(
    t,
    `update transfers_groups g set state = k.state, reason = k.reason, ended_at = $5
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) k (group_id, transfer_id, state, reason)
     where g.group_id = k.group_id and g.transfer_id = k.transfer_id and g.state = 'asked'
     returning g.group_id, g.from_account_id, g.to_account_id, g.state`,
    [
      list.map((g) => g.group_id),
      list.map((g) => g.transfer_id),
      list.map((g) => g.state),
      list.map((g) => g.reason),
      now,
    ],
  )
}

/** Groups that are on their way to another owner. */
export async function groupsUnderWay(q: Queryable, ids: readonly string[]): Promise<Set<string>> {
  const found = await rows<{ group_id: string }>(
    q,
    "select group_id from transfers_groups where group_id = any($1::uuid[]) and state = 'asked'",
    [ids],
  )
  return new Set(found.map((g) => g.group_id))
}
