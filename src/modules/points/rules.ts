import { type Refusal, refuse } from "../../kernel/result.ts"

/** What is left of points that came together. `expires_day`: first day without them; null never. */
export type Lot = { lot: string; left: number; expires_day: number | null }
export type Take = { lot: string; points: number }
/** Limits of an earning rule: points a customer and day, points a month for everybody. */
export type RuleLimits = { daily_cap?: number | undefined; monthly_budget?: number | undefined }

const NEVER = Number.MAX_SAFE_INTEGER

export function isValid(lot: Lot, day: number): boolean {
  return lot.left > 0 && (lot.expires_day === null || lot.expires_day > day)
}

/** Lots in the order in which they are used: the first to expire first, then the older one. */
export function inOrder(lots: Iterable<Lot>): Lot[] {
  return [...lots].sort(
    (a, b) =>
      (a.expires_day ?? NEVER) - (b.expires_day ?? NEVER) || (a.lot < b.lot ? -1 : a.lot > b.lot ? 1 : 0),
  )
}

/** From which lots `points` are spent on a day; refused where the valid ones do not suffice. */
export function planSpend(
  lots: Iterable<Lot>,
  points: number,
  day: number,
): Take[] | Refusal<"not_enough_points"> {
  const valid = inOrder(lots).filter((lot) => isValid(lot, day))
  const available = valid.reduce((sum, lot) => sum + lot.left, 0)
  if (available < points)
    return refuse("not_enough_points", { field: "points", detail: { available, asked: points } })
  return takeFrom(valid, points)
}

/** From which lots earned points are taken back: their own first, then like a spending; takes what is there. */
export function planTakeBack(lots: Iterable<Lot>, own: string, points: number): Take[] {
  const sorted = inOrder(lots).filter((lot) => lot.left > 0)
  return takeFrom([...sorted.filter((l) => l.lot === own), ...sorted.filter((l) => l.lot !== own)], points)
}

/** Into which lots `points` of earlier takes go back: those that were taken last first. */
export function planRestore(takes: readonly Take[], points: number): Take[] {
  return takeFrom(
    [...takes].reverse().map((t) => ({ lot: t.lot, left: t.points, expires_day: null })),
    points,
  )
}

function takeFrom(lots: readonly Lot[], points: number): Take[] {
  const takes: Take[] = []
  let rest = points
  for (const lot of lots) {
    if (rest === 0) break
    const taken = Math.min(lot.left, rest)
    if (taken > 0) takes.push({ lot: lot.lot, points: taken })
    rest -= taken
  }
  return takes
}

/**
 * How many of the points asked a rule may give: up to the customer's daily cap, the rest is not given; the month's budget is
 * all or nothing, so that nobody gets a crumb of a reward.
 */
export function planGrant(
  points: number,
  limits: RuleLimits,
  given: { today: number; month: number },
): number | Refusal<"daily_cap_reached" | "budget_spent"> {
  const room = limits.daily_cap === undefined ? points : Math.max(0, limits.daily_cap - given.today)
  if (room === 0) return refuse("daily_cap_reached", { detail: { daily_cap: limits.daily_cap } })
  const grant = Math.min(points, room)
  if (limits.monthly_budget !== undefined && given.month + grant > limits.monthly_budget)
    return refuse("budget_spent", {
      detail: { left: Math.max(0, limits.monthly_budget - given.month), asked: grant },
    })
  return grant
}

/** The first day without points that are valid so many days, the day they come counted as one. */
export function expiryDay(day: number, valid_days: number | null): number | null {
  return valid_days === null ? null : day + valid_days
}

/** Whole points for money, rounded down. */
export function pointsFor(fen: number, points_per_yuan: number): number {
  return Math.floor((Math.max(0, fen) * points_per_yuan) / 100)
}

/**
 * What one more movement of an order's money means for its points. Without caps an order has always earned pointsFor(its net
 * money); points that a cap held back are not caught up later. Positive: give; negative: take back.
 */
export function orderEffect(
  order: { net_fen: number; earned: number; points_per_yuan: number },
  fen: number,
): number {
  const due = pointsFor(order.net_fen + fen, order.points_per_yuan) - order.earned
  if (fen > 0) return Math.max(0, Math.min(due, Math.ceil((fen * order.points_per_yuan) / 100)))
  return Math.min(0, due)
}

/** `2026-11` of a day as text. */
export function monthOf(day: string): string {
  return day.slice(0, 7)
}

/** What points cost, in fen, rounded up. */
export function costFen(points: number, fen_per_100_points: number): number {
  return Math.ceil((points * fen_per_100_points) / 100)
}
