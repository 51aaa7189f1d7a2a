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
    zh: "把另一位客户并入这一位：订单、积分、标签、社群和轨迹都归这一位，旧编号仍能找到；24 小时内可以撤销",
    en: "Merge another customer into this one: orders, points, tags, groups and history become this one's, the old id still leads here; it can be undone for 24 hours",
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

export const mergesCursor = cursorOf({ at: cursorMoment, from_id: z.uuid() })

export const listMerges = defineEndpoint({
  id: "customers.merges",
  method: "GET",
  path: "/api/customers/merges",
  permission: "customers.merge",
  summary: {
    zh: "最近 24 小时内合并的客户，还可以撤销的在这里，最新的在前面",
    en: "Customers merged in the last 24 hours, which can be undone, newest first",
  },
  query: pageQuery(mergesCursor).extend({
    /** Only those that this customer took in. */
    customer_id: z.uuid().optional(),
  }),
  answer: pageOf(
    z.object({
      /** Who was merged away, under the old id, with the name of then. */
      from_id: z.string(),
      from_name: z.string(),
      /** What they were known by: somebody without a name is told by it. */
      from_known_by: z.array(z.enum(["unionid", "external_userid", "phone", "shop_buyer_id", "import"])),
      /** Who stayed. */
      customer_id: z.string(),
      customer_name: z.string(),
      merged_at: z.date(),
      /** null: a platform vouched for it, nobody was asked. */
      merged_by: z.string().nullable(),
      /** Until when it can be undone. */
      until: z.date(),
      /** What stands in the way; null where nothing does. */
      stopped_by: z.enum(["merged_since"]).nullable(),
    }),
  ),
})

export const undoMergeOf = defineEndpoint({
  id: "customers.undo_merge",
  method: "POST",
  path: "/api/customers/merges/:id/undo",
  permission: "customers.merge",
  summary: {
    zh: "撤销合并：被并走的客户带着自己的身份、订单、积分、标签、社群和轨迹回来；合并之后发生的归留下的那位，除非明确是另一位的",
    en: "Undo a merge: who was merged away comes back with their identities, orders, points, tags, groups and history; what happened since stays with the one who stayed, unless it clearly is the other's",
  },
  /** The id of the one who was merged away. */
  params: z.object({ id: z.uuid() }),
  body: z.object({}),
  answer: z.object({ id: z.string(), other_id: z.string() }),
  refusals: {
    undo_too_late: {
      status: 409,
      zh: "合并已超过 24 小时，不能再撤销。",
      en: "The merge is more than 24 hours old; it cannot be undone any more.",
    },
    merged_since: {
      status: 409,
      zh: "在这之后又有一次合并用到了这位客户，请先撤销后来的那次。",
      en: "A later merge holds this customer; undo that one first.",
    },
    points_spent: {
      status: 409,
      zh: "合并之后花掉的积分比留下的那位自己的还多，分不回去；先给留下的那位补上积分，再撤销。",
      en: "More points were spent since the merge than the one who stayed has of their own; give them the missing points first, then undo.",
    },
  },
})
