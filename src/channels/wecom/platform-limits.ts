import type { PlatformLimit } from "../protocol/index.ts"
import * as own from "./limits.ts"

type Span = PlatformLimit["per"]["span"]
const DOC = "developer.work.weixin.qq.com/document/path/"

function row(
  name: string,
  value: number,
  span: Span,
  of: string,
  doc: number | string,
  effective_from: string,
  unit: PlatformLimit["unit"] = "count",
): PlatformLimit {
  const source = typeof doc === "number" ? `${DOC}${doc}` : doc
  return { channel: "wecom", name, value, unit, per: { span, of }, source, effective_from }
}

/**
 * WeCom's published limits, each with where it stands and since when it is known to hold. A team corrects one by a row of its
 * own with a later date. `value` 31 a month stands for "as many as the month has days"; the day's row is the stricter setting
 * that a company may choose instead.
 */
export const WECOM_LIMITS: readonly PlatformLimit[] = [
  row("api.calls", 10_000, "minute", "corp and api", 90312, "2020-01-01"),
  row("api.calls_per_hour", 150_000, "hour", "corp and api", 90312, "2020-01-01"),
  row("api.calls_per_address", 20_000, "minute", "address and api", 90312, "2020-01-01"),
  row("api.calls_per_address_hour", 600_000, "hour", "address and api", 90312, "2020-01-01"),
  row("mass_send.per_customer", 4, "month", "customer", 92135, "2020-01-01"),
  row("mass_send.per_customer", 31, "month", "customer", 92135, "2025-11-01"),
  row("mass_send.per_group", 31, "month", "group", 92135, "2025-11-01"),
  row("mass_send.customers", own.MASS_CUSTOMERS, "call", "task", 92135, "2020-01-01"),
  row("mass_send.groups", own.MASS_GROUPS, "call", "task", 92135, "2022-01-01"),
  row("mass_send.text", own.TEXT_BYTES, "call", "message", 92135, "2020-01-01", "bytes"),
  row("mass_send.attachments", own.ATTACHMENTS_MAX, "call", "message", 92135, "2021-01-01"),
  row("mass_send.reminders", 3, "day", "task", 97610, "2023-01-01"),
  row("welcome.life", own.WELCOME_LIFE_MS, "ever", "welcome code", 92137, "2020-01-01", "ms"),
  row("welcome.uses", 1, "ever", "welcome code", 92137, "2020-01-01"),
  row("welcome.text", own.TEXT_BYTES, "call", "message", 92137, "2020-01-01", "bytes"),
  row("tag.corp_tags", 3_000, "ever", "corp", 92117, "2020-01-01"),
  row("tag.corp_tags", 10_000, "ever", "corp", 92117, "2026-01-01"),
  row("tag.per_customer", 3_000, "ever", "staff and customer", 92118, "2026-01-01"),
  row("tag.name", own.TAG_NAME_CHARS, "ever", "tag", 92117, "2020-01-01", "chars"),
  row("contact_way.ways", 500_000, "ever", "corp", 92228, "2021-07-10"),
  row("contact_way.users", own.CONTACT_WAY_USERS, "ever", "contact way", 92228, "2020-01-01"),
  row("contact_way.state", own.STATE_CHARS, "ever", "contact way", 92228, "2020-01-01", "chars"),
  row("join_way.groups", 5, "ever", "join way", 92229, "2021-01-01"),
  row("group.members", 500, "ever", "group", "published by vendors", "2021-01-01"),
  row("staff.customers", 20_000, "ever", "staff", "published by vendors", "2021-01-01"),
  row("transfer.customers", own.TRANSFER_PARCEL, "call", "call", 92125, "2020-01-01"),
  row("transfer.per_customer", 2, "rolling_90_days", "customer", 92125, "2020-01-01"),
  row("transfer.groups", own.TRANSFER_PARCEL, "call", "call", 92127, "2020-01-01"),
  row("transfer.groups_per_day", 300, "day", "former owner", 92127, "2020-01-01"),
  row("remark.text", own.REMARK_CHARS, "ever", "staff and customer", 92115, "2020-01-01", "chars"),
  row(
    "remark.description",
    own.DESCRIPTION_CHARS,
    "ever",
    "staff and customer",
    92115,
    "2020-01-01",
    "chars",
  ),
  row("notify.receivers", own.NOTIFY_PARCEL, "call", "message", 90236, "2020-01-01"),
  row("notify.per_member", 30, "minute", "app and staff", 90312, "2020-01-01"),
  row("notify.per_member_hour", 1_000, "hour", "app and staff", 90312, "2020-01-01"),
  row("notify.text", own.NOTIFY_TEXT_BYTES, "call", "message", 90236, "2020-01-01", "bytes"),
  row("media.life", own.MEDIA_LIFE_MS, "ever", "upload", 90253, "2020-01-01", "ms"),
  row("moments.tasks", 10, "minute", "corp", 95094, "2021-01-01"),
]
