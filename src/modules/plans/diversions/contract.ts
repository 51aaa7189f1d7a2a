import { z } from "zod"
import { calendarDay, defineEndpoint, pageOf, pageQuery } from "../../../kernel/contract.ts"
import { cursorOf } from "../../../kernel/cursor.ts"
import { TREE_REFUSALS } from "../../../kernel/tree.ts"
import {
  DIVERSION_ACCOUNTS_MAX,
  DIVERSION_NAME_MAX,
  DIVERSION_PEOPLE_MAX,
  DIVERSIONS_RUNNING_MAX,
  OPENING_MAX,
} from "./limits.ts"

const words = (zh: string, en: string) => ({ zh, en })
const n = z.number().int()
const params = z.object({ id: z.uuid() })

/** Whom, by which accounts, from which day. */
const plan = z.object({
  segment_id: z.uuid(),
  account_ids: z.array(z.uuid()).min(1).max(DIVERSION_ACCOUNTS_MAX),
  /** The first day; today where nothing is said. */
  from: calendarDay.optional(),
})
const dayPlan = z.object({
  day: z.string(),
  people: n,
  accounts: z.array(z.object({ account_id: z.string(), people: n })),
})
const REFUSALS = {
  ...TREE_REFUSALS,
  account_unusable: {
    status: 409,
    zh: "选中的账号里有不能用的（有风险或不在使用中），请去掉再试。",
    en: "One of the accounts cannot be used (a hazard, or not in use); leave it out.",
  },
  nobody_to_divert: {
    status: 409,
    zh: "这群人里没有要加的：都已是这些账号的好友、已退订，或正排在别的导流里。",
    en: "Nobody is left to add: all are contacts already, opted out, or wait in another diversion.",
  },
  too_many_to_divert: {
    status: 409,
    zh: `一次导流最多 ${DIVERSION_PEOPLE_MAX} 人，请把人群分小。`,
    en: `One diversion takes ${DIVERSION_PEOPLE_MAX} people at most; divide the segment.`,
  },
  day_over: { status: 400, zh: "开始日期不能早于今天。", en: "The first day cannot be before today." },
} as const

export const previewDiversion = defineEndpoint({
  id: "plans.preview_diversion",
  method: "POST",
  path: "/api/plans/diversions/preview",
  permission: "plans.read",
  summary: words(
    "导流试排：多少人、排几天、每天每号几个",
    "How a diversion would be shared out, before it is made",
  ),
  body: plan,
  answer: z.object({
    audience: n,
    people: n,
    /** Those who fit within the days that a diversion may have, and those who do not. */
    placed: n,
    left: n,
    first_day: z.string().nullable(),
    last_day: z.string().nullable(),
    days: z.array(dayPlan),
    days_in_all: n,
  }),
  refusals: REFUSALS,
})

export const makeDiversion = defineEndpoint({
  id: "plans.make_diversion",
  method: "POST",
  path: "/api/plans/diversions",
  permission: "plans.write",
  summary: words("建立导流", "Share a segment out over accounts that add it, some each day"),
  body: plan.extend({
    name: z.string().trim().min(1).max(DIVERSION_NAME_MAX),
    opening: z.string().trim().min(1).max(OPENING_MAX),
  }),
  answer: z.object({ id: z.string(), people: n, left: n, last_day: z.string() }),
  refusals: {
    ...REFUSALS,
    too_many_diversions: {
      status: 409,
      zh: `同时进行的导流最多 ${DIVERSIONS_RUNNING_MAX} 个，请先停掉或等一个结束。`,
      en: `At most ${DIVERSIONS_RUNNING_MAX} diversions run at a time; stop one or wait until one has ended.`,
    },
  },
})

const diversion = z.object({
  id: z.string(),
  name: z.string(),
  segment_id: z.string().nullable(),
  opening: z.string(),
  state: z.enum(["running", "ended", "cancelled"]),
  from: z.string(),
  made_at: z.date(),
  made_by_name: z.string().nullable(),
  accounts: z.array(z.object({ id: z.string(), name: z.string(), usable: z.boolean() })),
  funnel: z.object({ planned: n, invited: n, added: n, grouped: n, held: n, dropped: n }),
})

export const listCursor = cursorOf({ id: z.uuid() })
export const listDiversions = defineEndpoint({
  id: "plans.diversions",
  method: "GET",
  path: "/api/plans/diversions",
  permission: "plans.read",
  summary: words("导流列表与漏斗", "Diversions with how far they have come"),
  query: pageQuery(listCursor),
  answer: pageOf(diversion),
})

export const readDiversion = defineEndpoint({
  id: "plans.diversion",
  method: "GET",
  path: "/api/plans/diversions/:id",
  permission: "plans.read",
  summary: words("一次导流：漏斗与每天安排", "One diversion: its funnel and its days"),
  params,
  answer: diversion.extend({
    first_day: z.string().nullable(),
    last_day: z.string().nullable(),
    /** From today on, or from its first day. */
    days: z.array(dayPlan),
  }),
})

export const dayCursor = cursorOf({ account_id: z.uuid(), customer_id: z.uuid() })
export const readDiversionDay = defineEndpoint({
  id: "plans.diversion_day",
  method: "GET",
  path: "/api/plans/diversions/:id/days/:day",
  permission: "plans.read",
  summary: words("一天的导流名单：谁加谁、怎么开口", "One day's list: who adds whom, with the opening line"),
  params: params.extend({ day: calendarDay }),
  query: pageQuery(dayCursor),
  answer: pageOf(
    z.object({
      customer_id: z.string(),
      customer_name: z.string(),
      account_id: z.string(),
      account_name: z.string(),
      assignee_name: z.string().nullable(),
      opening: z.string(),
      state: z.enum(["planned", "invited", "added", "grouped", "dropped"]),
    }),
  ).extend({ name: z.string() }),
})

export const cancelDiversion = defineEndpoint({
  id: "plans.cancel_diversion",
  method: "POST",
  path: "/api/plans/diversions/:id/cancel",
  permission: "plans.write",
  summary: words("停止导流，还没加的不再加", "Stop a diversion: who was not added yet is not added"),
  params,
  answer: z.object({ id: z.string(), dropped: n }),
  refusals: {
    diversion_over: { status: 409, zh: "这次导流已经结束。", en: "This diversion is over." },
  },
})
