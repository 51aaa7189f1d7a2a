import { allAccounts } from "../../../modules/accounts/index.ts"
import { contactCounts } from "../../../modules/customers/index.ts"
import type { Clock } from "../../../platform/clock.ts"
import { type Db, oneRow, tx } from "../../../platform/db.ts"
import type { Route } from "../../../platform/http/index.ts"
import type { Loop } from "../../../platform/loops.ts"
import { furnish } from "./furnish.ts"

const LOOK_MS = 2_000
const ACCOUNTS_LOOKED_AT = 2_000
const FURNISH_LOCK = 7_318_345

/**
 * Waits behind the open door until the directory and its friendships have come in and no more come, and gives the invented company
 * its accounts then: the start waits for nothing. Of several processes one does it.
 */
export function furnishLoop({ db, clock }: { db: Db; clock: Clock }, routes: () => readonly Route[]): Loop {
  let over = false
  let last = 0
  return {
    name: "accounts of the sandbox",
    rest_ms: LOOK_MS,
    async round() {
      if (over) return 0
      const ids = (await allAccounts(db, ACCOUNTS_LOOKED_AT)).map((a) => a.id)
      const friends = [...(await tx(db, (t) => contactCounts(t, ids))).values()].reduce(
        (sum, n) => sum + n,
        0,
      )
      const settled = friends > 0 && friends === last
      last = friends
      if (!settled) return 0
      await tx(db, async (t) => {
        const { mine } = await oneRow<{ mine: boolean }>(t, "select pg_try_advisory_xact_lock($1) as mine", [
          FURNISH_LOCK,
        ])
        if (mine) over = (await furnish({ db, routes: routes() }, clock.now())) !== "too_early"
      })
      return 0
    },
  }
}
