import { maybeRow, type Queryable, rows } from "../../platform/db.ts"
import { type Account, NIL_OWNER } from "./ask.ts"
import { HISTORY_PAGE } from "./limits.ts"
import type { PostingOp } from "./rules.ts"
import { linesOf } from "./store.ts"

/** One owner's kept balances in a book, by kind; a kind that was never used is missing. */
export async function balancesOf(q: Queryable, book: string, owner: string): Promise<Record<string, number>> {
  const found = await rows<{ kind: string; amount: number }>(
    q,
    "select kind, amount from ledger_balances where owner = $1 and book = $2",
    [owner, book],
  )
  return Object.fromEntries(found.map((r) => [r.kind, r.amount]))
}

/** Every kept balance of one kind of account, by owner: for a module that checks its own books against the ledger. */
export async function balancesIn(q: Queryable, book: string, kind: string): Promise<Map<string, number>> {
  const found = await rows<{ owner: string; amount: number }>(
    q,
    "select owner, amount from ledger_balances where book = $1 and kind = $2",
    [book, kind],
  )
  return new Map(found.map((r) => [r.owner, r.amount]))
}

/** What an owner's open holds of a book set aside. */
export async function heldOf(q: Queryable, book: string, owner: string): Promise<number> {
  const found = await rows<{ held: number }>(
    q,
    "select coalesce(sum(amount), 0)::bigint as held from ledger_holds where owner = $1 and book = $2 and closed_by is null",
    [owner, book],
  )
  return found[0]!.held
}

/** What these postings reverse or end, and the kinds of account they touch. */
export function aboutPostings(
  q: Queryable,
  ids: readonly string[],
): Promise<{ posting: string; target: string | null; kinds: string[] }[]> {
  return rows(
    q,
    `select p.id as posting, p.target, array(select e.kind::text from ledger_entries e where e.posting = p.id) as kinds
     from ledger_postings p where p.id = any($1::uuid[])`,
    [ids],
  )
}

/** The sum of all entries of each kind of a book, of postings whose shop time lies in [from, to). */
export async function totals(
  q: Queryable,
  book: string,
  period: { from?: Date; to?: Date } = {},
): Promise<Record<string, number>> {
  const found = await rows<{ kind: string; amount: number }>(
    q,
    `select e.kind, sum(e.amount)::bigint as amount from ledger_entries e join ledger_postings p on p.id = e.posting
     where e.book = $1 and ($2::timestamptz is null or p.at >= $2) and ($3::timestamptz is null or p.at < $3)
     group by e.kind`,
    [book, period.from ?? null, period.to ?? null],
  )
  return Object.fromEntries(found.map((r) => [r.kind, r.amount]))
}

/** The posting made under a key; null where the key was never used or was refused. */
export async function postingOf(q: Queryable, key: string): Promise<string | null> {
  const row = await maybeRow<{ posting: string | null }>(
    q,
    "select answer ->> 'posting' as posting from platform_keys where key = $1",
    [key],
  )
  return row?.posting ?? null
}

export type HistoryRow = {
  posting: string
  op: PostingOp
  reason: string
  source: string
  at: Date
  target: string | null
  lines: (Account & { amount: number })[]
}

/** One owner's postings in a book, newest first; `before` is the last posting of the page before. */
export async function history(
  q: Queryable,
  book: string,
  owner: string,
  options: { before?: string | null; limit?: number } = {},
): Promise<HistoryRow[]> {
  if (owner === NIL_OWNER) return []
  const limit = Math.min(options.limit ?? HISTORY_PAGE, HISTORY_PAGE)
  const found = await rows<Omit<HistoryRow, "lines">>(
    q,
    `select p.id as posting, p.op, p.reason, p.source, p.at, p.target
     from (select distinct posting from ledger_entries
           where owner = $1 and owner <> '${NIL_OWNER}' and book = $2 and ($3::uuid is null or posting < $3)
           order by posting desc limit $4) e
     join ledger_postings p on p.id = e.posting order by p.id desc`,
    [owner, book, options.before ?? null, limit],
  )
  const lines = await linesOf(
    q,
    found.map((r) => r.posting),
  )
  return found.map((r) => ({
    ...r,
    lines: (lines.get(r.posting) ?? []).filter((l) => l.owner === owner),
  }))
}
