import type { Words } from "../../../kernel/contract.ts"

/** Why a row of a file of orders did not go in, in words that the person with the file can act on. */
export const ORDER_FAILURES = {
  missing_customer: { zh: "客户为空", en: "the customer is empty" },
  bad_date: {
    zh: "日期无法识别或不存在，请用 2024-02-28 或 2024/2/28 08:30 这样的写法",
    en: "the date cannot be read or does not exist; write it as 2024-02-28 or 2024/2/28 08:30",
  },
  bad_amount: { zh: "金额不是数字", en: "the amount is not a number" },
  amount_too_large: { zh: "金额过大", en: "the amount is too large" },
  negative_without_order: {
    zh: "金额为负但没有订单号，无法判断是哪一单的退款",
    en: "a negative amount needs an order number to be a refund",
  },
  changed_row: {
    zh: "同一来源的这一行已导入过，但内容不同",
    en: "this line of this source came in before with other content",
  },
  changed_order: {
    zh: "这个订单已导入过，但明细不同",
    en: "this order came in before with other lines",
  },
  order_of_another: {
    zh: "这个订单号已属于另一位客户",
    en: "this order number belongs to another customer",
  },
} satisfies Record<string, Words>

export type OrderFailure = keyof typeof ORDER_FAILURES
