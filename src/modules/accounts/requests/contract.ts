import { z } from "zod"
import { defineEndpoint, type RefusalTable } from "../../../kernel/contract.ts"
import { LIFE_REFUSALS } from "../life/refusals.ts"
import { NOTE_MAX, REASON_MIN } from "../limits.ts"
import { FUNCTIONS } from "../rules.ts"

const params = z.object({ id: z.uuid() })
const STATES = ["open", "approved", "handed_over", "rejected", "cancelled"] as const
const done = z.object({ id: z.string(), state: z.enum(STATES) })
const reason = z.string().trim().min(REASON_MIN).max(NOTE_MAX)

export const requestRow = z.object({
  id: z.string(),
  requested_by: z.string(),
  requested_by_name: z.string().nullable(),
  for_staff_id: z.string(),
  for_name: z.string().nullable(),
  function: z.enum(FUNCTIONS),
  reason: z.string(),
  state: z.enum(STATES),
  account_id: z.string().nullable(),
  account_name: z.string().nullable(),
  decided_by_name: z.string().nullable(),
  decided_at: z.date().nullable(),
  decision_note: z.string(),
  made_at: z.date(),
})

const REFUSALS: RefusalTable = {
  request_closed: {
    status: 409,
    zh: "这条申请已经处理过了。",
    en: "This request has been decided already.",
  },
  account_unknown: { status: 409, zh: "没有这个账号。", en: "There is no such account." },
  account_not_ready: {
    status: 409,
    zh: "这个账号不是待用状态，请换一个。",
    en: "This account is not ready; choose another.",
  },
  account_promised: {
    status: 409,
    zh: "这个账号已经答应给别的申请了，请换一个。",
    en: "This account is promised to another request; choose another.",
  },
  self_check: {
    status: 409,
    zh: "不能批准给自己用的申请，请换一位同事。",
    en: "Nobody approves a request for themself; ask a colleague.",
  },
}

export const listRequests = defineEndpoint({
  id: "accounts.requests",
  method: "GET",
  path: "/api/accounts/requests",
  permission: "accounts.read",
  summary: {
    zh: "用号申请，待处理的在前",
    en: "Requests for accounts to use, those that wait first",
  },
  query: z.object({ state: z.enum(STATES).optional() }),
  answer: z.object({ rows: z.array(requestRow) }),
})

export const askForUse = defineEndpoint({
  id: "accounts.ask_for_use",
  method: "POST",
  path: "/api/accounts/requests",
  permission: "accounts.request",
  summary: { zh: "申请使用账号", en: "Ask for an account to use" },
  body: z.strictObject({ for_staff_id: z.uuid().optional(), function: z.enum(FUNCTIONS), reason }),
  answer: done,
  refusals: { staff_unknown: LIFE_REFUSALS.staff_unknown },
})

export const approveRequest = defineEndpoint({
  id: "accounts.approve_request",
  method: "POST",
  path: "/api/accounts/requests/:id/approve",
  permission: "accounts.write",
  summary: { zh: "批准用号申请并选定账号", en: "Approve a request, naming the account" },
  params,
  body: z.strictObject({ account_id: z.uuid(), note: z.string().trim().max(NOTE_MAX).default("") }),
  answer: done,
  refusals: REFUSALS,
})

export const rejectRequest = defineEndpoint({
  id: "accounts.reject_request",
  method: "POST",
  path: "/api/accounts/requests/:id/reject",
  permission: "accounts.write",
  summary: { zh: "驳回用号申请", en: "Reject a request" },
  params,
  body: z.strictObject({ note: reason }),
  answer: done,
  refusals: REFUSALS,
})

export const cancelRequest = defineEndpoint({
  id: "accounts.cancel_request",
  method: "POST",
  path: "/api/accounts/requests/:id/cancel",
  permission: "accounts.request",
  summary: { zh: "撤回自己的用号申请", en: "Take one's own request back" },
  params,
  answer: done,
  refusals: REFUSALS,
})
