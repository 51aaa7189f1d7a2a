import type { Words } from "../../kernel/contract.ts"

const said = (zh: string, en: string, meaning: string, meaning_en: string) => ({
  label: { zh, en },
  definition: { zh: meaning, en: meaning_en },
})

/** One definition for each number, wherever it is shown. */
export const NUMBERS = {
  gmv_fen: said(
    "成交额",
    "GMV",
    "已付款的商品金额，扣券后，不含积分与运费，未减退款，按付款日。",
    "Money paid for goods by day of payment, after coupons, without points and shipping, before refunds.",
  ),
  net_gmv_fen: said(
    "净成交额",
    "Net GMV",
    "成交额减去同期退款（按退款日）。",
    "GMV less refunds by their own day.",
  ),
  orders: said("订单数", "Orders", "付款的订单数。", "Orders that were paid."),
  average_fen: said("客单价", "Average order", "成交额 ÷ 订单数。", "GMV divided by orders."),
  customers_new: said(
    "新增客户",
    "New customers",
    "第一次成为好友的人数。",
    "People who became a contact for the first time.",
  ),
  contacts_removed: said("流失好友", "Contacts lost", "好友关系结束的次数。", "Friendships that ended."),
  conversion: said(
    "新客成交率",
    "Conversion",
    "期内新增的人中，至今下过单的比例。",
    "Of those who came in within the range, the share that has ordered by now.",
  ),
  group_messages: said(
    "群发言",
    "Group messages",
    "群内客户与员工的发言条数。",
    "Messages spoken in groups.",
  ),
} satisfies Record<string, { label: Words; definition: Words }>
