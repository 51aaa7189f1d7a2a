import { z } from "zod"
import { defineEndpoint, pageOf, pageQuery } from "../../../kernel/contract.ts"
import { cursorMoment, cursorOf } from "../../../kernel/cursor.ts"

const n = z.number().int()

/** One of a pair, with what helps to tell whether they are one person. */
const side = z.object({
  id: z.string(),
  name: z.string(),
  phone_masked: z.string().nullable(),
  owner_name: z.string().nullable(),
  /** When they were first seen here. */
  created_at: z.date(),
  /** Names of the functional accounts whose friends they are. */
  accounts: z.array(z.string()),
  orders: n,
  gmv_fen: n,
  points: n,
})

export const pairCursor = cursorOf({ at: cursorMoment, customer_id: z.uuid(), other_id: z.uuid() })

export const listPairs = defineEndpoint({
  id: "customers.pairs",
  method: "GET",
  path: "/api/customers/pairs",
  permission: "customers.merge",
  summary: {
    zh: "可能是同一个人的两位客户，等人判断，最早发现的在前面",
    en: "Two customers who may be one person and wait for somebody's decision, oldest first",
  },
  query: pageQuery(pairCursor),
  answer: pageOf(
    z.object({
      /** Known by the more telling identity: the one who stays, unless somebody chooses otherwise. */
      customer: side,
      other: side,
      /** What one arrival said of both. */
      shared: z.enum(["unionid", "external_userid", "phone", "shop_buyer_id", "import"]),
      found_at: z.date(),
    }),
  ),
})

export const mergeInto = defineEndpoint({
  id: "customers.merge",
  method: "POST",
  path: "/api/customers/:id/merge",
  permission: "customers.merge",
  summary: {
    zh: "把另一位客户并入这一位：订单、积分、标签、社群和轨迹都归这一位，旧编号仍能找到；不能撤销",
    en: "Merge another customer into this one: orders, points, tags, groups and history become this one's, the old id still leads here; it cannot be undone",
  },
  params: z.object({ id: z.uuid() }),
  body: z.object({ other_id: z.uuid() }),
  answer: z.object({ id: z.string() }),
  refusals: {
    same_customer: {
      status: 409,
      zh: "这两位已经是同一位客户，不用再合并。",
      en: "These two are one customer already; there is nothing to merge.",
    },
  },
})

export const keepApart = defineEndpoint({
  id: "customers.keep_apart",
  method: "POST",
  path: "/api/customers/pairs/apart",
  permission: "customers.merge",
  summary: {
    zh: "记下这两位不是同一个人，以后不再提示",
    en: "Note that these two are not one person; they are not put up again",
  },
  body: z.object({ customer_id: z.uuid(), other_id: z.uuid() }),
  answer: z.object({ apart: z.literal(true) }),
  refusals: {
    decided_before: {
      status: 409,
      zh: "这一对刚刚已有人处理，请刷新列表。",
      en: "Somebody has just decided on this pair; refresh the list.",
    },
  },
})
