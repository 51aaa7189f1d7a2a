export const MODELS = ["first", "last", "even"] as const
export type Model = (typeof MODELS)[number]

/** Something that reached a person: by what (a send, a play, a code), which part of it where it has parts, and when. */
export type Touchpoint = { cause_kind: string; cause_id: string; cause_part: string | null; at: Date }
export type Credit = {
  model: Model
  cause_kind: string
  cause_id: string
  cause_part: string | null
  touched_at: Date
  fen: number
  net_fen: number
}

/**
 * Splits whole fen by weights so that the parts add up to the total: whole parts first, what is left goes one fen each to the
 * largest remainders, earlier parts first where they are equal. Exact for totals up to 2^53.
 */
export function splitFen(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0)
  if (sum === 0) return weights.map(() => 0)
  const shares = weights.map((w, i) => {
    const product = BigInt(total) * BigInt(w)
    return { i, whole: Number(product / BigInt(sum)), rest: product % BigInt(sum) }
  })
  let left = total - shares.reduce((a, s) => a + s.whole, 0)
  const parts = shares.map((s) => s.whole)
  for (const s of [...shares].sort((a, b) => (a.rest === b.rest ? a.i - b.i : a.rest > b.rest ? -1 : 1))) {
    if (left <= 0) break
    parts[s.i] = parts[s.i]! + 1
    left--
  }
  return parts
}

/** Who gets what of an order: all to the first or the last cause, or even parts to each cause once. No contact: no credit. */
export function credits(
  order: { paid_fen: number; refunded_fen: number },
  touchpoints: readonly Touchpoint[],
): Credit[] {
  const byTime = [...touchpoints].sort((a, b) => a.at.getTime() - b.at.getTime())
  const [first, last] = [byTime[0], byTime.at(-1)]
  if (!first || !last) return []
  const net = Math.max(0, order.paid_fen - order.refunded_fen)
  const whole = (model: Model, t: Touchpoint): Credit => ({
    model,
    cause_kind: t.cause_kind,
    cause_id: t.cause_id,
    cause_part: t.cause_part,
    touched_at: t.at,
    fen: order.paid_fen,
    net_fen: net,
  })
  const causes = [...new Map(byTime.map((t) => [`${t.cause_kind}\u0000${t.cause_id}`, t])).values()]
  const parts = splitFen(
    order.paid_fen,
    causes.map(() => 1),
  )
  const netParts = splitFen(net, order.paid_fen === 0 ? causes.map(() => 1) : parts)
  return [
    whole("first", first),
    whole("last", last),
    ...causes.map((t, i) => ({ ...whole("even", t), fen: parts[i]!, net_fen: netParts[i]! })),
  ]
}
