import { dayNumber } from "../../../kernel/day.ts"
import { newId } from "../../../kernel/ids.ts"
import type { OrderLine } from "../events.ts"
import { type Cancellation, type NewOrder, type NewRefund, shareOut } from "../rules.ts"
import type { ShopOrder } from "./decode.ts"

/** An order as the books know it. `paid_fen` is what counts as GMV. */
export type KnownShopOrder = {
  customer_id: string
  order_id: string
  paid_fen: number
  refunded_fen: number
  cancelled: boolean
}

export type ShopKnown = { orders: Map<string, KnownShopOrder>; refund_nos: Set<string> }

export type ShopOutcome =
  | { order_no: string; result: "taken" | "known" }
  | {
      order_no: string | null
      result: "refused"
      code: string
      field?: string
      detail?: Record<string, unknown>
    }

export type ShopDecided = {
  outcomes: ShopOutcome[]
  orders: NewOrder[]
  refunds: NewRefund[]
  cancellations: Cancellation[]
}

export type OwnedShopOrder = ShopOrder & { customer_id: string }

/** Money for goods: what was paid without the shipping. Points are no money and stand outside the amount already. */
export const paidFen = (order: ShopOrder) => order.amount_fen - order.shipping_fen

/**
 * What each order is, in turn: orders of one call may tell the same order twice. An order sent again is known by its number, a
 * refund by its own; the same number with another amount is refused and shows both. Updates `known`.
 */
export function decideShop(
  list: readonly OwnedShopOrder[],
  known: ShopKnown,
  source: { source_id: number; source: string },
  now: Date,
): ShopDecided {
  const decided: ShopDecided = { outcomes: [], orders: [], refunds: [], cancellations: [] }
  for (const order of list) {
    const { order_no } = order
    const before = known.orders.get(order_no)
    if (before && !before.cancelled && before.paid_fen !== paidFen(order)) {
      const detail = { before_fen: before.paid_fen, now_fen: paidFen(order) }
      decided.outcomes.push({
        order_no,
        result: "refused",
        code: "order_changed",
        field: "amount_fen",
        detail,
      })
      continue
    }
    const refused = before ? refundProblem(order, before, known) : refundProblem(order, emptyOf(order), known)
    if (refused) {
      decided.outcomes.push(refused)
      continue
    }
    let changed = false
    const current = before ?? takeNew(order, decided, source, now)
    if (!before) {
      known.orders.set(order_no, current)
      changed = true
    }
    if (order.status === "refunded" && takeRefund(order, current, known, decided, source, now)) changed = true
    if (order.status === "cancelled" && takeCancellation(order, current, decided, source, now)) changed = true
    decided.outcomes.push({ order_no, result: changed ? "taken" : "known" })
  }
  return decided
}

const emptyOf = (order: OwnedShopOrder): KnownShopOrder => ({
  customer_id: order.customer_id,
  order_id: "",
  paid_fen: paidFen(order),
  refunded_fen: 0,
  cancelled: false,
})

function refundProblem(order: ShopOrder, current: KnownShopOrder, known: ShopKnown): ShopOutcome | null {
  if (order.status !== "refunded" || !order.refund || known.refund_nos.has(order.refund.refund_no))
    return null
  const { order_no } = order
  if (current.cancelled) return { order_no, result: "refused", code: "order_cancelled", field: "refund" }
  const left_fen = current.paid_fen - current.refunded_fen + order.shipping_fen
  if (order.refund.amount_fen <= left_fen) return null
  return {
    order_no,
    result: "refused",
    code: "refund_exceeds",
    field: "refund.amount_fen",
    detail: { left_fen },
  }
}

type Source = { source_id: number; source: string }

function takeNew(order: OwnedShopOrder, into: ShopDecided, source: Source, now: Date): KnownShopOrder {
  const gone = order.status === "cancelled"
  const paid_fen = gone ? 0 : paidFen(order)
  const shares = shareOut(paid_fen, order.lines)
  const lines: OrderLine[] = order.lines.map((line, i) => {
    const { sku, name, category, kind, qty } = line
    return { sku, name, category, kind, qty, fen: shares[i]! }
  })
  const made: NewOrder = {
    customer_id: order.customer_id,
    order_id: newId(now.getTime()),
    ...source,
    order_no: order.order_no,
    line: null,
    paid_at: order.paid_at,
    paid_fen,
    cancelled_day: gone ? dayNumber(order.refund?.at ?? order.paid_at) : null,
    points_used: order.points_used,
    coupon_fen: order.coupon_fen,
    shipping_fen: order.shipping_fen,
    lead_only: lines.every((line) => line.kind === "lead"),
    source_code: order.source_code ?? null,
    lines,
    first_n: 1,
  }
  into.orders.push(made)
  const { customer_id, order_id } = made
  return { customer_id, order_id, paid_fen, refunded_fen: 0, cancelled: false }
}

function takeRefund(
  order: OwnedShopOrder,
  current: KnownShopOrder,
  known: ShopKnown,
  into: ShopDecided,
  source: Source,
  now: Date,
): boolean {
  const refund = order.refund!
  if (known.refund_nos.has(refund.refund_no)) return false
  // What is given back for shipping lowers no GMV, since shipping was never in it.
  const refund_fen = Math.min(refund.amount_fen, current.paid_fen - current.refunded_fen)
  if (refund_fen === 0) return false
  known.refund_nos.add(refund.refund_no)
  current.refunded_fen += refund_fen
  into.refunds.push({
    customer_id: current.customer_id,
    refund_id: newId(now.getTime()),
    order_id: current.order_id,
    ...source,
    order_no: order.order_no,
    refund_no: refund.refund_no,
    at: refund.at,
    refund_fen,
    cancellation: false,
  })
  return true
}

function takeCancellation(
  order: OwnedShopOrder,
  current: KnownShopOrder,
  into: ShopDecided,
  source: Source,
  now: Date,
): boolean {
  if (current.cancelled) return false
  current.cancelled = true
  const { customer_id, order_id } = current
  const { order_no } = order
  // Where nothing tells when it was called off, an order first heard of so was never one; a known one ends now.
  const first = into.orders.some((o) => o.order_id === order_id)
  const at = order.refund?.at ?? (first ? order.paid_at : now)
  const refund_fen = current.paid_fen - current.refunded_fen
  current.refunded_fen = current.paid_fen
  into.cancellations.push({ customer_id, order_id, order_no, source: source.source, at, refund_fen })
  if (refund_fen > 0)
    into.refunds.push({
      customer_id,
      refund_id: newId(now.getTime()),
      order_id,
      ...source,
      order_no,
      refund_no: order.refund?.refund_no ?? `${order_no}#cancelled`,
      at,
      refund_fen,
      cancellation: true,
    })
  return true
}
