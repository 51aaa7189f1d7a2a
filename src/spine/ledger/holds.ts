import { type Db, rows, tx } from "../../platform/db.ts"
import { EXPIRE_HOLDS } from "./limits.ts"
import { postAll } from "./post.ts"

/** Lets go the open holds whose time has come at `now` (shop time), at most one batch; gives their number. */
export async function expireHolds(db: Db, now: Date): Promise<number> {
  return tx(db, async (t) => {
    const due = await rows<{ posting: string }>(
      t,
      // Two sweeps side by side take different holds.
      `select h.posting from ledger_holds h join ledger_postings p on p.id = h.posting
       where h.closed_by is null and h.expires_at <= $1
       order by h.expires_at, h.posting limit $2 for update of p skip locked`,
      [now, EXPIRE_HOLDS],
    )
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
