import { dayNumber } from "../../kernel/day.ts"
import { isRefused } from "../../kernel/result.ts"
import type { Clock } from "../../platform/clock.ts"
import { type Db, tx } from "../../platform/db.ts"
import { dueHolds } from "../../spine/ledger/index.ts"
import { POINTS } from "./book.ts"
import { expirePoints, movePoints } from "./commands.ts"
import { publishPoints } from "./handlers.ts"
import { EXPIRING_DAYS, SWEEP_REST_MS } from "./limits.ts"
import { customersExpiring, customersSoon } from "./store.ts"

/** What a sweep did. */
export type Swept = { expired: number; released: number }

/**
 * What only the passing of days does: points expire, holds are let go. Set-wise and safe to repeat or to run twice at once.
 * Points that a sweep has not reached yet cannot be spent either.
 */
export async function sweepPoints(db: Db, now: Date): Promise<Swept> {
  const swept: Swept = { expired: 0, released: 0 }
  for (let more = true; more; ) {
    const released = await releaseDue(db, now)
    swept.released += released
    more = released > 0
  }
  for (let more = true; more; ) {
    const expired = await tx(db, async (t) =>
      expirePoints(t, await customersExpiring(t, dayNumber(now)), now),
    )
    swept.expired += expired
    more = expired > 0
  }
  return swept
}

async function releaseDue(db: Db, now: Date): Promise<number> {
  return tx(db, async (t) => {
    const due = await dueHolds(t, POINTS, now)
    const answers = await movePoints(
      t,
      due.map(({ posting, owner }) => ({
        do: "release",
        key: `points:hold-expired:${posting}`,
        customer_id: owner,
        rule: "hold_expired",
        source: `hold:${posting}`,
        at: now,
        target: posting,
        expired: true,
      })),
    )
    return answers.filter((a) => !isRefused(a)).length
  })
}

/** Once a day: those whose points come within sight of their end show it from today, without any fact of theirs. */
export async function publishExpiring(db: Db, now: Date): Promise<number> {
  let after = "00000000-0000-0000-0000-000000000000"
  let told = 0
  for (;;) {
    const customers = await customersSoon(db, dayNumber(now), EXPIRING_DAYS, after)
    const last = customers.at(-1)
    if (last === undefined) return told
    await tx(db, (t) => publishPoints(t, customers, now))
    told += customers.length
    after = last
  }
}

/** What a running process does again and again for points: `round` gives how much it found to do. */
export function loops({ db, clock }: { db: Db; clock: Clock }) {
  let published = -1
  return [
    {
      name: "points.sweep",
      rest_ms: SWEEP_REST_MS,
      async round() {
        const now = clock.now()
        const { expired, released } = await sweepPoints(db, now)
        if (published !== dayNumber(now)) await publishExpiring(db, now)
        published = dayNumber(now)
        return expired + released
      },
    },
  ]
}
