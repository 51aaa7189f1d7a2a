import { z } from "zod"
import { canBeKept } from "../../../kernel/text.ts"
import { productKind } from "../events.ts"
import { FEN_MAX, SHOP_BATCH_MAX, SHOP_LINES_MAX, TEXT_MAX_LENGTH } from "../limits.ts"

const words = z.string().max(TEXT_MAX_LENGTH).refine(canBeKept, "holds characters that cannot be kept")
const text = words.refine((s) => s.trim() !== "", "is empty")
const fen = z.number().int().min(0).max(FEN_MAX)
const instant = z.iso.datetime({ offset: true }).transform((s) => new Date(s))

export const shopOrder = z
  .object({
    order_no: text,
    buyer: z.object({
      shop_buyer_id: text,
      external_userid: text.optional(),
      unionid: text.optional(),
      phone: z
        .string()
        .regex(/^\+?\d{5,20}$/)
        .optional(),
      name: words.optional(),
    }),
    status: z.enum(["paid", "refunded", "cancelled"]),
    paid_at: instant,
    /** What the buyer paid in money, shipping included: lines − coupon − points + shipping. */
    amount_fen: fen,
    shipping_fen: fen.default(0),
    points_used: z.number().int().min(0).max(FEN_MAX).default(0),
    coupon_fen: fen.default(0),
    lines: z
      .array(
        z.object({
          sku: text,
          name: words,
          category: words.default(""),
          kind: productKind.default("regular"),
          qty: z.number().int().min(1).max(1_000_000),
          price_fen: fen,
        }),
      )
      .min(1)
      .max(SHOP_LINES_MAX),
    refund: z.object({ refund_no: text, at: instant, amount_fen: fen.min(1) }).optional(),
    source_code: text.optional(),
  })
  .refine((o) => o.status !== "refunded" || o.refund, {
    path: ["refund"],
    message: "needed for a refunded order",
  })
  .refine((o) => o.shipping_fen <= o.amount_fen, {
    path: ["shipping_fen"],
    message: "more than was paid in all",
  })
export type ShopOrder = z.infer<typeof shopOrder>

/** The call as a whole; orders are looked at one by one, so that one that is wrong does not hold up the others. */
export const shopCall = z.object({
  origin: z.enum(["live", "history"]),
  orders: z.array(z.unknown()).min(1).max(SHOP_BATCH_MAX),
})
