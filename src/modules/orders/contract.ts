import { z } from "zod"
import { calendarDay, defineEndpoint, pageOf } from "../../kernel/contract.ts"
import { SORT_REFUSALS, type SortWordOf, sortedQuery, sorting } from "../../kernel/sort.ts"
import { SHOP_BATCH_MAX } from "./limits.ts"

const orderRow = z.object({
  order_id: z.string(),
  customer_id: z.string(),
  /** As the file or the shop names the customer. */
  customer: z.string(),
  /** Empty where nobody has told us a name yet. */
  customer_name: z.string(),
  source: z.string(),
  order_no: z.string().nullable(),
  line: z.number().int().nullable(),
  paid_at: z.date(),
  paid_fen: z.number().int(),
  refunded_fen: z.number().int(),
  cancelled: z.boolean(),
  lead_only: z.boolean(),
  source_code: z.string().nullable(),
})

export const orderSorting = sorting({ columns: ["paid_at", "paid_fen"], first: "-paid_at", id: z.uuid() })
export type OrderSort = SortWordOf<typeof orderSorting>

export const orderFilter = z.object({
  customer_id: z.uuid().optional(),
  source: z.string().max(300).optional(),
  order_no: z.string().max(300).optional(),
  /** Shanghai days, both included. */
  from: calendarDay.optional(),
  to: calendarDay.optional(),
})

export const listOrders = defineEndpoint({
  id: "orders.list",
  method: "GET",
  path: "/api/orders",
  permission: "orders.read",
  summary: {
    zh: "订单列表，最近付款的在前，或按金额",
    en: "Orders, the last paid first, or by amount",
  },
  query: sortedQuery(orderSorting).extend(orderFilter.shape),
  answer: pageOf(orderRow),
  refusals: SORT_REFUSALS,
})

export const listOrderSources = defineEndpoint({
  id: "orders.sources",
  method: "GET",
  path: "/api/orders/sources",
  permission: "orders.read",
  summary: { zh: "订单从哪些来源来，最近出现的在前", en: "Where orders come from, the newest source first" },
  answer: z.object({ rows: z.array(z.object({ source: z.string() })) }),
})

export const readOrder = defineEndpoint({
  id: "orders.read",
  method: "GET",
  path: "/api/customers/:customer_id/orders/:order_id",
  permission: "orders.read",
  summary: { zh: "一张订单：明细和退款", en: "One order with its lines and refunds" },
  params: z.object({ customer_id: z.uuid(), order_id: z.uuid() }),
  answer: orderRow.extend({
    lines: z.array(
      z.object({
        n: z.number().int(),
        sku: z.string(),
        name: z.string(),
        category: z.string(),
        kind: z.string(),
        qty: z.number().int(),
        fen: z.number().int(),
      }),
    ),
    refunds: z.array(
      z.object({
        refund_no: z.string(),
        at: z.date(),
        refund_fen: z.number().int(),
        cancellation: z.boolean(),
      }),
    ),
  }),
})

/** Asked before a browser gathers a list into a file: whoever may not export is refused, and the audit keeps who took what. */
export const exportOrders = defineEndpoint({
  id: "orders.export",
  method: "POST",
  path: "/api/orders/export",
  permission: "orders.export",
  summary: {
    zh: "把订单导出成文件之前的登记（记入审计）",
    en: "Before orders leave as a file: recorded in the audit",
  },
  body: z.object({ filter: orderFilter }),
  answer: z.object({ recorded: z.literal(true) }),
})

export const pushOrders = defineEndpoint({
  id: "orders.push",
  method: "POST",
  path: "/api/orders",
  permission: "orders.write",
  summary: {
    zh: "推送订单、退款和取消，逐单返回结果，重复推送无副作用",
    en: "Push orders, refunds and cancellations; a result an order, and twice is once",
  },
  body: z.object({
    origin: z.enum(["live", "history"]),
    /** As at the shop's door: order_no, buyer, status, paid_at, amount_fen, shipping_fen, lines, refund. */
    orders: z.array(z.unknown()).min(1).max(SHOP_BATCH_MAX),
  }),
  answer: z.object({
    taken: z.number().int(),
    known: z.number().int(),
    refused: z.number().int(),
    results: z.array(
      z.object({
        order_no: z.string().nullable(),
        result: z.enum(["taken", "known", "refused"]),
        code: z.string().optional(),
        field: z.string().optional(),
        detail: z.record(z.string(), z.unknown()).optional(),
      }),
    ),
  }),
})
