import { z } from "zod"
import { defineEndpoint } from "../../kernel/contract.ts"
import { POINTS_MAX, RULES_MAX, VALID_DAYS_MAX } from "./limits.ts"

export { POINTS_MAX } from "./limits.ts"

const points = z.number().int().min(1).max(POINTS_MAX)
const validDays = z.number().int().min(1).max(VALID_DAYS_MAX).nullable()
const params = z.object({ id: z.uuid() })

/**
 * What a lead can set, and all that the form of it says: the page is drawn from this. Limits are by rule: points a customer and
 * day, points a month for everybody.
 */
export const pointsSettings = z.object({
  points_per_yuan: z
    .number()
    .int()
    .min(0)
    .max(1_000)
    .default(1)
    .meta({
      label: { zh: "每付 1 元送", en: "Points a yuan paid" },
      hint: { zh: "0 表示下单不送积分", en: "0: orders earn nothing" },
      unit: "points",
    }),
  /** The day itself counted; null for ever. */
  valid_days: validDays.default(365).meta({
    label: { zh: "有效期", en: "Valid for" },
    hint: { zh: "留空表示永久有效", en: "Empty: for ever" },
    empty: { zh: "永久", en: "for ever" },
    unit: "days",
  }),
  /** Budgets are shown in yuan by it. */
  fen_per_100_points: z
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(100)
    .meta({
      label: { zh: "每 100 分成本", en: "Cost of 100 points" },
      hint: { zh: "用来把积分预算换算成钱", en: "Turns budgets in points into money" },
      unit: "fen",
    }),
  rules: z
    .record(
      z.string().min(1).max(60),
      z.object({ daily_cap: points.optional(), monthly_budget: points.optional() }),
    )
    .refine((rules) => Object.keys(rules).length <= RULES_MAX)
    .default({})
    .meta({ hidden: true }),
})

/** Refusals of points, as a person reads them. */
export const POINTS_REFUSALS = {
  not_enough_points: { status: 409, zh: "积分不足。", en: "There are not enough points." },
  not_enough: { status: 409, zh: "积分不足。", en: "There are not enough points." },
  daily_cap_reached: {
    status: 409,
    zh: "今天已达到该规则的上限。",
    en: "Today's cap of this rule is reached.",
  },
  budget_spent: {
    status: 409,
    zh: "该规则本月的积分预算已用完。",
    en: "This month's budget of the rule is spent.",
  },
}

export const readPoints = defineEndpoint({
  id: "points.read",
  method: "GET",
  path: "/api/customers/:id/points",
  permission: "points.read",
  summary: { zh: "客户积分", en: "A customer's points" },
  params,
  answer: z.object({
    /** Never below 0. */
    balance: z.number().int().nonnegative(),
    /** Set aside for something not yet settled. */
    reserved: z.number().int().nonnegative(),
    /** To be taken first from the next points. */
    owed: z.number().int().nonnegative(),
    expiring_in_7_days: z.number().int().nonnegative(),
    lots: z.array(
      z.object({
        rule: z.string(),
        points: z.number().int(),
        left: z.number().int(),
        /** Last day on which they are valid; null for ever. */
        valid_until: z.string().nullable(),
      }),
    ),
  }),
})

export const pointsHistory = defineEndpoint({
  id: "points.history",
  method: "GET",
  path: "/api/customers/:id/points/history",
  permission: "points.read",
  summary: { zh: "积分明细", en: "History of a customer's points" },
  params,
  query: z.object({ cursor: z.uuid().optional() }),
  answer: z.object({
    rows: z.array(
      z.object({
        posting: z.string(),
        kind: z.enum(["post", "reverse", "hold", "post_hold", "void", "expire"]),
        rule: z.string(),
        source: z.string(),
        at: z.date(),
        /** What it did to the balance. */
        points: z.number().int(),
        /** What it did to the debt: positive is repaid. */
        owed: z.number().int(),
      }),
    ),
    next_cursor: z.string().nullable(),
  }),
})

export const adjustPoints = defineEndpoint({
  id: "points.adjust",
  method: "POST",
  path: "/api/customers/:id/points",
  permission: "points.grant",
  summary: { zh: "调整积分", en: "Give or take points by hand" },
  params,
  body: z.object({
    /** Positive gives, negative takes. */
    points: z
      .number()
      .int()
      .min(-POINTS_MAX)
      .max(POINTS_MAX)
      .refine((n) => n !== 0),
    note: z.string().trim().min(1).max(200),
    valid_days: validDays.optional(),
  }),
  answer: z.object({
    posting: z.string(),
    points: z.number().int(),
    repaid: z.number().int(),
    owed: z.number().int(),
  }),
  refusals: POINTS_REFUSALS,
})

const settingsAnswer = z.object({
  settings: pointsSettings,
  /** JSON Schema of the settings: label, hint, unit and bounds of each field. */
  schema: z.record(z.string(), z.unknown()),
  /** Rules with a budget: what they gave this month and what that costs. */
  months: z.array(
    z.object({
      rule: z.string(),
      month: z.string(),
      points: z.number().int(),
      budget: z.number().int().nullable(),
      cost_fen: z.number().int(),
      budget_fen: z.number().int().nullable(),
    }),
  ),
})

export const readPointsSettings = defineEndpoint({
  id: "points.settings",
  method: "GET",
  path: "/api/points/settings",
  permission: "points.read",
  summary: { zh: "积分设置", en: "Points settings" },
  answer: settingsAnswer,
})

export const savePointsSettings = defineEndpoint({
  id: "points.save_settings",
  method: "PUT",
  path: "/api/points/settings",
  permission: "settings.write",
  summary: { zh: "修改积分设置", en: "Change points settings" },
  body: pointsSettings.extend({
    /** The settings as they were read; where they are named, others than those that stand refuse the change. */
    based_on: pointsSettings.optional(),
  }),
  answer: settingsAnswer,
  refusals: {
    version_changed: {
      status: 409,
      zh: "别人刚改过积分设置，请先看看对方改了什么。",
      en: "Somebody has just changed these settings; look at what they changed first.",
    },
  },
})
