import { dayNumber } from "../../kernel/day.ts"
import type { Tx } from "../../platform/db.ts"
import { append, type NewFact, type Origin } from "../../spine/facts/index.ts"
import { orderCancelled, orderExtended, orderPaid, orderRefunded } from "./events.ts"
import type { Cancellation, Extension, NewOrder, NewRefund } from "./rules.ts"
import * as store from "./store.ts"

/** What a door decided, to be written together. `names`: each customer as this door calls them. */
export type Writing = {
  origin: Origin
  names: ReadonlyMap<string, string>
  /** The name in an imported file goes before what a shop calls its buyer. */
  named_by_import: boolean
  orders: readonly NewOrder[]
  extensions: readonly Extension[]
  refunds: readonly NewRefund[]
  cancellations: readonly Cancellation[]
}

/** Writes orders and all that hangs on them, set by set: rows, kept figures per customer, facts; in the caller's transaction. */
export async function record(t: Tx, writing: Writing): Promise<void> {
  await store.insertOrders(t, writing.orders)
  await store.insertLines(t, [...writing.orders, ...writing.extensions])
  await store.insertRefunds(t, writing.refunds)
  await store.addToOrders(t, writing)
  await store.addToCustomers(t, movesOf(writing), writing.named_by_import)
  const doubtful = [...writing.cancellations, ...writing.extensions].map((c) => c.customer_id)
  if (doubtful.length > 0) await store.recount(t, [...new Set(doubtful)])
  await append(t, factsOf(writing))
}

/** What changes for each customer, added up before it is written. Cancellations and extensions are counted again instead. */
export type Move = {
  customer_id: string
  name: string
  orders: number
  goods_orders: number
  first_day: number | null
  last_day: number | null
  goods_first_day: number | null
  goods_last_day: number | null
  moved_day: number
  gmv_fen: number
  refund_fen: number
  last_paid_at: Date | null
  last_paid_fen: number | null
}

const least = (a: number | null, b: number) => (a === null ? b : Math.min(a, b))
const most = (a: number | null, b: number) => (a === null ? b : Math.max(a, b))

function movesOf(writing: Writing): Move[] {
  const moves = new Map<string, Move>()
  const moveOf = (customer_id: string, day: number): Move => {
    let move = moves.get(customer_id)
    if (!move) {
      move = emptyMove(customer_id, writing.names.get(customer_id) ?? customer_id, day)
      moves.set(customer_id, move)
    }
    move.moved_day = Math.max(move.moved_day, day)
    return move
  }
  for (const order of writing.orders) {
    const day = dayNumber(order.paid_at)
    const move = moveOf(order.customer_id, Math.max(day, order.cancelled_day ?? day))
    move.gmv_fen += order.paid_fen
    if (order.cancelled_day !== null) continue
    move.orders++
    move.first_day = least(move.first_day, day)
    move.last_day = most(move.last_day, day)
    if (!order.lead_only) {
      move.goods_orders++
      move.goods_first_day = least(move.goods_first_day, day)
      move.goods_last_day = most(move.goods_last_day, day)
    }
    if (!move.last_paid_at || order.paid_at >= move.last_paid_at) {
      move.last_paid_at = order.paid_at
      move.last_paid_fen = order.paid_fen
    }
  }
  for (const refund of writing.refunds)
    moveOf(refund.customer_id, dayNumber(refund.at)).refund_fen += refund.refund_fen
  for (const added of writing.extensions) moveOf(added.customer_id, dayNumber(added.at))
  for (const gone of writing.cancellations) moveOf(gone.customer_id, dayNumber(gone.at))
  return [...moves.values()].sort((a, b) => (a.customer_id < b.customer_id ? -1 : 1))
}

function emptyMove(customer_id: string, name: string, day: number): Move {
  return {
    customer_id,
    name,
    orders: 0,
    goods_orders: 0,
    first_day: null,
    last_day: null,
    goods_first_day: null,
    goods_last_day: null,
    moved_day: day,
    gmv_fen: 0,
    refund_fen: 0,
    last_paid_at: null,
    last_paid_fen: null,
  }
}

function factsOf(writing: Writing): NewFact[] {
  const { origin } = writing
  const facts: NewFact[] = []
  for (const o of writing.orders) {
    const { order_id, order_no, source, paid_fen, lines, lead_only, source_code } = o
    if (o.cancelled_day !== null) continue
    const payload = { order_id, order_no, source, paid_fen, lines, lead_only }
    facts.push(
      orderPaid.of({
        subject: o.customer_id,
        occurred_at: o.paid_at,
        origin,
        payload: source_code ? { ...payload, source_code } : payload,
      }),
    )
  }
  for (const e of writing.extensions)
    facts.push(
      orderExtended.of({
        subject: e.customer_id,
        occurred_at: e.at,
        origin,
        payload: {
          order_id: e.order_id,
          order_no: e.order_no,
          source: e.source,
          added_fen: e.added_fen,
          lines: e.lines,
          lead_only: e.lines.every((line) => line.kind === "lead"),
        },
      }),
    )
  for (const r of writing.refunds) {
    if (r.cancellation) continue
    const { order_id, order_no, source, refund_no, refund_fen } = r
    facts.push(
      orderRefunded.of({
        subject: r.customer_id,
        occurred_at: r.at,
        origin,
        payload: { order_id, order_no, source, refund_no, refund_fen },
      }),
    )
  }
  for (const c of writing.cancellations) {
    const { order_id, order_no, source, refund_fen } = c
    facts.push(
      orderCancelled.of({
        subject: c.customer_id,
        occurred_at: c.at,
        origin,
        payload: { order_id, order_no, source, refund_fen },
      }),
    )
  }
  return facts
}
