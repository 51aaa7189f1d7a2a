import { z } from "zod"
import { defineEndpoint, INTEGER_MAX, pageOf, pageQuery } from "../../kernel/contract.ts"
import { cursorMoment, cursorNumber, cursorOf } from "../../kernel/cursor.ts"
import { REVEAL_REASON_MIN, SEARCH_MAX_LENGTH } from "./limits.ts"

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

export const customerCursor = cursorOf({ number: cursorNumber(INTEGER_MAX) })
export const timelineCursor = cursorOf({ occurred_at: cursorMoment, id: cursorNumber() })

export const listCustomers = defineEndpoint({
  id: "customers.list",
  method: "GET",
  path: "/api/customers",
  permission: "customers.read",
  summary: { zh: "客户列表，最新的在前", en: "Customers, newest first" },
  query: pageQuery(customerCursor).extend({
    /** The beginning of a name or a remark, of its pinyin or initials; or the last four digits of a phone. */
    q: z.string().trim().max(SEARCH_MAX_LENGTH).optional(),
    stage: z.string().max(40).optional(),
    standing: z.string().max(40).optional(),
    owner_staff_id: z.uuid().optional(),
    account_id: z.uuid().optional(),
    with_total: z.stringbool().default(false),
  }),
  answer: pageOf(customerRow),
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

const explained = z.object({
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
    phone_masked: z.string().nullable(),
    gender: z.number().int(),
    region: z.string().nullable(),
    avatar: z.string().nullable(),
    source_code: z.string().nullable(),
    owner_staff_id: z.string().nullable(),
    owner_name: z.string().nullable(),
    first_contact_at: z.date().nullable(),
    opted_out_at: z.date().nullable(),
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
    }),
  ),
})

export const revealPhone = defineEndpoint({
  id: "customers.reveal",
  method: "POST",
  path: "/api/customers/:id/reveal",
  permission: "customers.reveal",
  summary: { zh: "查看完整手机号（记录理由）", en: "See the full phone number; the reason is recorded" },
  params,
  body: z.object({ reason: z.string().trim().min(REVEAL_REASON_MIN).max(200) }),
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
