import type { Words } from "../../../kernel/contract.ts"
import type { TableRow } from "../../../platform/tables/table.ts"
import { type Columns, cellsOf, type Failure, isFailure, type RowFailure } from "../../imports/index.ts"
import { DAYS_BEFORE_MAX, NAME_MAX } from "../limits.ts"
import { type AccountFunction, functionOfPosition } from "../rules.ts"

/** Why a row of a file of accounts does not go in. */
export const ACCOUNT_FAILURES = {
  missing_name: { zh: "账号名称为空", en: "the name is empty" },
  name_too_long: { zh: "账号名称过长，最多 60 个字", en: "the name is longer than 60 letters" },
  bad_function: {
    zh: "功能要写 IP号、成交号、会员号或代理号",
    en: "the function is none of those that the template offers",
  },
  bad_ref: {
    zh: "企业微信账号只能有字母、数字和 . _ @ -",
    en: "a WeCom user id holds letters, digits and . _ @ - only",
  },
  bad_phone: { zh: "手机号要是 5 到 15 位数字", en: "a phone number has 5 to 15 digits" },
  bad_days: { zh: "活跃天数要是 0 到 3650 的整数", en: "active days are a whole number from 0 to 3650" },
  custodian_unknown: { zh: "没有这位员工", en: "there is no such member of staff" },
  name_of_two: {
    zh: "有两个账号叫这个名字，请填写企业微信账号",
    en: "two accounts have this name; give the WeCom user id",
  },
  held_by_another: {
    zh: "这个账号已在别人手里，请用交接更换保管人",
    en: "somebody else holds this account; hand it over instead",
  },
  account_over: { zh: "这个账号已停用或核销", en: "this account is retired or written off" },
} satisfies Record<string, Words>
export type AccountFailure = keyof typeof ACCOUNT_FAILURES

export type AccountImportRow = {
  name: string
  function: AccountFunction
  ref: string | null
  /** Name or directory reference of who holds it. */
  custodian: string | null
  holder_name: string
  phone: string
  sim_owner: string
  device: string
  active_days: number | null
}

export function readRow(
  row: TableRow,
  columns: Columns,
): AccountImportRow | Failure<AccountFailure | RowFailure> {
  const cell = cellsOf(row, columns, { whole: ["name", "function"], exact: ["phone", "ref"] })
  if (isFailure(cell)) return cell
  const name = cell("name")
  if (name === "") return { failed: "missing_name" }
  if (name.length > NAME_MAX) return { failed: "name_too_long" }
  const fn = functionOfPosition(cell("function"))
  if (!fn) return { failed: "bad_function" }
  const ref = cell("ref") || null
  if (ref !== null && !/^[A-Za-z0-9._@-]{1,64}$/.test(ref)) return { failed: "bad_ref" }
  const phone = cell("phone").replace(/[\s-]/g, "")
  if (!/^(\+?\d{5,15})?$/.test(phone)) return { failed: "bad_phone" }
  const days = cell("active_days")
  if (!/^\d{0,4}$/.test(days) || Number(days) > DAYS_BEFORE_MAX) return { failed: "bad_days" }
  return {
    name,
    function: fn,
    ref,
    custodian: cell("custodian") || null,
    holder_name: cell("holder_name").slice(0, NAME_MAX),
    phone,
    sim_owner: cell("sim_owner").slice(0, NAME_MAX),
    device: cell("device").slice(0, NAME_MAX),
    active_days: days === "" ? null : Number(days),
  }
}
