import type { OrderLine } from "./events.ts"

/** What the doors hand to the books: fen are whole, days are Shanghai's. */
export type NewOrder = {
  customer_id: string
  order_id: string
  source_id: number
  source: string
  /** Exactly one of number and line tells the order apart within its source. */
  order_no: string | null
  line: number | null
  paid_at: Date
  paid_fen: number
  /** Set where an order is first heard of as cancelled: it is kept with no money and never counts. */
  cancelled_day: number | null
  points_used: number
  coupon_fen: number
  shipping_fen: number
  lead_only: boolean
  source_code: string | null
  lines: OrderLine[]
  /** The number of the first of `lines` within the order. */
  first_n: number
}

export type Extension = {
  customer_id: string
  order_id: string
  order_no: string
  source: string
  at: Date
  added_fen: number
  lines: OrderLine[]
  first_n: number
}

export type NewRefund = {
  customer_id: string
  refund_id: string
  order_id: string | null
  source_id: number
  source: string
  order_no: string
  refund_no: string
  at: Date
  refund_fen: number
  cancellation: boolean
}

export type Cancellation = {
  customer_id: string
  order_id: string
  order_no: string
  source: string
  at: Date
  /** What was left of the money and went back with the cancellation. */
  refund_fen: number
}

/**
 * Shares of `paid_fen` over lines by their price times quantity: whole fen that add up, the largest remainders rounded up, ties
 * to the earlier line. Lines that are all free share equally.
 */
export function shareOut(paid_fen: number, lines: readonly { qty: number; price_fen: number }[]): number[] {
  const weights = lines.map((line) => line.qty * line.price_fen)
  const all = weights.reduce((sum, w) => sum + w, 0)
  const whole = all > 0 ? BigInt(all) : BigInt(lines.length)
  const parts = weights.map((w, i) => {
    const product = BigInt(paid_fen) * (all > 0 ? BigInt(w) : 1n)
    return { i, fen: Number(product / whole), rest: product % whole }
  })
  let left = paid_fen - parts.reduce((sum, part) => sum + part.fen, 0)
  const shares = parts.map((part) => part.fen)
  for (const part of [...parts].sort((a, b) => (a.rest === b.rest ? a.i - b.i : a.rest > b.rest ? -1 : 1))) {
    if (left === 0) break
    shares[part.i]!++
    left--
  }
  return shares
}
