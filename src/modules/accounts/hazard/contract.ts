import { z } from "zod"
import { defineEndpoint } from "../../../kernel/contract.ts"
import { LIFE_REFUSALS } from "../life/refusals.ts"
import { NOTE_MAX, REASON_MIN } from "../limits.ts"
import { INCIDENT_KINDS } from "./rules.ts"

export { INCIDENT_KINDS } from "./rules.ts"

const params = z.object({ id: z.uuid() })
const hazard = z.enum(["none", "restricted", "banned", "lost"])
const note = z.string().trim().min(REASON_MIN).max(NOTE_MAX)
const answer = z.object({ id: z.string(), hazard })

export const listIncidents = defineEndpoint({
  id: "accounts.incidents",
  method: "GET",
  path: "/api/accounts/:id/incidents",
  permission: "accounts.read",
  summary: { zh: "账号事故记录", en: "Incidents of an account" },
  params,
  answer: z.object({
    rows: z.array(
      z.object({
        id: z.string(),
        kind: z.enum(INCIDENT_KINDS),
        hazard,
        note: z.string(),
        file_id: z.string().nullable(),
        at: z.date(),
        by_name: z.string().nullable(),
        over_at: z.date().nullable(),
        over_by_name: z.string().nullable(),
        over_note: z.string(),
      }),
    ),
  }),
})

export const reportIncident = defineEndpoint({
  id: "accounts.report_incident",
  method: "POST",
  path: "/api/accounts/:id/incidents",
  permission: "accounts.request",
  summary: {
    zh: "上报账号事故：受限、封禁、遗失会立即停用",
    en: "Report an incident; restricted, banned or lost stops the account at once",
  },
  params,
  body: z.strictObject({ kind: z.enum(INCIDENT_KINDS), note, file_id: z.uuid().nullable().default(null) }),
  answer,
  refusals: {
    not_custodian: {
      status: 409,
      zh: "只有保管人或号管可以上报。",
      en: "Only the custodian or a keeper may report this.",
    },
    account_over: {
      status: 409,
      zh: "账号已停用或核销。",
      en: "The account is retired or written off.",
    },
    file_unknown: LIFE_REFUSALS.file_unknown,
  },
})

export const clearHazard = defineEndpoint({
  id: "accounts.clear_hazard",
  method: "POST",
  path: "/api/accounts/:id/hazard/clear",
  permission: "accounts.write",
  summary: { zh: "解除账号风险", en: "Say that an account is well again" },
  params,
  body: z.strictObject({ note }),
  answer,
  refusals: {
    no_hazard: { status: 409, zh: "账号没有风险。", en: "The account has no hazard." },
  },
})
