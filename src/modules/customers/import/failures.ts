import type { Words } from "../../../kernel/contract.ts"
import { REMARK_MAX_LENGTH } from "../limits.ts"

/** Why nobody is known by a row's identities. */
export const IDENTITY_FAILURES = {
  missing_identity: {
    zh: "没有任何一种身份（手机号、编号、平台账号至少填一项）",
    en: "no identity; fill in a phone, a number or an account",
  },
  bad_phone: {
    zh: "手机号不正确，请填 11 位手机号，境外号码以 + 和国家代码开头",
    en: "the phone is not valid; write 11 digits, or + and the country's code",
  },
  bad_identity: { zh: "平台账号里不能有空格或中文", en: "an account's id holds neither blanks nor Chinese" },
  two_customers: {
    zh: "这一行的身份属于两位客户，请先合并或改正",
    en: "the identities of this row belong to two customers; merge them first, or correct the row",
  },
  not_yours: {
    zh: "这位客户不在你的数据范围内",
    en: "this customer is outside the data you may see",
  },
} satisfies Record<string, Words>

export const CUSTOMER_FAILURES = {
  ...IDENTITY_FAILURES,
  name_too_long: { zh: "姓名过长，最多 60 个字", en: "the name is too long; at most 60 letters" },
  remark_too_long: {
    zh: `备注过长，最多 ${REMARK_MAX_LENGTH} 个字`,
    en: `the remark is too long; at most ${REMARK_MAX_LENGTH} letters`,
  },
  bad_gender: { zh: "性别请填男、女或未知", en: "gender is male, female or unknown" },
  bad_birthday: {
    zh: "生日无法识别或不存在，请用 1990-05-20 或 05-20 这样的写法",
    en: "the birthday cannot be read or does not exist; write it as 1990-05-20 or 05-20",
  },
  bad_date: {
    zh: "首次联系时间无法识别、不存在或在将来，请用 2024-02-28 或 2024/2/28 08:30 这样的写法",
    en: "the first contact cannot be read, does not exist or is in the future; write it as 2024-02-28 or 2024/2/28 08:30",
  },
  bad_consent: { zh: "是否同意联系请填是或否", en: "consent is yes or no" },
  text_too_long_here: {
    zh: "地区或来源过长，最多 60 个字",
    en: "region or source is too long; at most 60 letters",
  },
  unknown_owner: { zh: "没有这位在职员工", en: "no such member of staff works here" },
  ambiguous_owner: {
    zh: "有几位员工同名，请改填登录账号",
    en: "several members of staff have this name; write the login instead",
  },
  owner_not_yours: { zh: "这位员工不在你的团队", en: "this member of staff is not in your team" },
  owned_by_another: {
    zh: "这位客户已有别的负责人，换负责人请用客户交接",
    en: "somebody else looks after this customer; hand the customer over instead",
  },
  opted_out: {
    zh: "这位客户已退订，不能由文件恢复",
    en: "this customer opted out; a file does not undo it",
  },
} satisfies Record<string, Words>

export type IdentityFailure = keyof typeof IDENTITY_FAILURES
export type CustomerFailure = keyof typeof CUSTOMER_FAILURES
