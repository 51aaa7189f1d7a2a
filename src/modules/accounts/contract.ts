import { z } from "zod"
import { defineEndpoint } from "../../kernel/contract.ts"
import { FUNCTIONS } from "./rules.ts"

export const accountRow = z.object({
  id: z.string(),
  name: z.string(),
  function: z.enum(FUNCTIONS),
  channel: z.string(),
  channel_ref: z.string(),
  state: z.string(),
  hazard: z.enum(["none", "restricted", "banned", "lost"]),
  custodian_staff_id: z.string().nullable(),
  custodian_name: z.string().nullable(),
  nurture_level: z.number().int(),
  contacts: z.number().int(),
  quotas: z.object({
    friends: z.number().int(),
    private_messages: z.number().int(),
    group_messages: z.number().int(),
    moments: z.number().int(),
  }),
})

export const listAccounts = defineEndpoint({
  id: "accounts.list",
  method: "GET",
  path: "/api/accounts",
  permission: "accounts.read",
  summary: { zh: "功能账号", en: "Functional accounts" },
  answer: z.object({ rows: z.array(accountRow) }),
})

export const saveAccount = defineEndpoint({
  id: "accounts.save",
  method: "POST",
  path: "/api/accounts/:id",
  permission: "accounts.write",
  summary: {
    zh: "修改功能账号：保管人、风险、养号等级",
    en: "Change an account: custodian, hazard, nurture level",
  },
  params: z.object({ id: z.uuid() }),
  body: z.object({
    custodian_staff_id: z.uuid().nullable().optional(),
    hazard: z.enum(["none", "restricted", "banned", "lost"]).optional(),
    nurture_level: z.number().int().min(0).max(5).optional(),
  }),
  answer: z.object({ id: z.string() }),
  refusals: {
    staff_unknown: { status: 409, zh: "没有这位员工。", en: "There is no such member of staff." },
  },
})
