import { z } from "zod"
import { calendarDay, defineEndpoint, INTEGER_MAX, pageOf } from "../../kernel/contract.ts"
import { SORT_REFUSALS, type SortWordOf, sortedQuery, sorting } from "../../kernel/sort.ts"
import { conditionTree, TREE_REFUSALS } from "../../kernel/tree.ts"
import { NAME_MAX, REASON_MAX, SEND_LIFE_MAX_DAYS } from "./limits.ts"

export { SEND_LIFE_MAX_DAYS } from "./limits.ts"

const id = z.object({ id: z.uuid() })
export const SEND_STATES = [
  "draft",
  "awaiting_approval",
  "rejected",
  "planning",
  "running",
  "paused",
  "cancelled",
  "done",
] as const

export const sendBody = z.strictObject({
  name: z.string().trim().min(1).max(NAME_MAX),
  text: z.string().trim().min(1).max(8_000),
  nature: z.enum(["selling", "service"]).default("selling"),
  /** Either a rule or a segment whose rule is taken as it is now. */
  rule: conditionTree.nullable().default(null),
  segment_id: z.uuid().nullable().default(null),
  account_function: z.enum(["ip", "sales", "member", "agent"]).nullable().default(null),
  send_at: z.iso.datetime({ offset: true }),
  /** Days in which a place is looked for when quotas are used up. */
  life_days: z.number().int().min(1).max(SEND_LIFE_MAX_DAYS).optional(),
})
export type SendBody = z.output<typeof sendBody>

export const sendRow = z.object({
  id: z.string(),
  name: z.string(),
  text: z.string(),
  nature: z.enum(["selling", "service"]),
  rule: conditionTree,
  segment_id: z.string().nullable(),
  account_function: z.string().nullable(),
  send_at: z.date(),
  expires_at: z.date(),
  author_id: z.string(),
  approver_id: z.string().nullable(),
  state: z.enum(SEND_STATES),
  /** How often the draft was saved. */
  revision: z.number().int(),
  problem: z.string().nullable(),
  created_at: z.date(),
})

export const dryRunAnswer = z.object({
  people: z.number().int(),
  reached: z.number().int(),
  left_out: z.array(z.object({ reason: z.string(), people: z.number().int() })),
  starts_at: z.date(),
  moved_by_quiet_hours: z.boolean(),
  days: z.array(z.object({ day: z.number().int(), people: z.number().int(), parcels: z.number().int() })),
  accounts: z.array(
    z.object({
      account_id: z.string(),
      name: z.string(),
      people: z.number().int(),
      quota: z.number().int(),
      used: z.number().int(),
      days: z.number().int(),
      parcels: z.number().int(),
      by_hand: z.boolean(),
    }),
  ),
  parcels: z.number().int(),
  by_hand: z.number().int(),
  text_bytes: z.number().int(),
  text_bytes_max: z.number().int().nullable(),
  /** Accounts that would have sold more in seven days than their function may, this send counted. */
  overselling: z.array(
    z.object({
      account_id: z.string(),
      messages: z.number().int(),
      selling: z.number().int(),
      selling_percent: z.number().int(),
    }),
  ),
})

const REFUSALS = {
  ...TREE_REFUSALS,
  send_to_nobody: {
    status: 409,
    zh: "这个人群现在没有人可以触达。",
    en: "Nobody in this audience can be reached now.",
  },
  send_in_past: { status: 409, zh: "发送时间已经过去。", en: "The time to send has passed." },
  send_too_far: { status: 409, zh: "发送时间太远。", en: "The time to send is too far ahead." },
  text_too_long: {
    status: 400,
    zh: "文本超过渠道允许的长度。",
    en: "The text is longer than the channel allows.",
  },
  text_variable: {
    status: 400,
    zh: "文本里有无法填写的变量。",
    en: "The text has a variable that nothing fills.",
  },
  audience_missing: { status: 400, zh: "请选择人群。", en: "Choose an audience." },
  not_now: {
    status: 409,
    zh: "这条群发现在的状态不能这样做。",
    en: "Not possible in the send's present state.",
  },
  version_changed: {
    status: 409,
    zh: "别人刚改过这条草稿，请先看看对方改了什么。",
    en: "Somebody has just changed this draft; look at what they changed first.",
  },
  own_send: {
    status: 409,
    zh: "不能审批自己的群发，请另一位同事审批。",
    en: "You cannot approve your own send; a second person must.",
  },
} as const

