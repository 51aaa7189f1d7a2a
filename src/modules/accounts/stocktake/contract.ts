import { z } from "zod"
import { calendarDay, defineEndpoint } from "../../../kernel/contract.ts"
import { LIFE_REFUSALS } from "../life/refusals.ts"
import { FRIENDS_MAX, NAME_MAX, NOTE_MAX } from "../limits.ts"
import { DIFFERENCES } from "./rules.ts"

const n = z.number().int()
const params = z.object({ id: z.uuid() })

export const stocktakeRow = z.object({
  id: z.string(),
  name: z.string(),
  due_on: z.string(),
  state: z.enum(["open", "closed"]),
  opened_by_name: z.string().nullable(),
  opened_at: z.date(),
  closed_by_name: z.string().nullable(),
  closed_at: z.date().nullable(),
  expected: n,
  counted: n,
  /** Expected and not counted: to be counted while it is open, missing once it is closed. */
  missing: n,
  /** Differences that the counts found. */
  findings: n,
  /** Whole percent. */
  coverage: n,
})

const stocktake_closed = {
  status: 409,
  zh: "这次盘点已经结束，不能再登记。",
  en: "This stocktake is closed; nothing more can be counted.",
}

export const listStocktakes = defineEndpoint({
  id: "accounts.stocktakes",
  method: "GET",
  path: "/api/accounts/stocktakes",
  permission: "accounts.read",
  summary: { zh: "盘点，最近的在前", en: "Stocktakes, the newest first" },
  answer: z.object({ rows: z.array(stocktakeRow) }),
})

export const readStocktake = defineEndpoint({
  id: "accounts.stocktake",
  method: "GET",
  path: "/api/accounts/stocktakes/:id",
  permission: "accounts.read",
  summary: { zh: "一次盘点和它的清单", en: "One stocktake and its list" },
  params,
  answer: stocktakeRow.extend({
    lines: z.array(
      z.object({
        account_id: z.string(),
        account_name: z.string(),
        expected_custodian: z.string().nullable(),
        expected_custodian_name: z.string().nullable(),
        expected_friends: n,
        expected_tagged: n,
        expected_backup_on: z.string().nullable(),
        counted_by_name: z.string().nullable(),
        counted_at: z.date().nullable(),
        self_checked: z.boolean(),
        custodian_staff_id: z.string().nullable(),
        custodian_name: z.string().nullable(),
        friends: n.nullable(),
        tags_ok: z.boolean().nullable(),
        backup_on: z.string().nullable(),
        note: z.string(),
        differences: z.array(z.enum(DIFFERENCES)),
        /** Whoever asks holds it and may not count it. */
        own: z.boolean(),
      }),
    ),
  }),
})

export const openStocktake = defineEndpoint({
  id: "accounts.open_stocktake",
  method: "POST",
  path: "/api/accounts/stocktakes",
  permission: "accounts.write",
  summary: { zh: "开始一次盘点，冻结应盘清单", en: "Begin a stocktake: what is expected is frozen" },
  body: z.strictObject({ name: z.string().trim().min(1).max(NAME_MAX), due_on: calendarDay }),
  answer: z.object({ id: z.string() }),
  refusals: {
    stocktake_open: {
      status: 409,
      zh: "还有一次盘点没有结束。",
      en: "Another stocktake is still open.",
    },
    day_over: { status: 400, zh: "截止日期已经过了。", en: "That day is over." },
    nothing_to_count: { status: 409, zh: "没有可以盘点的账号。", en: "There is no account to count." },
  },
})

export const countAccount = defineEndpoint({
  id: "accounts.count",
  method: "POST",
  path: "/api/accounts/stocktakes/:id/lines/:account_id",
  permission: "accounts.count",
  summary: { zh: "登记一个账号的盘点结果", en: "Say how an account was found" },
  params: z.object({ id: z.uuid(), account_id: z.uuid() }),
  body: z.strictObject({
    /** In whose hands it was; null for nobody's. */
    custodian_staff_id: z.uuid().nullable(),
    /** What was not looked at stays null. */
    friends: n.min(0).max(FRIENDS_MAX).nullable().default(null),
    tags_ok: z.boolean().nullable().default(null),
    backup_on: calendarDay.nullable().default(null),
    note: z.string().trim().max(NOTE_MAX).default(""),
    /** When it was counted last as far as whoever counts knows: of two who count at once the slower is told. */
    counted_at: z.iso.datetime({ offset: true }).nullable().default(null),
  }),
  answer: z.object({ differences: z.array(z.enum(DIFFERENCES)) }),
  refusals: {
    stocktake_closed,
    self_check: LIFE_REFUSALS.self_check,
    staff_unknown: LIFE_REFUSALS.staff_unknown,
    counted_meanwhile: {
      status: 409,
      zh: "别人刚盘过这个账号，请先看一下对方登记的结果。",
      en: "Somebody else has just counted this account; look at what they found first.",
    },
    day_later: {
      status: 400,
      zh: "备份日期不能晚于今天。",
      en: "The day of the backup cannot be after today.",
    },
  },
})

export const closeStocktake = defineEndpoint({
  id: "accounts.close_stocktake",
  method: "POST",
  path: "/api/accounts/stocktakes/:id/close",
  permission: "accounts.write",
  summary: {
    zh: "结束盘点：没盘到的和不一致的都转成问题",
    en: "Close a stocktake: what was not counted and what differs become findings",
  },
  params,
  answer: z.object({ id: z.string(), coverage: n, missing: n, findings: n }),
  refusals: { stocktake_closed },
})
