import { z } from "zod"
import { defineFact } from "../../spine/facts/index.ts"

/** Subject of each: the customer. Points are whole numbers; `posting` leads to the ledger. */
const points = z.number().int().positive()
const common = { posting: z.string(), rule: z.string(), source: z.string() }

export const pointsEarned = defineFact(
  "points.earned",
  z.object({
    ...common,
    points,
    /** How much of it paid back what was owed. */
    repaid: z.number().int().nonnegative(),
    /** First day (Shanghai day number) on which they are gone; null where they never expire. */
    expires_day: z.number().int().nullable(),
  }),
)

export const pointsSpent = defineFact("points.spent", z.object({ ...common, points }))

export const pointsExpired = defineFact("points.expired", z.object({ posting: z.string(), points }))

/** Earned points taken back (`taken` from the balance, `owed` beyond it) or spent points given back (`returned`). */
export const pointsReversed = defineFact(
  "points.reversed",
  z.object({
    ...common,
    target: z.string(),
    taken: z.number().int().nonnegative(),
    owed: z.number().int().nonnegative(),
    returned: z.number().int().nonnegative(),
  }),
)

/** Points set aside for something that is not settled yet, and what of them came back. */
export const pointsHeld = defineFact("points.held", z.object({ ...common, points }))
export const pointsReleased = defineFact(
  "points.released",
  z.object({ ...common, points: z.number().int().nonnegative(), target: z.string() }),
)
