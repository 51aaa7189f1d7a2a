import { z } from "zod"
import { defineEndpoint } from "../../../kernel/contract.ts"
import { LIFE_REFUSALS } from "../life/refusals.ts"
import { STATES } from "../life/rules.ts"
import { LINE_MAX, NOTE_MAX, REASON_MIN } from "../limits.ts"
import { HANDOVER_ITEMS, RETURN_ITEMS } from "./rules.ts"

export { HANDOVER_ITEMS, RETURN_ITEMS } from "./rules.ts"

const params = z.object({ id: z.uuid() })
const done = z.object({ id: z.string(), state: z.enum(STATES) })
const note = z.string().trim().max(NOTE_MAX).default("")
const reason = z.string().trim().min(REASON_MIN).max(NOTE_MAX)

const ticks = <I extends string>(items: readonly I[]) =>
  Object.fromEntries(items.map((item) => [item, z.boolean().default(false)])) as Record<
    I,
    z.ZodDefault<z.ZodBoolean>
  >

const not_custodian = {
  status: 409,
  zh: "只有保管人本人可以这样做。",
  en: "Only the custodian may do this.",
}
const checklist_incomplete = {
  status: 409,
  zh: "清单还没有逐项确认完。",
  en: "Not everything on the list is confirmed.",
}
const { illegal_transition, agreement_missing, level_too_low, self_check, staff_unknown } = LIFE_REFUSALS

export const handOver = defineEndpoint({
  id: "accounts.hand_over",
  method: "POST",
  path: "/api/accounts/:id/hand-over",
  permission: "accounts.write",
  summary: {
    zh: "交接账号：待用的按清单发放，使用中的直接换保管人",
    en: "Hand an account over: one that is ready with its checklist, one in use straight on",
  },
  params,
  body: z.strictObject({
    /** Who gets it; null takes back what nobody has signed for yet. */
    staff_id: z.uuid().nullable(),
    /** Who holds it now, as far as the caller knows. */
    from_staff_id: z.uuid().nullable(),
    checklist: z
      .strictObject({ ...ticks(HANDOVER_ITEMS), top_up_by: z.string().trim().max(LINE_MAX).optional() })
      .nullable()
      .default(null),
    note,
  }),
  answer: done,
  refusals: {
    illegal_transition,
    self_check,
    staff_unknown,
    checklist_incomplete,
    already_held: {
      status: 409,
      zh: "账号已经在别人手里，请刷新后再看。",
      en: "Somebody else holds the account already; look again.",
    },
    return_first: {
      status: 409,
      zh: "使用中的账号要先办理归还。",
      en: "An account in use has to be given back first.",
    },
    account_promised: {
      status: 409,
      zh: "这个账号已经答应给别的申请了。",
      en: "This account is promised to somebody else's request.",
    },
  },
})

export const signFor = defineEndpoint({
  id: "accounts.sign",
  method: "POST",
  path: "/api/accounts/:id/sign",
  permission: "accounts.request",
  summary: { zh: "保管人签收", en: "Sign for an account as its custodian" },
  params,
  answer: done,
  refusals: {
    illegal_transition,
    agreement_missing,
    level_too_low,
    self_check,
    not_custodian,
    signed_already: { status: 409, zh: "已经签收过了。", en: "It is signed for already." },
  },
})

export const giveBack = defineEndpoint({
  id: "accounts.give_back",
  method: "POST",
  path: "/api/accounts/:id/give-back",
  permission: "accounts.request",
  summary: { zh: "发起归还", en: "Begin to give an account back" },
  params,
  body: z.strictObject({ reason }),
  answer: done,
  refusals: { illegal_transition, agreement_missing, level_too_low, self_check, not_custodian },
})

export const takeBack = defineEndpoint({
  id: "accounts.take_back",
  method: "POST",
  path: "/api/accounts/:id/take-back",
  permission: "accounts.write",
  summary: { zh: "验收归还的账号", en: "Check an account that comes back" },
  params,
  body: z.strictObject({
    to: z.enum(["ready", "retired"]),
    checklist: z.strictObject(ticks(RETURN_ITEMS)),
    note,
  }),
  answer: done,
  refusals: { illegal_transition, agreement_missing, level_too_low, self_check, checklist_incomplete },
})

export const writeOff = defineEndpoint({
  id: "accounts.write_off",
  method: "POST",
  path: "/api/accounts/:id/write-off",
  permission: "accounts.write_off",
  summary: { zh: "核销账号（负责人，写明原因）", en: "Write an account off, with a reason (owner)" },
  params,
  body: z.strictObject({ reason }),
  answer: done,
  refusals: { illegal_transition, agreement_missing, level_too_low, self_check },
})

export const custodyRow = z.object({
  staff_id: z.string(),
  staff_name: z.string().nullable(),
  since: z.date(),
  until: z.date().nullable(),
  handed_by_name: z.string().nullable(),
  checklist: z.record(z.string(), z.unknown()).nullable(),
  note: z.string(),
  signed_at: z.date().nullable(),
  self_checked: z.boolean(),
})

export const returnRow = z.object({
  id: z.string(),
  custodian_name: z.string().nullable(),
  begun_by_name: z.string().nullable(),
  begun_at: z.date(),
  reason: z.string(),
  checklist: z.record(z.string(), z.unknown()).nullable(),
  note: z.string(),
  to_state: z.string().nullable(),
  checked_by_name: z.string().nullable(),
  checked_at: z.date().nullable(),
  self_checked: z.boolean(),
})
