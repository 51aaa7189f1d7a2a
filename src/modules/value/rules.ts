import {
  BUYERS_MIN,
  HELD_BACK_DAYS_MAX,
  HELD_BACK_DAYS_MIN,
  REPEATERS_MIN,
  REPEATS_SHOWN,
  SPAN_DAYS_MIN,
} from "./limits.ts"
import { type BgNbd, expectedPurchases, type History } from "./model/bg-nbd.ts"
import { expectedSpend, type GammaGamma, type Spent } from "./model/gamma-gamma.ts"

/** What is known of one buyer as of a day: days of purchase, and the money of all but the first. */
export type Buyer = {
  days: number
  first_day: number
  last_day: number
  repeat_fen: number
  later_days: number
}

/** The models count in weeks, as the papers do. */
const WEEK_DAYS = 7
export const HORIZONS = [30, 90, 365] as const

export const historyOf = (b: Buyer, today: number): Omit<History, "n"> => ({
  x: b.days - 1,
  t_x: (b.last_day - b.first_day) / WEEK_DAYS,
  T: (today - b.first_day) / WEEK_DAYS,
})

/** Pure: customers with the same history together. */
export function histories(buyers: readonly Buyer[], today: number): History[] {
  const known = new Map<string, History>()
  for (const b of buyers) {
    const key = `${b.days} ${b.last_day - b.first_day} ${b.first_day}`
    const same = known.get(key)
    if (same) same.n++
    else known.set(key, { ...historyOf(b, today), n: 1 })
  }
  return [...known.values()]
}

/** Pure: what those who came back spent on average, in yuan. */
export function spendings(buyers: readonly Buyer[]): Spent[] {
  return buyers
    .filter((b) => b.days > 1 && b.repeat_fen > 0)
    .map((b) => ({ x: b.days - 1, mean: b.repeat_fen / 100 / (b.days - 1), n: 1 }))
}

export type Enough = { buyers: number; repeaters: number; span_days: number }

export function measureOf(buyers: readonly Buyer[], today: number): Enough {
  const first = buyers.reduce((least, b) => Math.min(least, b.first_day), today)
  return {
    buyers: buyers.length,
    repeaters: buyers.filter((b) => b.days > 1 && b.repeat_fen > 0).length,
    span_days: today - first,
  }
}

/** Pure: whether there is enough of a past to say anything about what comes. */
export const isEnough = (m: Enough) =>
  m.buyers >= BUYERS_MIN && m.repeaters >= REPEATERS_MIN && m.span_days >= SPAN_DAYS_MIN

export const heldBackDays = (span_days: number) =>
  Math.min(HELD_BACK_DAYS_MAX, Math.max(HELD_BACK_DAYS_MIN, Math.floor(span_days / 4)))

/** How often people buy, and what: where money follows no such law, `spend` is null and averages stand for it. */
export type Model = { purchases: BgNbd; spend: GammaGamma | null; average_yuan: number }

/** The mean of a gamma-gamma exists above 1 only; just above, it is a number that no data supports. */
const Q_MIN = 1.1
export const usableSpend = (g: GammaGamma): GammaGamma | null => (g.q > Q_MIN ? g : null)

/** Pure: purchases in each horizon in hundredths, and what a year is expected to bring in fen. */
export function predict(
  model: Model,
  b: Buyer,
  today: number,
): { hundredths: number[]; predicted_fen: number } {
  const history = historyOf(b, today)
  const expected = HORIZONS.map((days) => expectedPurchases(model.purchases, history, days / WEEK_DAYS))
  const x = b.days - 1
  const mean = x > 0 ? b.repeat_fen / 100 / x : 0
  const known = mean > 0
  const each = model.spend
    ? expectedSpend(model.spend, known ? x : 0, mean)
    : known
      ? mean
      : model.average_yuan
  return {
    hundredths: expected.map((n) => Math.round(n * 100)),
    predicted_fen: Math.round((expected.at(-1) ?? 0) * each * 100),
  }
}

export type Compared = {
  repeats: number
  or_more: boolean
  customers: number
  predicted: number
  actual: number
}

/** Pure: how often each group of customers bought in the days held back, beside what was foretold of them; sums, not averages. */
export function compare(model: BgNbd, buyers: readonly Buyer[], cutoff: number, days: number): Compared[] {
  const groups = new Map<number, Compared>()
  for (const b of buyers) {
    const repeats = Math.min(REPEATS_SHOWN, b.days - 1)
    const group = groups.get(repeats) ?? {
      ...{ repeats, or_more: repeats === REPEATS_SHOWN },
      ...{ customers: 0, predicted: 0, actual: 0 },
    }
    group.customers++
    group.predicted += expectedPurchases(model, historyOf(b, cutoff), days / WEEK_DAYS)
    group.actual += b.later_days
    groups.set(repeats, group)
  }
  return [...groups.values()].sort((a, b) => a.repeats - b.repeats)
}

/** Pure: whether those who come often spend more or less each time; the model of money supposes that they do not (0). */
export function correlation(list: readonly Spent[]): number | null {
  const n = list.length
  if (n < 2) return null
  const [mx, my] = [list.reduce((s, p) => s + p.x, 0) / n, list.reduce((s, p) => s + p.mean, 0) / n]
  let [xx, yy, xy] = [0, 0, 0]
  for (const p of list) {
    xx += (p.x - mx) ** 2
    yy += (p.mean - my) ** 2
    xy += (p.x - mx) * (p.mean - my)
  }
  return xx === 0 || yy === 0 ? null : xy / Math.sqrt(xx * yy)
}
