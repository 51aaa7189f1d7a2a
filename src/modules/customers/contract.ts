import { z } from "zod"
import {
  calendarDay,
  defineEndpoint,
  INTEGER_MAX,
  pageOf,
  pageQuery,
  type RefusalTable,
} from "../../kernel/contract.ts"
import { cursorMoment, cursorNumber, cursorOf } from "../../kernel/cursor.ts"
import { SORT_REFUSALS, type SortWordOf, sortedQuery, sorting } from "../../kernel/sort.ts"
import {
  BY_QUERY_MAX,
  EXPORT_CHOSEN_MAX,
  EXPORT_PEOPLE_MAX,
  REASON_MIN,
  SEARCH_MAX_LENGTH,
} from "./limits.ts"

export { BY_QUERY_MAX, COUNT_LIMIT, REASON_MIN } from "./limits.ts"

/** Text, number (fen, points, day number: see the trait's kind and unit), yes or no, or a set of words. */
const traitValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()])

export const customerRow = z.object({
  id: z.string(),
  name: z.string(),
  remark: z.string(),
  phone_masked: z.string().nullable(),
  owner_staff_id: z.string().nullable(),
  owner_name: z.string().nullable(),
  source_code: z.string().nullable(),
  first_contact_at: z.date().nullable(),
  traits: z.record(z.string(), traitValue),
})

/** By when we came to know them, when they first became a friend, and what they bought and hold. */
export const customerSorting = sorting({
  columns: ["created", "first_contact", "last_order", "gmv", "orders", "points"],
  first: "-created",
  id: cursorNumber(INTEGER_MAX),
})
export type CustomerSort = SortWordOf<typeof customerSorting>
export const timelineCursor = cursorOf({ occurred_at: cursorMoment, id: cursorNumber() })

/** Whom a list of customers holds: the same words for the list, for its count and for what is done to all of it at once. */
export const customerFilter = z.object({
  /**
   * The beginning of a name or a remark, simplified or traditional, of any way to read it or its initials; the last four digits of
   * a phone; the beginning of the name of a tag.
   */
  q: z.string().trim().max(SEARCH_MAX_LENGTH).optional(),
  /** What `q` may find them by: what they are called and their phone, or a tag that they have; both unless said. */
  found_by: z.enum(["person", "tag"]).optional(),
  stage: z.string().max(40).optional(),
  standing: z.string().max(40).optional(),
  owner_staff_id: z.uuid().optional(),
  account_id: z.uuid().optional(),
  /** Whose friendship with an account ended from this day to that one (Shanghai, both included) and has not begun again. */
  left_from: calendarDay.optional(),
  left_to: calendarDay.optional(),
})

export const countCustomers = defineEndpoint({
  id: "customers.count",
  method: "GET",
  path: "/api/customers/count",
  permission: "customers.read",
  summary: {
    zh: "一组筛选条件下的客户数，精确到个位",
    en: "How many customers a filter holds, to the last one",
  },
  query: customerFilter,
  answer: z.object({ people: z.number().int() }),
})

/** What is done to everybody whom a filter holds: refused unless there are as many as were named when it was confirmed. */
export const BY_QUERY_REFUSALS = {
  count_changed: {
    status: 409,
    zh: "符合条件的人数刚刚变了，请按新的人数再确认一次。",
    en: "The number of people has just changed; confirm again with the new one.",
  },
  too_many_people: {
    status: 409,
    zh: "一次最多处理 50,000 人，请先缩小筛选范围。",
    en: "At most 50,000 people at once; narrow the filter first.",
  },
} as const

export const listCustomers = defineEndpoint({
  id: "customers.list",
  method: "GET",
  path: "/api/customers",
  permission: "customers.read",
  summary: {
    zh: "客户列表，最新的在前，或按所选的列排序（没有值的总在最后）",
    en: "Customers, newest first or by the column asked for; who has no value stands last either way",
  },
  query: sortedQuery(customerSorting).extend({
    ...customerFilter.shape,
    with_total: z.stringbool().default(false),
  }),
  answer: pageOf(
    customerRow.extend({
      /** What `q` found them by; null where nothing was looked for. Of a phone the four digits, of a tag its name. */
      matched: z.object({ field: z.enum(["name", "remark", "phone", "tag"]), text: z.string() }).nullable(),
    }),
  ),
  refusals: SORT_REFUSALS,
})

const contact = z.object({
  account_id: z.string(),
  account_name: z.string(),
  account_function: z.string(),
  external_userid: z.string(),
  remark: z.string(),
  state: z.string().nullable(),
  added_at: z.date(),
  removed_at: z.date().nullable(),
  removed_by: z.string().nullable(),
})

/** A trait with its value in words and the reason for it. */
export const explained = z.object({
  name: z.string(),
  label: z.object({ zh: z.string(), en: z.string() }),
  kind: z.enum(["text", "number", "day", "boolean", "tags"]),
  unit: z.string().nullable(),
  /** How a value of a closed list is called. */
  shown: z.object({ zh: z.string(), en: z.string() }).nullable(),
  value: traitValue,
  since: z.date().nullable(),
  /** The rule and the numbers that decided. */
  why: z.record(z.string(), z.unknown()).nullable(),
})

