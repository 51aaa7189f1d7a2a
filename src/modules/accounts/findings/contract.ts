import { z } from "zod"
import { calendarDay, defineEndpoint } from "../../../kernel/contract.ts"
import { LIFE_REFUSALS } from "../life/refusals.ts"
import { NOTE_MAX, REASON_MIN } from "../limits.ts"
import { FINDING_KINDS } from "./rules.ts"

export { FINDING_KINDS } from "./rules.ts"

const params = z.object({ id: z.uuid() })
const done = z.object({ id: z.string() })

export const findingRow = z.object({
  id: z.string(),
  account_id: z.string(),
  account_name: z.string(),
  kind: z.enum(FINDING_KINDS),
  stocktake_id: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()),
  owner_staff_id: z.string().nullable(),
  owner_name: z.string().nullable(),
  due_on: z.string(),
  late: z.boolean(),
  made_at: z.date(),
  resolved_at: z.date().nullable(),
  resolved_by_name: z.string().nullable(),
  note: z.string(),
})

export const listFindings = defineEndpoint({
  id: "accounts.findings",
  method: "GET",
  path: "/api/accounts/findings",
  permission: "accounts.read",
  summary: { zh: "账号问题，最急的在前", en: "What was found wrong with accounts, the most urgent first" },
  query: z.object({
    state: z.enum(["open", "late", "settled"]).optional(),
    kind: z.enum(FINDING_KINDS).optional(),
    account_id: z.uuid().optional(),
    stocktake_id: z.uuid().optional(),
  }),
  answer: z.object({
    rows: z.array(findingRow),
    /** Of all accounts, whatever was asked for. */
    counts: z.object({ open: z.number().int(), late: z.number().int() }),
  }),
})

const already_settled = {
  status: 409,
  zh: "这个问题已经处理过了。",
  en: "This finding is settled already.",
}

export const settleFinding = defineEndpoint({
  id: "accounts.settle_finding",
  method: "POST",
  path: "/api/accounts/findings/:id/settle",
  permission: "accounts.write",
  summary: { zh: "处理账号问题", en: "Settle a finding" },
  params,
  body: z.strictObject({ note: z.string().trim().min(REASON_MIN).max(NOTE_MAX) }),
  answer: done,
  refusals: {
    already_settled,
    agreement_missing: LIFE_REFUSALS.agreement_missing,
    self_check: LIFE_REFUSALS.self_check,
  },
})

export const reassignFinding = defineEndpoint({
  id: "accounts.assign_finding",
  method: "POST",
  path: "/api/accounts/findings/:id",
  permission: "accounts.write",
  summary: { zh: "改派账号问题：负责人和期限", en: "Give a finding to somebody, with a day" },
  params,
  body: z.strictObject({ owner_staff_id: z.uuid(), due_on: calendarDay }),
  answer: done,
  refusals: { already_settled, staff_unknown: LIFE_REFUSALS.staff_unknown },
})