const words = (zh: string, en: string) => ({ zh, en })
const base = { permission: "sends.write", refusals: REFUSALS } as const

export const sendSorting = sorting({ columns: ["created_at", "send_at"], first: "-created_at", id: z.uuid() })
export type SendSort = SortWordOf<typeof sendSorting>

export const listSends = defineEndpoint({
  id: "sends.list",
  method: "GET",
  path: "/api/sends",
  permission: "sends.read",
  summary: words("群发列表，新建的在前，或按发送时间", "Mass sends, newest first or by when they go out"),
  query: sortedQuery(sendSorting),
  answer: pageOf(sendRow),
  refusals: SORT_REFUSALS,
})
export const sendJob = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum([...SEND_STATES, "partly_failed"]),
  /** People it was planned for; of whom the outcome is known; whom it reached; whom it did not. */
  planned: z.number().int(),
  settled: z.number().int(),
  delivered: z.number().int(),
  missed: z.number().int(),
  ended_at: z.date().nullable(),
})
export type SendJob = z.infer<typeof sendJob>

export const listSendJobs = defineEndpoint({
  id: "sends.jobs",
  method: "GET",
  path: "/api/sends/jobs",
  permission: "sends.read",
  summary: words("进行中和最近结束的群发", "Sends under way and those that ended lately"),
  answer: z.object({ rows: z.array(sendJob) }),
})
export const createSendEndpoint = defineEndpoint({
  ...base,
  id: "sends.create",
  method: "POST",
  path: "/api/sends",
  summary: words("新建群发草稿", "Make a draft"),
  body: sendBody,
  answer: z.object({ id: z.string(), revision: z.number().int() }),
})
export const saveSend = defineEndpoint({
  ...base,
  id: "sends.save",
  method: "PUT",
  path: "/api/sends/:id",
  summary: words("修改群发草稿", "Change a draft"),
  params: id,
  body: sendBody.extend({
    /** The saving that the change is based on; where it is named, a later one refuses the change. */
    based_on: z.number().int().min(1).max(INTEGER_MAX).optional(),
  }),
  answer: z.object({ id: z.string(), revision: z.number().int() }),
})
export const previewSend = defineEndpoint({
  ...base,
  id: "sends.preview",
  method: "POST",
  path: "/api/sends/preview",
  summary: words("试算：触达人数、拆分、配额、频次", "Dry run: people, parcels, quotas, caps"),
  body: sendBody,
  answer: dryRunAnswer,
})
export const dryRunSend = defineEndpoint({
  ...base,
  id: "sends.dry_run",
  method: "GET",
  path: "/api/sends/:id/dry-run",
  permission: "sends.read",
  summary: words(
    "试算一条还没执行的群发",
    "Dry run of a stored send that has not begun: for its author and whoever approves it",
  ),
  params: id,
  answer: dryRunAnswer,
})
export const submitSend = defineEndpoint({
  ...base,
  id: "sends.submit",
  method: "POST",
  path: "/api/sends/:id/submit",
  summary: words("提交审批", "Submit for approval"),
  params: id,
  answer: z.object({ id: z.string(), state: z.enum(SEND_STATES) }),
})
const decision = {
  method: "POST",
  params: id,
  answer: z.object({ id: z.string(), state: z.enum(SEND_STATES) }),
  refusals: REFUSALS,
} as const
export const approveSendEndpoint = defineEndpoint({
  ...decision,
  id: "sends.approve",
  permission: "sends.approve",
  path: "/api/sends/:id/approve",
  summary: words("审批通过", "Approve, as a second person"),
})
export const rejectSendEndpoint = defineEndpoint({
  ...decision,
  id: "sends.reject",
  permission: "sends.approve",
  path: "/api/sends/:id/reject",
  summary: words("驳回", "Reject with a reason"),
  body: z.object({ reason: z.string().trim().min(1).max(REASON_MAX) }),
})
export const pauseSendEndpoint = defineEndpoint({
  ...decision,
  id: "sends.pause",
  permission: "sends.write",
  path: "/api/sends/:id/pause",
  summary: words("暂停", "Pause: nothing more is handed over"),
})
export const resumeSendEndpoint = defineEndpoint({
  ...decision,
  id: "sends.resume",
  permission: "sends.write",
  path: "/api/sends/:id/resume",
  summary: words("继续", "Resume"),
})
export const cancelSendEndpoint = defineEndpoint({
  ...decision,
  id: "sends.cancel",
  permission: "sends.write",
  path: "/api/sends/:id/cancel",
  summary: words("取消", "Cancel what has not gone out"),
})
export const remindSendEndpoint = defineEndpoint({
  id: "sends.remind",
  method: "POST",
  path: "/api/sends/:id/remind",
  permission: "sends.write",
  summary: words("提醒员工确认发送", "Remind staff to press send; gives how many tasks they are reminded of"),
  params: id,
  answer: z.object({ id: z.string(), tasks: z.number().int() }),
  refusals: {
    not_now: REFUSALS.not_now,
    quiet_hours: {
      status: 409,
      zh: "现在是夜间免打扰时段，明早再提醒。",
      en: "These are the quiet hours; remind them in the morning.",
    },
    nothing_to_remind: {
      status: 409,
      zh: "没有等待员工确认的任务。",
      en: "No task waits for staff.",
    },
    reminded_enough: {
      status: 409,
      zh: "这条群发的任务在 24 小时内已提醒到平台上限。",
      en: "These tasks have had all the reminders that the platform allows in 24 hours.",
    },
  },
})

