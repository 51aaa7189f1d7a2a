import { type Refusal, refuse } from "../../kernel/result.ts"
import { inOrder, type Lot, type Take } from "./rules.ts"

/** What two have between them when a merge is undone; debts are not above zero. */
type Together = {
  /** Lots of the one who comes back, with what is left in them today. */
  theirs: readonly Lot[]
  /** Lots of the one who stayed, those that came since included. */
  own: readonly Lot[]
  /** What was spent or set aside out of `theirs` since the merge. */
  spent: readonly (Take & { posting: string })[]
  /** The ledger of the one who stayed, today. */
  has: { customer: number; owed: number }
  /** What the one who comes back owed before the merge. */
  owed: number
  /** What the one who stayed owed before the merge. */
  debt: number
}

export type Parting = {
  theirs: Lot[]
  own: Lot[]
  /** What was spent comes out of these lots of the one who stayed instead. */
  instead: (Take & { posting: string })[]
  /** Points and debt of each then. */
  goes: { customer: number; owed: number }
  stays: { customer: number; owed: number }
}

/**
 * Who comes back has their lots as they were: what was spent since was spent by the one who stayed, out of their own. Refused where
 * that one has not so many: then nobody's points can be told from the other's any more.
 */
export function planParting(both: Together): Parting | Refusal<"points_spent"> {
  const theirs = both.theirs.map((lot) => ({
    ...lot,
    left: lot.left + sum(both.spent.filter((s) => s.lot === lot.lot)),
  }))
  const customer = theirs.reduce((total, lot) => total + lot.left, 0)
  const net = both.has.customer + both.has.owed - customer - both.owed
  const own = inOrder(both.own).map((lot) => ({ ...lot }))
  const room = own.reduce((total, lot) => total + lot.left, 0)
  const missing = Math.max(Math.min(0, both.debt) - net, sum(both.spent) - room)
  if (missing > 0) return refuse("points_spent", { detail: { missing } })
  const instead: Parting["instead"] = []
  for (const { posting, points } of both.spent) {
    let rest = points
    for (const lot of own) {
      const taken = Math.min(lot.left, rest)
      if (taken === 0) continue
      lot.left -= taken
      rest -= taken
      instead.push({ posting, lot: lot.lot, points: taken })
    }
  }
  return {
    theirs,
    own,
    instead,
    goes: { customer, owed: both.owed },
    stays: { customer: Math.max(0, net), owed: Math.min(0, net) },
  }
}

const sum = (takes: readonly { points: number }[]) => takes.reduce((total, t) => total + t.points, 0)
