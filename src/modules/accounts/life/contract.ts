import { z } from "zod"
import { defineEndpoint } from "../../../kernel/contract.ts"
import { custodyRow, returnRow } from "../custody/contract.ts"
import { fileRow } from "../files/contract.ts"
import { DAYS_BEFORE_MAX, LINE_MAX, NAME_MAX, NOTE_MAX, REASON_MIN } from "../limits.ts"
import { FUNCTIONS } from "../rules.ts"
import { LIFE_REFUSALS } from "./refusals.ts"
import { STATES } from "./rules.ts"

const params = z.object({ id: z.uuid() })
const note = z.string().trim().max(NOTE_MAX).default("")
const line = z.string().trim().max(LINE_MAX).default("")

export const moveRow = z.object({
  id: z.string(),
  at: z.date(),
  from_state: z.enum(STATES).nullable(),
  to_state: z.enum(STATES),
  by_name: z.string().nullable(),
  note: z.string(),
  file_id: z.string().nullable(),
})

export const accountHistory = defineEndpoint({
  id: "accounts.history",
  method: "GET",
  path: "/api/accounts/:id/history",
  permission: "accounts.read",
  summary: { zh: "账号的状态、保管和归还记录", en: "States, custody and returns of an account" },
  params,
  answer: z.object({
    moves: z.array(moveRow),
    custody: z.array(custodyRow),
    returns: z.array(returnRow),
  }),
})

export const accountFiles = defineEndpoint({
  id: "accounts.files",
  method: "GET",
  path: "/api/accounts/:id/file-list",
  permission: "accounts.read",
  summary: { zh: "账号的协议和凭证", en: "Agreements and evidence of an account" },
  params,
  answer: z.object({ rows: z.array(fileRow) }),
})

export const requestAccount = defineEndpoint({
  id: "accounts.request_account",
  method: "POST",
  path: "/api/accounts",
  permission: "accounts.request",
  summary: { zh: "申请注册新账号", en: "Ask for a new account to be registered" },
  body: z.strictObject({
    name: z.string().trim().min(1).max(NAME_MAX),
    function: z.enum(FUNCTIONS),
    channel: z
      .string()
      .regex(/^[a-z]{1,20}$/)
      .default("wecom"),
    reason: z.string().trim().min(REASON_MIN).max(NOTE_MAX),
  }),
  answer: z.object({ id: z.string() }),
})

export const registerAccount = defineEndpoint({
  id: "accounts.register",
  method: "PUT",
  path: "/api/accounts/:id/registration",
  permission: "accounts.write",
  summary: {
    zh: "登记注册信息：实名人、手机号、卡主、设备",
    en: "Write down on whose identity, number, SIM and device an account runs",
  },
  params,
  body: z.strictObject({
    holder_name: line,
    /** Digits; left out or null keeps the one that stands, since it is shown masked. */
    phone: z
      .string()
      .regex(/^(\+?\d{5,15})?$/)
      .nullable()
      .default(null),
    sim_owner: line,
    device: line,
    /** The channel's own name of the account, such as the WeCom user id. */
    channel_ref: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9._@-]{1,64}$/)
      .nullable()
      .default(null),
    /** Active days that somebody vouches for, from before the account was watched here. */
    active_days_before: z.number().int().min(0).max(DAYS_BEFORE_MAX).nullable().default(null),
  }),
  answer: z.object({ id: z.string() }),
  refusals: {
    ref_taken: {
      status: 409,
      zh: "这个企业微信账号已经是另一个功能账号了。",
      en: "Another account has this name on the channel already.",
    },
    account_over: {
      status: 409,
      zh: "账号已停用或核销，不能再改。",
      en: "The account is retired or written off and cannot be changed.",
    },
  },
})

export const moveAccount = defineEndpoint({
  id: "accounts.move",
  method: "POST",
  path: "/api/accounts/:id/move",
  permission: "accounts.write",
  summary: { zh: "推进账号状态：起号、养号、待用", en: "Take an account on: start, nurture, ready" },
  params,
  body: z.strictObject({
    to: z.enum(["starting", "nurturing", "ready"]),
    note,
    file_id: z.uuid().nullable().default(null),
  }),
  answer: z.object({ id: z.string(), state: z.enum(STATES) }),
  refusals: {
    illegal_transition: LIFE_REFUSALS.illegal_transition,
    agreement_missing: LIFE_REFUSALS.agreement_missing,
    level_too_low: LIFE_REFUSALS.level_too_low,
    self_check: LIFE_REFUSALS.self_check,
    file_unknown: LIFE_REFUSALS.file_unknown,
  },
})

export const revealAccountPhone = defineEndpoint({
  id: "accounts.reveal",
  method: "POST",
  path: "/api/accounts/:id/reveal",
  permission: "accounts.reveal",
  summary: {
    zh: "查看账号的完整手机号（记录理由）",
    en: "See the full number of an account; the reason is recorded",
  },
  params,
  body: z.strictObject({ reason: z.string().trim().min(REASON_MIN).max(200) }),
  answer: z.object({ phone: z.string().nullable() }),
})