const n = z.number().int()
export const oneSend = defineEndpoint({
  id: "sends.one",
  method: "GET",
  path: "/api/sends/:id",
  permission: "sends.read",
  summary: words("群发详情与结果", "One send with progress and results"),
  params: id,
  answer: z.object({
    send: sendRow,
    /** 员工执行情况 */
    staff: z.array(
      z.object({
        account_id: z.string(),
        name: z.string(),
        sent_to_staff: n,
        confirmed: n,
        pending: n,
        /** Tasks in which somebody still has to press send. */
        tasks_open: n,
        reminded_at: z.date().nullable(),
      }),
    ),
    /** 客户触达情况 */
    customers: z.object({
      planned: n,
      waiting: n,
      delivered: n,
      not_friend: n,
      over_quota: n,
      failed: n,
      unknown: n,
      expired: n,
      cancelled: n,
      left_out: z.array(z.object({ reason: z.string(), people: n })),
    }),
    earned: z.object({ orders: n, customers: n, gmv_fen: n, net_fen: n, window_days: n }),
  }),
})

const limitRow = z.object({
  name: z.string(),
  per: z.string(),
  value: z.number().int(),
  source: z.string(),
  effective_from: z.string(),
})

export const listLimits = defineEndpoint({
  id: "limits.list",
  method: "GET",
  path: "/api/limits",
  permission: "sends.read",
  summary: {
    zh: "平台限制与频控：数值、出处、生效日",
    en: "Limits of platforms and caps of ours: value, source, first day",
  },
  answer: z.object({
    rows: z.array(
      limitRow.extend({
        unit: z.enum(["count", "bytes", "chars", "ms", "minute_of_day"]),
        /** Somebody here corrected it; else it is the house's default or the platform's published number. */
        own: z.boolean(),
        /** Of several rows of one name and span, the one that holds today. */
        in_force: z.boolean(),
      }),
    ),
  }),
})

export const correctLimitRow = defineEndpoint({
  id: "limits.correct",
  method: "POST",
  path: "/api/limits",
  permission: "settings.write",
  summary: { zh: "更正一项限制（从某天起）", en: "Correct a limit from a day on" },
  body: limitRow.extend({
    name: z.string().min(1).max(120),
    per: z.string().max(120),
    source: z.string().trim().min(1).max(300),
    value: limitRow.shape.value.max(INTEGER_MAX),
    effective_from: calendarDay,
  }),
  answer: z.object({ name: z.string() }),
  refusals: {
    limit_impossible: { status: 400, zh: "这个数值不可能。", en: "This value is impossible." },
    no_such_limit: {
      status: 404,
      zh: "没有这项限制；只能更正表里已有的。",
      en: "There is no such limit; only those of the table can be corrected.",
    },
  },
})
