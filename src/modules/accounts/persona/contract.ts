import { z } from "zod"
import { defineEndpoint } from "../../../kernel/contract.ts"
import { LINE_MAX, NOTE_MAX, PERSONA_TEXT_MAX } from "../limits.ts"
import { IMPRESSION_ITEMS } from "./rules.ts"

export { IMPRESSION_ITEMS } from "./rules.ts"

const params = z.object({ id: z.uuid() })
const line = z.string().trim().max(LINE_MAX).default("")
const text = z.string().trim().max(PERSONA_TEXT_MAX).default("")

export const persona = z.object({
  nickname: line,
  signature: line,
  background: text,
  /** What stands on the professional card. */
  card: text,
  tone: text,
  /** What it never speaks of. */
  taboo: text,
})

export const check = z.object({
  ok: z.boolean(),
  note: z.string(),
  by: z.string(),
  at: z.string(),
})

const answer = z.object({
  persona,
  checks: z.array(
    z.object({
      item: z.enum(IMPRESSION_ITEMS),
      ok: z.boolean().nullable(),
      note: z.string(),
      by_name: z.string().nullable(),
      at: z.date().nullable(),
    }),
  ),
  /** How much of a week's posts may sell, by the account's function. */
  selling_percent: z.number().int(),
})

export const readPersona = defineEndpoint({
  id: "accounts.persona",
  method: "GET",
  path: "/api/accounts/:id/persona",
  permission: "accounts.read",
  summary: {
    zh: "账号人设和第一印象检查",
    en: "Persona of an account and the check of its first impression",
  },
  params,
  answer,
})

export const savePersona = defineEndpoint({
  id: "accounts.save_persona",
  method: "PUT",
  path: "/api/accounts/:id/persona",
  permission: "accounts.write",
  summary: { zh: "修改账号人设", en: "Change the persona of an account" },
  params,
  body: persona,
  answer,
})

export const checkImpression = defineEndpoint({
  id: "accounts.check_impression",
  method: "POST",
  path: "/api/accounts/:id/persona/checks",
  permission: "accounts.write",
  summary: { zh: "检查第一印象的一项", en: "Check one item of the first impression" },
  params,
  body: z.strictObject({
    item: z.enum(IMPRESSION_ITEMS),
    ok: z.boolean(),
    note: z.string().trim().max(NOTE_MAX).default(""),
  }),
  answer,
})
