import { z } from "zod"
import { defineEndpoint } from "../../kernel/contract.ts"
import { ACCOUNTS_PER_CODE, STATE_MAX_LENGTH, TAGS_PER_CODE, WELCOME_MAX_BYTES } from "./limits.ts"

export const codeRow = z.object({
  id: z.string(),
  name: z.string(),
  state: z.string(),
  source: z.string(),
  account_ids: z.array(z.string()),
  tag_ids: z.array(z.string()),
  welcome_text: z.string(),
  way_ref: z.string().nullable(),
  url: z.string().nullable(),
  /** Why the channel has not made it yet. */
  problem: z.string().nullable(),
  added: z.number().int(),
  created_at: z.date(),
  closed_at: z.date().nullable(),
})

export const listCodes = defineEndpoint({
  id: "codes.list",
  method: "GET",
  path: "/api/codes",
  permission: "codes.read",
  summary: { zh: "渠道码", en: "Channel codes" },
  answer: z.object({ rows: z.array(codeRow) }),
})

export const makeCode = defineEndpoint({
  id: "codes.create",
  method: "POST",
  path: "/api/codes",
  permission: "codes.write",
  summary: { zh: "新建渠道码", en: "Make a channel code" },
  body: z.object({
    name: z.string().min(1).max(30),
    source: z.string().min(1).max(40),
    state: z
      .string()
      .regex(/^[A-Za-z0-9_-]+$/)
      .max(STATE_MAX_LENGTH)
      .optional(),
    account_ids: z.array(z.uuid()).min(1).max(ACCOUNTS_PER_CODE),
    tag_ids: z.array(z.uuid()).max(TAGS_PER_CODE).default([]),
    welcome_text: z
      .string()
      .refine((text) => new TextEncoder().encode(text).length <= WELCOME_MAX_BYTES, "too long")
      .default(""),
  }),
  answer: z.object({
    id: z.string(),
    state: z.string(),
    way_ref: z.string().nullable(),
    problem: z.string().nullable(),
  }),
  refusals: {
    state_taken: { status: 409, zh: "这个渠道标识已被使用。", en: "This state is in use by another code." },
    account_unknown: {
      status: 409,
      zh: "有账号不存在或已停用。",
      en: "An account does not exist or is not in use.",
    },
    tag_unknown: { status: 409, zh: "有标签不存在或已停用。", en: "A tag does not exist or is retired." },
  },
})
