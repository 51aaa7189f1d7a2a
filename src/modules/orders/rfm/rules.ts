import type { Words } from "../../../kernel/contract.ts"

/**
 * RFM: recency, frequency and money, each scored 1 to 5 over a company's customers. All arithmetic is on whole numbers: days,
 * counts and fen; quantiles are kept five times too large, since they lie on fifths between two values.
 */
export const RFM_RULES = ["value", "r", "ntile"] as const
/** `value`: equal values share a score; `r`: as the R package rfm does; `ntile`: fifths of the ranked customers, ties by name. */
export type RfmRule = (typeof RFM_RULES)[number]

/** 20, 40, 60 and 80 % quantiles (type 7: position (n-1)·p, linear between neighbours), each times five. */
export type Cuts = readonly [number, number, number, number]
export type RfmCuts = { recency: Cuts; frequency: Cuts; monetary: Cuts }

const BANDS = 5

/** Quantiles of values that are sorted upwards; null of none. */
export function fifths(sorted: ArrayLike<number>): Cuts | null {
  const last = sorted.length - 1
  if (last < 0) return null
  const cut = (k: number): number => {
    const position = last * k
    const below = Math.floor(position / BANDS)
    const fraction = position % BANDS
    const low = sorted[below]!
    const high = fraction === 0 ? low : sorted[below + 1]!
    return BANDS * low + fraction * (high - low)
  }
  return [cut(1), cut(2), cut(3), cut(4)]
}

/** 1 + the number of cut points strictly below the value: equal values always share a score. */
export function scoreByValue(value: number, cuts: Cuts): number {
  const v = value * BANDS
  return 1 + Number(cuts[0] < v) + Number(cuts[1] < v) + Number(cuts[2] < v) + Number(cuts[3] < v)
}

/** The R package's way: cut points one unit higher, 1 + the number of them that are not above the value. */
export function scoreByR(value: number, cuts: Cuts, unit: number): number {
  const v = (value - unit) * BANDS
  return 1 + Number(cuts[0] <= v) + Number(cuts[1] <= v) + Number(cuts[2] <= v) + Number(cuts[3] <= v)
}

/** One unit of days and of orders, and one unit (1.00) of the imported amount in fen. */
export const UNIT = 1
export const UNIT_FEN = 100

export type Rfm = { r: number; f: number; m: number }

/** Scores of one customer by kept cut points; recency is mirrored, the more recent is the higher. Not for rule `ntile`. */
export function scoreOne(
  rule: "value" | "r",
  cuts: RfmCuts,
  customer: { recency_days: number; orders: number; monetary_fen: number },
): Rfm {
  const { recency_days, orders, monetary_fen } = customer
  if (rule === "value")
    return {
      r: BANDS + 1 - scoreByValue(recency_days, cuts.recency),
      f: scoreByValue(orders, cuts.frequency),
      m: scoreByValue(monetary_fen, cuts.monetary),
    }
  return {
    r: BANDS + 1 - scoreByR(recency_days, cuts.recency, UNIT),
    f: scoreByR(orders, cuts.frequency, UNIT),
    m: scoreByR(monetary_fen, cuts.monetary, UNIT_FEN),
  }
}

/** SQL's NTILE(5) of the rank (from 0) among `count`: the first fifths are one longer where it does not divide. */
export function ntile(rank: number, count: number): number {
  const size = Math.floor(count / BANDS)
  const longer = count % BANDS
  const inLonger = longer * (size + 1)
  return rank < inLonger
    ? 1 + Math.floor(rank / (size + 1))
    : 1 + longer + Math.floor((rank - inLonger) / size)
}

/** Eight segments by R, F and M high or low against the mean score of all customers. */
export const SEGMENTS = {
  "111": "重要价值",
  "101": "重要发展",
  "011": "重要保持",
  "001": "重要挽留",
  "110": "一般价值",
  "100": "一般发展",
  "010": "一般保持",
  "000": "一般挽留",
} as const
export type SegmentCode = keyof typeof SEGMENTS

/** How the segments are called on every page and in every sentence. */
export const SEGMENT_WORDS: Record<SegmentCode, Words> = {
  "111": { zh: SEGMENTS["111"], en: "Champions" },
  "101": { zh: SEGMENTS["101"], en: "High value, growing" },
  "011": { zh: SEGMENTS["011"], en: "High value, to keep" },
  "001": { zh: SEGMENTS["001"], en: "High value, to win back" },
  "110": { zh: SEGMENTS["110"], en: "Regulars" },
  "100": { zh: SEGMENTS["100"], en: "Newcomers" },
  "010": { zh: SEGMENTS["010"], en: "Regulars, to keep" },
  "000": { zh: SEGMENTS["000"], en: "Fading" },
}

export type ScoreSums = { customers: number; r: number; f: number; m: number }

/** High is a score not below the mean; compared without dividing. */
export function segmentOf(score: Rfm, sums: ScoreSums): SegmentCode {
  const high = (value: number, sum: number) => (value * sums.customers >= sum ? "1" : "0")
  return `${high(score.r, sums.r)}${high(score.f, sums.f)}${high(score.m, sums.m)}` as SegmentCode
}
