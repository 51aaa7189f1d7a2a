import { type Db, rows } from "../../platform/db.ts"
import { NIL_OWNER } from "./ask.ts"
import { isTracked, policyOf } from "./book.ts"
import { VERIFY_FINDINGS } from "./limits.ts"

export type Finding = { check: string; detail: Record<string, unknown> }
export type Verdict = {
  postings: number
  entries: number
  books: { book: string; sum: number; accounts: Record<string, number> }[]
  findings: Finding[]
}

/** Each check selects what is wrong; nothing selected is right. */
const CHECKS: Record<string, string> = {
  posting_not_balanced: `select posting, sum(amount)::bigint as sum, count(*)::int as entries from ledger_entries
    group by posting having sum(amount) <> 0 or count(*) < 2`,
  posting_without_entries: `select id as posting from ledger_postings p
    where not exists (select 1 from ledger_entries e where e.posting = p.id)`,
  entry_without_posting: `select posting, n from ledger_entries e
    where not exists (select 1 from ledger_postings p where p.id = e.posting)`,
  entry_in_another_book: `select e.posting, e.book, p.book as posting_book from ledger_entries e
    join ledger_postings p on p.id = e.posting where p.book <> e.book`,
  balance_is_not_sum_of_entries: `select b.owner, b.book, b.kind, b.amount, coalesce(e.sum, 0) as entries from ledger_balances b
    left join (select owner, book, kind, sum(amount)::bigint as sum from ledger_entries group by owner, book, kind) e
      using (owner, book, kind)
    where b.amount <> coalesce(e.sum, 0)`,
  balance_below_floor:
    "select owner, book, kind, amount, floor from ledger_balances where amount < floor or amount > ceiling",
  reversed_more_than_posted: `select t.id as posting, t.amount, sum(r.amount)::bigint as reversed from ledger_postings r
    join ledger_postings t on t.id = r.target where r.op = 'reverse' group by t.id, t.amount having sum(r.amount) > t.amount`,
  target_missing: `select id as posting, target from ledger_postings r where target is not null
    and not exists (select 1 from ledger_postings t where t.id = r.target)`,
  reversal_of_what_cannot_be: `select r.id as posting, r.op, t.op as target_op from ledger_postings r
    join ledger_postings t on t.id = r.target
    where case when r.op = 'reverse' then t.op not in ('post', 'post_hold') else t.op <> 'hold' end`,
  hold_ended_twice: `select target as hold, count(*)::int as times from ledger_postings
    where op in ('post_hold', 'void', 'expire') group by target having count(*) > 1`,
  hold_not_as_posted: `select h.posting, h.closed_by from ledger_holds h left join ledger_postings c
      on c.target = h.posting and c.op in ('post_hold', 'void', 'expire')
    where h.closed_by is distinct from c.id`,
  key_without_posting: `select id as posting, p.key from ledger_postings p
    where not exists (select 1 from platform_keys k where k.key = p.key and k.answer ->> 'posting' = p.id::text)`,
  key_posted_twice:
    "select key, count(*)::int as times from ledger_postings group by key having count(*) > 1",
}

/** Reads the whole ledger at one snapshot and says what is wrong with it: for `siyu ledger verify` and after every test. */
export async function verify(db: Db): Promise<Verdict> {
  const client = await db.connect()
  try {
    await client.query("begin isolation level repeatable read read only")
    const findings: Finding[] = []
    for (const [check, sql] of Object.entries(CHECKS)) {
      const wrong = await rows<Record<string, unknown>>(client, `${sql} limit ${VERIFY_FINDINGS}`)
      findings.push(...wrong.map((detail) => ({ check, detail })))
    }
    const sums = await rows<{ book: string; kind: string; amount: number; entries: number }>(
      client,
      "select book, kind, sum(amount)::bigint as amount, count(*) as entries from ledger_entries group by book, kind order by 1, 2",
    )
    const books = [...new Set(sums.map((s) => s.book))].map((book) => {
      const its = sums.filter((s) => s.book === book)
      const sum = its.reduce((total, s) => total + s.amount, 0)
      if (sum !== 0) findings.push({ check: "book_does_not_sum_to_0", detail: { book, sum } })
      return { book, sum, accounts: Object.fromEntries(its.map((s) => [s.kind, s.amount])) }
    })
    findings.push(...(await unkept(client)))
    const [count] = await rows<{ postings: number }>(
      client,
      "select count(*) as postings from ledger_postings",
    )
    return {
      postings: count?.postings ?? 0,
      entries: sums.reduce((total, s) => total + s.entries, 0),
      books,
      findings,
    }
  } finally {
    await client.query("rollback").catch(() => undefined)
    client.release()
  }
}

/** Accounts that should keep a balance by their book's policy and have none. */
async function unkept(q: Parameters<typeof rows>[0]): Promise<Finding[]> {
  const found = await rows<{ owner: string; book: string; kind: string }>(
    q,
    `select distinct e.owner, e.book, e.kind from ledger_entries e
     where (e.book, e.kind) in (select distinct book, kind from ledger_balances) and not exists (
       select 1 from ledger_balances b where b.owner = e.owner and b.book = e.book and b.kind = e.kind)
     limit ${VERIFY_FINDINGS}`,
  )
  return found
    .filter((r) => r.owner !== NIL_OWNER || isTracked(policyOf(r.book, r.kind)))
    .map((detail) => ({ check: "balance_not_kept", detail }))
}
