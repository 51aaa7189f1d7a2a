import { type Db, type Queryable, rows, tx } from "../../platform/db.ts"
import { EXPIRE_HOLDS } from "./limits.ts"
import { postAll } from "./post.ts"

/**
 * Open holds of a book whose time has come at `now` (shop time), the longest due first. In a transaction they are locked, and
 * two sweeps side by side get different ones.
 */
export async function dueHolds(
  q: Queryable,
  book: string,
  now: Date,
  limit = EXPIRE_HOLDS,
): Promise<{ posting: string; owner: string; amount: number }[]> {
  return rows(
    q,
    `select h.posting, h.owner, h.amount from ledger_holds h join ledger_postings p on p.id = h.posting
     where h.closed_by is null and h.expires_at <= $1 and h.book = $2
     order by h.expires_at, h.posting limit $3 for update of p skip locked`,
    [now, book, Math.min(limit, EXPIRE_HOLDS)],
  )
}

/** Lets due holds of a book go, at most one batch; gives their number. For books whose module keeps nothing beside them. */
export async function expireHolds(db: Db, book: string, now: Date): Promise<number> {
  return tx(db, async (t) => {
    const due = await dueHolds(t, book, now)
    const answers = await postAll(
      t,
      due.map(({ posting }) => ({
        op: "expire",
        key: `hold-expired:${posting}`,
        reason: "hold_expired",
        source: `hold:${posting}`,
        at: now,
        target: posting,
      })),
    )
    return answers.filter((a) => "posting" in a).length
  })
}
