import type { RefusalTable } from "../../../kernel/contract.ts"

/** Refusals of any step in an account's life; the detail names the state and where the account may go. */
export const LIFE_REFUSALS = {
  illegal_transition: {
    status: 409,
    zh: "账号现在的状态不能这样变。",
    en: "An account cannot take this step from its present state.",
  },
  agreement_missing: {
    status: 409,
    zh: "缺少账号归属协议：请先上传签好的协议并填写签署日期。",
    en: "The ownership agreement is missing: upload the signed file with its date first.",
  },
  level_too_low: {
    status: 409,
    zh: "养号等级还没有达到团队设定的待用等级。",
    en: "The nurture level is below the one from which an account is ready.",
  },
  self_check: {
    status: 409,
    zh: "保管人不能自己做这一步，请换一位同事。",
    en: "The custodian cannot do this themself; ask a colleague.",
  },
  staff_unknown: { status: 409, zh: "没有这位员工。", en: "There is no such member of staff." },
  file_unknown: {
    status: 409,
    zh: "这个账号没有这份文件。",
    en: "The account has no such file.",
  },
} satisfies RefusalTable
