import { z } from "zod"
import { defineEndpoint, INTEGER_MAX, pageOf, pageQuery } from "../../kernel/contract.ts"
import { cursorMoment, cursorOf } from "../../kernel/cursor.ts"
import { BY_QUERY_REFUSALS, customerFilter } from "../customers/contract.ts"
import { MESSAGE_MAX_LENGTH, NOTE_MAX_LENGTH } from "./limits.ts"

export { MESSAGE_MAX_LENGTH, NOTE_MAX_LENGTH } from "./limits.ts"

const n = z.number().int()
const letters = (max: number) =>
  z
    .string()
    .trim()
    .refine((text) => [...text].length <= max, { message: `longer than ${max} letters` })

export const REASONS = ["leaving", "rearranged", "load", "asked_for", "other"] as const
export const STATES = [
  "planned",
  "asked",
  "waiting",
  "done",
  "refused",
  "full",
  "failed",
  "cancelled",
] as const

/** Whom a transfer is about: people by id, everybody of a list's filter (an account, a member of staff …), or a segment. */
export const who = z.union([
  z.strictObject({ customer_ids: z.array(z.uuid()).min(1).max(1_000) }),
  z.strictObject({ filter: customerFilter, people: z.number().int().min(1).max(INTEGER_MAX) }),
  z.strictObject({ segment_id: z.uuid() }),
])

const TARGET_REFUSALS = {
  account_unknown: { status: 409, zh: "目标账号不存在。", en: "The account to pass to does not exist." },
  account_stopped: {
    status: 409,
    zh: "目标账号不在使用中或有风险，不能接收客户。",
    en: "The account to pass to is out of use or has a hazard; it can take no customers.",
  },
  account_unheld: {
    status: 409,
    zh: "目标账号没有保管人，请先交给一位员工。",
    en: "The account to pass to has no custodian; give it to somebody first.",
  },
  segment_unknown: { status: 409, zh: "这个人群不存在。", en: "There is no such segment." },
  ...BY_QUERY_REFUSALS,
} as const

export const HELD = ["in_transfer", "already_there", "transferred_often"] as const
const held = z.object({ in_transfer: n, already_there: n, transferred_often: n })

export const tryTransfer = defineEndpoint({
  id: "transfers.try",
  method: "POST",
  path: "/api/transfers/try",
  permission: "transfers.write",
  summary: {
    zh: "预检客户交接：多少人会转移好友、多少人只换负责人、多少人转不了和原因",
    en: "A transfer tried out: whose friendship would pass over, who would only get another owner, who cannot and why",
  },
  body: z.object({ who, to_account_id: z.uuid() }),
  answer: z.object({
    people: n,
    /** Their friendship passes over through the channel and takes effect there. */
    move: n,
    /** Only who looks after them changes. */
    owner: n,
    held,
    to_staff_name: z.string(),
    /** The channel hands nobody over: somebody has to do it by hand. */
    by_hand: z.boolean(),
  }),
  refusals: TARGET_REFUSALS,
})

export const makeTransfer = defineEndpoint({
  id: "transfers.create",
  method: "POST",
  path: "/api/transfers",
  permission: "transfers.write",
  summary: { zh: "交接客户", en: "Pass customers on to another account and its custodian" },
  body: z.object({
    who,
    to_account_id: z.uuid(),
    reason: z.enum(REASONS),
    note: letters(NOTE_MAX_LENGTH).default(""),
    /** What the customer reads when it has taken effect. */
    message: letters(MESSAGE_MAX_LENGTH).default(""),
    /** When it begins; now where absent. */
    effective_at: z.coerce.date().optional(),
    /** How many were said to pass over (moves and owners together) when this was confirmed. */
    confirmed: z.number().int().min(1).max(INTEGER_MAX),
  }),
  answer: z.object({ id: z.string(), customers: n }),
  refusals: {
    ...TARGET_REFUSALS,
    nobody_to_pass: {
      status: 409,
      zh: "这些客户都不需要或不能交接，请看预检里的原因。",
      en: "None of these customers needs to or can be passed on; see the reasons of the trial.",
    },
    time_invalid: {
      status: 400,
      zh: "生效时间必须在现在之后、90 天之内。",
      en: "The time must lie ahead, within 90 days.",
    },
  },
})

const counts = z.object({
  planned: n,
  asked: n,
  waiting: n,
  done: n,
  refused: n,
  full: n,
  failed: n,
  cancelled: n,
})
const row = z.object({
  id: z.string(),
  to_account_id: z.string(),
  to_account_name: z.string(),
  reason: z.enum(REASONS),
  note: z.string(),
  message: z.string(),
  effective_at: z.date(),
  made_at: z.date(),
  made_by_name: z.string(),
  cancelled_at: z.date().nullable(),
  customers: counts,
  groups: z.object({ asked: n, done: n, failed: n }),
})
const params = z.object({ id: z.uuid() })
export const transferCursor = cursorOf({ at: cursorMoment, id: z.uuid() })

export const listTransfers = defineEndpoint({
  id: "transfers.list",
  method: "GET",
  path: "/api/transfers",
  permission: "transfers.read",
  summary: { zh: "客户交接记录，最新的在前", en: "Transfers of customers, newest first" },
  query: pageQuery(transferCursor),
  answer: pageOf(row),
})

export const readTransfer = defineEndpoint({
  id: "transfers.read",
  method: "GET",
  path: "/api/transfers/:id",
  permission: "transfers.read",
  summary: { zh: "一次客户交接", en: "One transfer" },
  params,
  answer: row,
})

export const peopleCursor = cursorOf({ customer_id: z.uuid() })

export const transferPeople = defineEndpoint({
  id: "transfers.customers",
  method: "GET",
  path: "/api/transfers/:id/customers",
  permission: "transfers.read",
  summary: { zh: "一次交接里的客户与结果", en: "The customers of a transfer with what became of each" },
  params,
  query: pageQuery(peopleCursor).extend({ state: z.enum(STATES).optional() }),
  answer: pageOf(
    z.object({
      customer_id: z.string(),
      name: z.string(),
      from_account_name: z.string().nullable(),
      from_staff_name: z.string().nullable(),
      state: z.enum(STATES),
      reason: z.string().nullable(),
      asked_at: z.date().nullable(),
      ended_at: z.date().nullable(),
    }),
  ),
})

export const cancelTransfer = defineEndpoint({
  id: "transfers.cancel",
  method: "POST",
  path: "/api/transfers/:id/cancel",
  permission: "transfers.write",
  summary: {
    zh: "取消还没有开始的交接；已经交给渠道的不受影响",
    en: "Call off what has not begun; what the channel has runs its course",
  },
  params,
  body: z.object({}),
  answer: z.object({ cancelled: n }),
  refusals: {
    nothing_waits: {
      status: 409,
      zh: "这次交接已经全部开始或结束，没有可以取消的。",
      en: "All of this transfer has begun or ended; there is nothing to call off.",
    },
  },
})
