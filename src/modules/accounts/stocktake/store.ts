import { maybeRow, type Queryable, rows, run, type Tx } from "../../../platform/db.ts"
import type { Counted, Difference } from "./rules.ts"

export type Stocktake = {
  id: string
  name: string
  due_on: string
  state: "open" | "closed"
  opened_by: string
  opened_at: Date
  closed_by: string | null
  closed_at: Date | null
}
const TAKE = "s.id, s.name, s.due_on, s.state, s.opened_by, s.opened_at, s.closed_by, s.closed_at"

export type Tally = { expected: number; counted: number; different: number }

/** The newest first, each with how many of its accounts were expected, counted, and not as expected. */
export const stocktakeRows = (q: Queryable, id: string | null, limit: number) =>
  rows<Stocktake & Tally>(
    q,
    `select ${TAKE}, l.expected, l.counted, l.different from accounts_stocktakes s
     cross join lateral (
       select count(*)::int as expected, count(counted_at)::int as counted,
         coalesce(sum(cardinality(differences)), 0)::int as different
       from accounts_stocktake_lines where stocktake_id = s.id) l
     where $1::uuid is null or s.id = $1 order by s.opened_at desc, s.id desc limit $2`,
    [id, limit],
  )

/** Whoever opens one is alone with it until commit. */
export const lockStocktakes = (t: Tx) => t.query("lock table accounts_stocktakes in share row exclusive mode")

export const openStocktake = (q: Queryable) =>
  maybeRow<{ id: string; name: string }>(q, "select id, name from accounts_stocktakes where state = 'open'")

/** Counts go on side by side; closing waits for them, and they for it. */
export const stocktakeFor = (t: Tx, id: string, lock: "share" | "update") =>
  maybeRow<Stocktake>(t, `select ${TAKE} from accounts_stocktakes s where s.id = $1 for ${lock}`, [id])

export const insertStocktake = (
  t: Tx,
  s: Pick<Stocktake, "id" | "name" | "due_on" | "opened_by" | "opened_at">,
) =>
  run(
    t,
    "insert into accounts_stocktakes (id, name, due_on, state, opened_by, opened_at) values ($1, $2, $3, 'open', $4, $5)",
    [s.id, s.name, s.due_on, s.opened_by, s.opened_at],
  )

/** Accounts that the company has: those that somebody nurtures, that lie ready, are in use or on their way back. */
export const countable = (q: Queryable, limit: number) =>
  rows<{ id: string }>(
    q,
    "select id from accounts_accounts where state in ('nurturing', 'ready', 'in_use', 'returning') order by id limit $1",
    [limit],
  )

/** Freezes what is expected of these accounts. */
export const freezeLines = (
  t: Tx,
  stocktake_id: string,
  list: readonly { id: string; friends: number; tagged: number }[],
) =>
  run(
    t,
    `insert into accounts_stocktake_lines (stocktake_id, account_id, account_name, expected_custodian, expected_friends,
       expected_tagged, expected_backup_on)
     select $1, a.id, a.name, a.custodian_staff_id, n.friends, n.tagged, a.chat_backup_on
     from unnest($2::uuid[], $3::int[], $4::int[]) n (id, friends, tagged) join accounts_accounts a on a.id = n.id`,
    [stocktake_id, list.map((l) => l.id), list.map((l) => l.friends), list.map((l) => l.tagged)],
  )

export type Line = {
  account_id: string
  account_name: string
  expected_custodian: string | null
  expected_friends: number
  expected_tagged: number
  expected_backup_on: string | null
  counted_by: string | null
  counted_at: Date | null
  self_checked: boolean
  custodian_staff_id: string | null
  friends: number | null
  tags_ok: boolean | null
  backup_on: string | null
  note: string
  differences: Difference[]
  /** Who holds the account at this moment. */
  holder: string | null
}
const LINE = `l.account_id, l.account_name, l.expected_custodian, l.expected_friends, l.expected_tagged, l.expected_backup_on, l.counted_by,
  l.counted_at, l.self_checked, l.custodian_staff_id, l.friends, l.tags_ok, l.backup_on, l.note, l.differences,
  a.custodian_staff_id as holder`
const LINES = "accounts_stocktake_lines l left join accounts_accounts a on a.id = l.account_id"

/** What is still to be counted first. */
export const linesOf = (q: Queryable, stocktake_id: string, limit: number) =>
  rows<Line>(
    q,
    `select ${LINE} from ${LINES} where l.stocktake_id = $1
     order by l.counted_at is not null, cardinality(l.differences) = 0, l.account_name, l.account_id limit $2`,
    [stocktake_id, limit],
  )
export const lineForUpdate = (t: Tx, stocktake_id: string, account_id: string) =>
  maybeRow<Line>(
    t,
    `select ${LINE} from ${LINES} where l.stocktake_id = $1 and l.account_id = $2 for update of l`,
    [stocktake_id, account_id],
  )

export async function saveCount(
  t: Tx,
  stocktake_id: string,
  account_id: string,
  c: Counted & { note: string; by: string; at: Date; self_checked: boolean; differences: Difference[] },
): Promise<void> {
  await run(
    t,
    `update accounts_stocktake_lines set counted_by = $3, counted_at = $4, self_checked = $5, custodian_staff_id = $6, friends = $7,
       tags_ok = $8, backup_on = $9, note = $10, differences = $11
     where stocktake_id = $1 and account_id = $2`,
    [
      stocktake_id,
      account_id,
      c.by,
      c.at,
      c.self_checked,
      c.custodian_staff_id,
      c.friends,
      c.tags_ok,
      c.backup_on,
      c.note,
      c.differences,
    ],
  )
  if (c.backup_on)
    await run(
      t,
      "update accounts_accounts set chat_backup_on = greatest(chat_backup_on, $2::date) where id = $1",
      [account_id, c.backup_on],
    )
}

export const closeStocktake = (t: Tx, id: string, by: string, now: Date) =>
  run(t, "update accounts_stocktakes set state = 'closed', closed_by = $2, closed_at = $3 where id = $1", [
    id,
    by,
    now,
  ])
