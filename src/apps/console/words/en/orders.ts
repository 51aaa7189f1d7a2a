import type { WordsLike } from "../../../../ui/words/like.ts"
import type * as zh from "../zh/orders.ts"

export const orders: WordsLike<typeof zh.orders> = {
  import: "Import orders",
  title: "Orders",
  purpose: "Every order that the shop pushed or a file brought; refunds and cancellations in their own time.",
  list: "Orders",
  order_no: "Order number",
  no_number: "Line {{n}}",
  customer: "Customer",
  source: "Source",
  paid_at: "Paid at",
  paid: "Paid",
  refunded: "Refunded",
  status: "Status",
  paid_ok: "Paid",
  cancelled: "Cancelled",
  part_refunded: "Partly refunded",
  all_refunded: "Refunded",
  lead_only: "Lead product",
  source_code: "Channel",
  from: "Paid from",
  to: "Paid to",
  empty: "No orders yet",
  empty_text: "Orders come by themselves once the shop is connected; older ones from files.",
  nothing: "No order matches",
  nothing_text: "Try another filter, or clear them.",
  lines: "Products",
  product: "Product",
  qty: "Pieces",
  amount: "Amount",
  refunds: "Refunds",
  refund_no: "Refund number",
  none_for_customer: "No orders of this customer yet",
  none_for_customer_text: "They appear here once paid.",
  export: "Export",
  exported: "{{n}} exported",
}

/** Whoever pushes orders by the shop's door; an import's source has the name it was given. */
export const order_source: WordsLike<typeof zh.order_source> = { shop: "Shop" }
