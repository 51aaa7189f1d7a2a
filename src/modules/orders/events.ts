import { z } from "zod"
import { defineFact } from "../../spine/facts/index.ts"

/** `lead` is a product at or below cost that brings people in; it alone makes nobody a customer. */
export const productKind = z.enum(["lead", "low_ticket", "membership", "regular"])

export const orderLine = z.object({
  sku: z.string(),
  name: z.string(),
  category: z.string(),
  kind: productKind,
  /** Whole pieces; 1 where a file does not tell. */
  qty: z.number().int(),
  /** This line's share of the order's paid_fen; the shares add up to it. */
  fen: z.number().int(),
})
export type OrderLine = z.infer<typeof orderLine>

const fen = z.number().int().nonnegative()
const identity = {
  order_id: z.uuid(),
  /** The shop's own number; null for a row of a file that has none (then `source` and `line` name it). */
  order_no: z.string().nullable(),
  /** Where the order came from: `shop`, or the name given at the import. */
  source: z.string(),
}

/** Money came in for goods. Subject: the customer; occurred_at: when it was paid. */
export const orderPaid = defineFact(
  "order.paid",
  z.object({
    ...identity,
    /** GMV: money paid for goods, after coupons, without points and shipping, before refunds. */
    paid_fen: fen,
    lines: z.array(orderLine),
    /** Every line is a lead product. */
    lead_only: z.boolean(),
    /** The contact code, material or campaign that the order names as its origin. */
    source_code: z.string().optional(),
  }),
)

/** An order that was told before has more lines than were known then (a file's rows of one order that stand far apart). */
export const orderExtended = defineFact(
  "order.extended",
  z.object({
    ...identity,
    added_fen: fen,
    lines: z.array(orderLine),
    lead_only: z.boolean(),
  }),
)

/** Money went back. `order_id` is null where the refund names an order that never came in. */
export const orderRefunded = defineFact(
  "order.refunded",
  z.object({
    ...identity,
    order_id: z.uuid().nullable(),
    refund_no: z.string(),
    refund_fen: z.number().int().positive(),
  }),
)

/**
 * The whole order was called off. Once paid, its remaining money went back (`refund_fen`, told here only, with no
 * `order.refunded` beside it) and from then on it counts as no order.
 */
export const orderCancelled = defineFact("order.cancelled", z.object({ ...identity, refund_fen: fen }))