const words = z.object({ zh: z.string(), en: z.string() })
const params = z.object({ id: z.uuid() })

export const readCustomer = defineEndpoint({
  id: "customers.read",
  method: "GET",
  path: "/api/customers/:id",
  permission: "customers.read",
  summary: { zh: "客户画像：是谁、处在哪一步、为什么", en: "One customer: who, which stage, and why" },
  params,
  answer: z.object({
    id: z.string(),
    name: z.string(),
    /** The company's own; what each account calls them stands with the contact. */
    remark: z.string(),
    phone_masked: z.string().nullable(),
    gender: z.number().int(),
    /** `2001-05-20`, or `--05-20` where nobody told the year. */
    birthday: z.string().nullable(),
    region: z.string().nullable(),
    avatar: z.string().nullable(),
    source_code: z.string().nullable(),
    owner_staff_id: z.string().nullable(),
    owner_name: z.string().nullable(),
    first_contact_at: z.date().nullable(),
    opted_out_at: z.date().nullable(),
    /** Since when they agree to be written to, where somebody said so. */
    consented_at: z.date().nullable(),
    contacts: z.array(contact),
    traits: z.array(explained),
  }),
})

export const readTimeline = defineEndpoint({
  id: "customers.timeline",
  method: "GET",
  path: "/api/customers/:id/timeline",
  permission: "customers.read",
  summary: { zh: "客户轨迹，最新的在前", en: "A customer's timeline, newest first" },
  params,
  query: pageQuery(timelineCursor).extend({ types: z.string().max(400).optional() }),
  answer: pageOf(
    z.object({
      id: z.string(),
      type: z.string(),
      label: words,
      occurred_at: z.date(),
      origin: z.enum(["live", "history"]),
      /** For a change of class: which one, and the value before and after in words. */
      change: z.object({ of: words, from: words.nullable(), to: words.nullable() }).nullable(),
      payload: z.record(z.string(), z.unknown()),
      /** By field of the payload: what the thing is called that it points at. */
      names: z.record(z.string(), z.string()),
    }),
  ),
})

/**
 * Opens a file of customers: whoever may not export is refused, the audit keeps who takes how many by which filter and what for,
 * and whom the file holds is decided now. For a while whoever opened it gets it at `exportPath`, phones masked.
 */
export const exportCustomers = defineEndpoint({
  id: "customers.export",
  method: "POST",
  path: "/api/customers/export",
  permission: "customers.export",
  summary: {
    zh: "导出客户名单：写明用途并记入审计，文件随后凭编号下载",
    en: "Open a file of customers, with its purpose in the audit; the file is then got by its id",
  },
  body: z.object({
    filter: customerFilter,
    sort: customerSorting.sort,
    /** Of those whom the filter holds, these alone, at most 1,000; null for all of them. */
    customer_ids: z.array(z.uuid()).min(1).max(BY_QUERY_MAX).nullable().default(null),
    /** What the file is for. */
    reason: z.string().trim().min(REASON_MIN).max(200),
  }),
  answer: z.object({ id: z.string(), people: z.number().int() }),
  refusals: {
    nobody_there: {
      status: 409,
      zh: "没有符合条件的客户，没有可导出的内容。",
      en: "No customer matches; there is nothing to export.",
    },
    too_many_people: {
      status: 409,
      zh: `一个文件最多 ${EXPORT_PEOPLE_MAX.toLocaleString("en")} 人，请先缩小筛选范围。`,
      en: `A file holds at most ${EXPORT_PEOPLE_MAX.toLocaleString("en")} people; narrow the filter first.`,
    },
    too_many_chosen: {
      status: 409,
      zh: `逐个勾选一次最多导出 ${EXPORT_CHOSEN_MAX.toLocaleString("en")} 人；人更多时请先筛选，再选择全部符合条件的客户。`,
      en: `At most ${EXPORT_CHOSEN_MAX.toLocaleString("en")} people can be chosen one by one; for more, filter and choose everybody who matches.`,
    },
  },
})
/** `GET`: the file as a stream of CSV, its words by `?lang=en` or in Chinese; it is no JSON endpoint. */
export const exportPath = (id: string) => `/api/customers/exports/${id}.csv`
export const EXPORT_REFUSALS: RefusalTable = {
  export_over: {
    status: 410,
    zh: "这次导出的文件只能在开始后的一小段时间内下载，请重新导出。",
    en: "The file could be downloaded for a short while after it was opened; export again.",
  },
}

export const revealPhone = defineEndpoint({
  id: "customers.reveal",
  method: "POST",
  path: "/api/customers/:id/reveal",
  permission: "customers.reveal",
  summary: { zh: "查看完整手机号（记录理由）", en: "See the full phone number; the reason is recorded" },
  params,
  body: z.object({ reason: z.string().trim().min(REASON_MIN).max(200) }),
  answer: z.object({ phone: z.string().nullable() }),
})

export const setOptOut = defineEndpoint({
  id: "customers.opt_out",
  method: "POST",
  path: "/api/customers/:id/opt-out",
  permission: "customers.write",
  summary: { zh: "记录退订或恢复", en: "Record an opt-out, or its end" },
  params,
  body: z.object({ opted_out: z.boolean() }),
  answer: z.object({ opted_out_at: z.date().nullable() }),
})
