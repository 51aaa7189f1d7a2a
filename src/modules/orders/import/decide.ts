import { newId } from "../../../kernel/ids.ts"
import { momentText } from "../../../kernel/moments.ts"
import { fenToDecimal } from "../../../kernel/money.ts"
import type { OrderLine } from "../events.ts"
import type { Extension, NewOrder, NewRefund } from "../rules.ts"
import type { OrderFailure } from "./failures.ts"
import type { ImportRow } from "./rows.ts"

/** A row and whose it is. */
export type OwnedRow = ImportRow & { customer_id: string }

/** What the books hold already that these rows may be. */
export type Known = {
  /** Rows without an order number, by line. */
  byLine: Map<number, KnownRow>
  byNumber: Map<string, KnownOrder>
  refund_nos: Set<string>
}
export type KnownRow = {
  customer_id: string
  customer: string
  at: Date
  fen: number
  product: string | null
}
export type KnownOrder = {
  customer_id: string
  order_id: string
  at: Date
  lines: { product: string; fen: number }[]
}

export type Outcome = "imported" | "skipped" | { failed: OrderFailure; detail?: string }

export type Decided = {
  outcomes: Outcome[]
  orders: NewOrder[]
  extensions: Extension[]
  refunds: NewRefund[]
}

/** The keys under which a run counts equal things: the n-th row of an order, the n-th equal refund of a moment. */
export const orderKey = (row: ImportRow) => `o:${row.order_no}`
export const refundKey = (row: ImportRow) => `r:${row.order_no}#${row.at.getTime()}#${row.fen}`
const refundNo = (row: ImportRow, nth: number) =>
  `${row.order_no}#${momentText(row.at).replace(/\D/g, "")}#${-row.fen}#${nth}`

/** Ordinals of numbered rows within this run, `seen` being what earlier batches counted; updates `seen`. */
export function ordinals(rows: readonly ImportRow[], seen: Map<string, number>): number[] {
  return rows.map((row) => {
    if (row.order_no === null) return 0
    const key = row.fen < 0 ? refundKey(row) : orderKey(row)
    const nth = (seen.get(key) ?? 0) + 1
    seen.set(key, nth)
    return nth
  })
}

export function refundNumbers(rows: readonly ImportRow[], nths: readonly number[]): string[] {
  return rows.flatMap((row, i) => (row.order_no !== null && row.fen < 0 ? [refundNo(row, nths[i]!)] : []))
}

/**
 * What each row is: new, known, or at odds with what is known. A row without a number is known by its line; the n-th row of an
 * order number by its place in the order, so that a file that was cut, sent twice or exported with an overlap adds nothing twice.
 * Rows with a negative amount are refunds of their order and never orders.
 */
export function decide(
  rows: readonly OwnedRow[],
  nths: readonly number[],
  known: Known,
  source: { source_id: number; source: string },
  now: Date,
): Decided {
  const orders = new Map<string, Draft>()
  const extensions = new Map<string, Extension>()
  const decided: Decided = { outcomes: [], orders: [], extensions: [], refunds: [] }

  const takeLine = (row: OwnedRow): Outcome => {
    const before = known.byLine.get(row.line)
    if (before)
      return sameRow(before, row) ? "skipped" : { failed: "changed_row", detail: bothOf(before, row) }
    decided.orders.push(draft(row, source, now, row.product === null ? [] : [lineOf(row)]))
    return "imported"
  }
  const takeOrderRow = (row: OwnedRow, nth: number): Outcome => {
    const number = row.order_no!
    const before = known.byNumber.get(number)
    const fresh = orders.get(number)
    const owner = before?.customer_id ?? fresh?.customer_id
    if (owner && owner !== row.customer_id) return { failed: "order_of_another" }
    const line = before?.lines[nth - 1]
    if (before && line) {
      const same = line.fen === row.fen && line.product === (row.product ?? "")
      if (same && (nth > 1 || before.at.getTime() === row.at.getTime())) return "skipped"
      const at = nth > 1 ? row.at : before.at
      const then = { ...row, at, fen: line.fen, product: line.product }
      return { failed: "changed_order", detail: bothOf(then, row) }
    }
    if (before) {
      const added = extensions.get(number) ?? extensionOf(before, number, source.source, row.at)
      added.added_fen += row.fen
      added.lines.push(lineOf(row))
      extensions.set(number, added)
    } else if (fresh) {
      fresh.paid_fen += row.fen
      fresh.lines.push(lineOf(row))
    } else orders.set(number, draft(row, source, now, [lineOf(row)]))
    return "imported"
  }
  const takeRefund = (row: OwnedRow, nth: number): Outcome => {
    const refund_no = refundNo(row, nth)
    if (known.refund_nos.has(refund_no)) return "skipped"
    const order = known.byNumber.get(row.order_no!) ?? orders.get(row.order_no!)
    if (order && order.customer_id !== row.customer_id) return { failed: "order_of_another" }
    decided.refunds.push({
      customer_id: row.customer_id,
      refund_id: newId(now.getTime()),
      order_id: order?.order_id ?? null,
      ...source,
      order_no: row.order_no!,
      refund_no,
      at: row.at,
      refund_fen: -row.fen,
      cancellation: false,
    })
    return "imported"
  }
  for (const [i, row] of rows.entries())
    decided.outcomes.push(
      row.order_no === null
        ? takeLine(row)
        : row.fen < 0
          ? takeRefund(row, nths[i]!)
          : takeOrderRow(row, nths[i]!),
    )
  decided.orders.push(...orders.values())
  decided.extensions.push(...extensions.values())
  return decided
}

type Draft = NewOrder & { lines: OrderLine[] }

function draft(
  row: OwnedRow,
  source: { source_id: number; source: string },
  now: Date,
  lines: OrderLine[],
): Draft {
  return {
    customer_id: row.customer_id,
    order_id: newId(now.getTime()),
    ...source,
    order_no: row.order_no,
    line: row.order_no === null ? row.line : null,
    paid_at: row.at,
    paid_fen: row.fen,
    cancelled_day: null,
    points_used: 0,
    coupon_fen: 0,
    shipping_fen: 0,
    lead_only: false,
    source_code: null,
    lines,
    first_n: 1,
  }
}

function extensionOf(order: KnownOrder, order_no: string, source: string, at: Date): Extension {
  const { customer_id, order_id } = order
  return {
    customer_id,
    order_id,
    order_no,
    source,
    at,
    added_fen: 0,
    lines: [],
    first_n: order.lines.length + 1,
  }
}

function lineOf(row: ImportRow): OrderLine {
  return { sku: "", name: row.product ?? "", category: "", kind: "regular", qty: 1, fen: row.fen }
}

function sameRow(before: KnownRow, now: OwnedRow): boolean {
  return (
    before.customer_id === now.customer_id &&
    before.at.getTime() === now.at.getTime() &&
    before.fen === now.fen &&
    before.product === now.product
  )
}

/** Both contents where the same row says something else now. */
function bothOf(before: Omit<KnownRow, "customer_id">, row: OwnedRow): string {
  const text = (r: Omit<KnownRow, "customer_id">) =>
    [r.customer, momentText(r.at), fenToDecimal(r.fen), ...(r.product ? [r.product] : [])].join(" ")
  return `原为「${text(before)}」，现为「${text(row)}」`
}
