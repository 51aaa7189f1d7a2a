import { z } from "zod"
import { defineEndpoint, pageOf, pageQuery } from "../../kernel/contract.ts"
import { cursorMoment, cursorOf } from "../../kernel/cursor.ts"
import { SORT_REFUSALS, type SortWordOf, sortedQuery, sorting } from "../../kernel/sort.ts"

export const groupRow = z.object({
  id: z.string(),
  name: z.string(),
  owner_ref: z.string().nullable(),
  owner_name: z.string().nullable(),
  members: z.number().int(),
  customers: z.number().int(),
  /** Members who spoke within seven days; null where the channel cannot read messages. */
  spoke_7d: z.number().int(),
  joined_7d: z.number().int(),
  left_7d: z.number().int(),
  messages: z.number().int(),
  last_message_at: z.date().nullable(),
  created_at: z.date(),
  dismissed_at: z.date().nullable(),
})

export const groupSorting = sorting({
  columns: [
    "members",
    "customers",
    "spoke_7d",
    "joined_7d",
    "left_7d",
    "messages",
    "last_message_at",
    "created_at",
  ],
  first: "-members",
  id: z.uuid(),
})
export type GroupSort = SortWordOf<typeof groupSorting>

export const listGroups = defineEndpoint({
  id: "groups.list",
  method: "GET",
  path: "/api/groups",
  permission: "groups.read",
  summary: {
    zh: "社群，人最多的在前，或按所选的列",
    en: "Customer groups, the largest first or by a column",
  },
  query: z.object({ sort: groupSorting.sort }),
  answer: z.object({ rows: z.array(groupRow) }),
})

const params = z.object({ id: z.uuid() })

export const readGroup = defineEndpoint({
  id: "groups.read",
  method: "GET",
  path: "/api/groups/:id",
  permission: "groups.read",
  summary: { zh: "一个社群", en: "One group" },
  params,
  answer: groupRow,
})

export const memberSorting = sorting({
  columns: ["joined_at", "last_spoke_at", "messages"],
  first: "-joined_at",
  id: z.string().min(1),
})
export type MemberSort = SortWordOf<typeof memberSorting>

export const groupMembers = defineEndpoint({
  id: "groups.members",
  method: "GET",
  path: "/api/groups/:id/members",
  permission: "groups.read",
  summary: {
    zh: "群成员，新进群的在前，或按所选的列",
    en: "Members of a group, the newest first or by a column",
  },
  params,
  query: sortedQuery(memberSorting),
  answer: pageOf(
    z.object({
      member_ref: z.string(),
      customer_id: z.string().nullable(),
      kind: z.enum(["staff", "external"]),
      name: z.string(),
      scene: z.string(),
      joined_at: z.date(),
      last_spoke_at: z.date().nullable(),
      messages: z.number().int(),
    }),
  ),
  refusals: SORT_REFUSALS,
})

export const messageCursor = cursorOf({ at: cursorMoment, ref: z.string().min(1) })

export const groupMessages = defineEndpoint({
  id: "groups.messages",
  method: "GET",
  path: "/api/groups/:id/messages",
  permission: "groups.read",
  summary: { zh: "群消息", en: "Messages of a group" },
  params,
  query: pageQuery(messageCursor),
  answer: pageOf(
    z.object({
      message_ref: z.string(),
      member_ref: z.string(),
      name: z.string(),
      kind: z.string(),
      text: z.string(),
      sent_at: z.date(),
    }),
  ),
})
