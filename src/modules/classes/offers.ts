import { z } from "zod"
import { type Conditional, defineCondition, type Offers } from "../../spine/offers/index.ts"
import { LAYER_WORDS, LAYERS } from "./layers/rules.ts"
import { ACTIVE_DAYS, INTERESTED_DAYS, QUIET_DAYS, SLEEPING_DAYS } from "./rules.ts"
import {
  ACTIVITIES,
  ACTIVITY_WORDS,
  type Activity,
  STAGE_WORDS,
  STAGES,
  STANDING_WORDS,
  STANDINGS,
  type Standing,
} from "./shared.ts"

const said = <K extends string>(words: Record<K, { zh: string; en: string }>, list: readonly K[]) => ({
  zh: list.map((k) => words[k].zh).join("或"),
  en: list.map((k) => words[k].en).join(" or "),
})
const GOODS = "orders.goods_count"
const LAST = "orders.goods_last_day"

/** Compared on the day of the question: at midnight nobody's row has to change. */
function activityAt(activity: Activity, day: number): Conditional {
  const last = (from: number, to: number | null): Conditional => ({
    trait: LAST,
    op: "between",
    min: to === null ? null : day - to,
    max: day - from,
  })
  const goods = (min: number, max: number | null): Conditional => ({ trait: GOODS, op: "between", min, max })
  switch (activity) {
    case "prospect":
      return { not: goods(1, null) }
    case "one_time":
      return { all: [goods(1, 1), { trait: LAST, op: "between", min: day - ACTIVE_DAYS }] }
    case "repeat":
      return { all: [goods(2, null), { trait: LAST, op: "between", min: day - ACTIVE_DAYS }] }
    case "quiet":
      return { all: [goods(1, null), last(ACTIVE_DAYS + 1, QUIET_DAYS)] }
    case "sleeping":
      return { all: [goods(1, null), last(QUIET_DAYS + 1, SLEEPING_DAYS)] }
    case "lost":
      return { all: [goods(1, null), last(SLEEPING_DAYS + 1, null)] }
  }
}

const STANDING = "customers.standing"
const interestedNow = (day: number): Conditional => ({
  trait: "customers.interested_day",
  op: "between",
  min: day - INTERESTED_DAYS,
})

function standingAt(standing: Standing, day: number): Conditional {
  const open: Conditional = { trait: STANDING, op: "in", values: ["general", "interested"] }
  if (standing === "interested") return { all: [open, interestedNow(day)] }
  if (standing === "general") return { all: [open, { not: interestedNow(day) }] }
  return { trait: STANDING, op: "is", value: standing }
}

const anyOf = (list: Conditional[]): Conditional => (list.length === 1 ? list[0]! : { any: list })

export const offers: Offers = {
  module: "classes",
  traits: [
    {
      name: "customers.stage",
      kind: "text",
      label: { zh: "阶段", en: "Stage" },
      values: STAGE_WORDS,
      listed: true,
    },
    {
      name: "customers.stage_by_orders",
      kind: "text",
      label: { zh: "按订单应在的阶段", en: "Stage by orders" },
      values: STAGE_WORDS,
      quiet: true,
      hint: {
        zh: "退款后可能低于现阶段，需要人来决定是否下调",
        en: "After a refund it may be lower than the stage; a person decides on a step down",
      },
    },
    {
      name: STANDING,
      kind: "text",
      label: { zh: "付费身份", en: "Payment standing" },
      values: STANDING_WORDS,
      listed: true,
    },
    {
      name: "customers.activity",
      kind: "text",
      label: { zh: "活跃度", en: "Activity" },
      values: ACTIVITY_WORDS,
    },
    {
      name: "customers.layer",
      kind: "text",
      label: { zh: "分层", en: "Layer" },
      values: LAYER_WORDS,
      hint: {
        zh: "近 90 天的消费、直接带来的人、团队消费和群内活跃天数加权排名：前 1% 头部，其后 15% 中层",
        en: "By money, referrals, the team's money and days active in groups of 90 days: the top 1 % is the head, the next 15 % the middle",
      },
    },
    {
      name: "customers.layer_score",
      kind: "number",
      label: { zh: "分层得分（百分之一分）", en: "Layer score (hundredths)" },
    },
    {
      name: "customers.interested_day",
      kind: "day",
      label: { zh: "最近表现意向", en: "Last showed interest" },
    },
  ],
  conditions: [
    defineCondition({
      name: "customers.stage_is",
      version: 1,
      label: { zh: "阶段是", en: "Stage is" },
      args: z.strictObject({ stages: z.array(z.enum(STAGES)).min(1) }),
      compile: ({ stages }) => ({ trait: "customers.stage", op: "in", values: stages }),
      sentence: ({ stages }) => `阶段是${said(STAGE_WORDS, stages).zh}`,
      sentence_en: ({ stages }) => `stage is ${said(STAGE_WORDS, stages).en}`,
      sentence_not: ({ stages }) => `阶段不是${said(STAGE_WORDS, stages).zh}`,
      sentence_not_en: ({ stages }) => `stage is not ${said(STAGE_WORDS, stages).en}`,
    }),
    defineCondition({
      name: "customers.stage_above_orders",
      version: 1,
      label: { zh: "阶段高于订单情况（建议下调）", en: "Stage above what orders say" },
      args: z.strictObject({}),
      compile: () => ({
        any: STAGES.slice(1, 3).map((stage, i) => ({
          all: [
            { trait: "customers.stage", op: "is" as const, value: stage },
            { trait: "customers.stage_by_orders", op: "in" as const, values: STAGES.slice(0, i + 1) },
          ],
        })),
      }),
      sentence: () => "阶段高于订单情况",
      sentence_en: () => "stage is above what orders say",
    }),
    defineCondition({
      name: "customers.has_paid",
      version: 1,
      label: { zh: "已付费", en: "Has paid" },
      args: z.strictObject({}),
      compile: () => ({ trait: GOODS, op: "between", min: 1 }),
      sentence: () => "已付费",
      sentence_en: () => "has paid",
      sentence_not: () => "未付费",
      sentence_not_en: () => "has not paid",
    }),
    defineCondition({
      name: "customers.standing_is",
      version: 1,
      label: { zh: "付费身份是", en: "Payment standing is" },
      args: z.strictObject({ standings: z.array(z.enum(STANDINGS)).min(1) }),
      compile: ({ standings }, { day }) => anyOf(standings.map((s) => standingAt(s, day))),
      sentence: ({ standings }) => `付费身份是${said(STANDING_WORDS, standings).zh}`,
      sentence_en: ({ standings }) => `payment standing is ${said(STANDING_WORDS, standings).en}`,
      sentence_not: ({ standings }) => `付费身份不是${said(STANDING_WORDS, standings).zh}`,
      sentence_not_en: ({ standings }) => `payment standing is not ${said(STANDING_WORDS, standings).en}`,
    }),
    defineCondition({
      name: "customers.layer_is",
      version: 1,
      label: { zh: "分层是", en: "Layer is" },
      args: z.strictObject({ layers: z.array(z.enum(LAYERS)).min(1) }),
      compile: ({ layers }) => ({ trait: "customers.layer", op: "in", values: layers }),
      sentence: ({ layers }) => `分层是${said(LAYER_WORDS, layers).zh}`,
      sentence_en: ({ layers }) => `layer is ${said(LAYER_WORDS, layers).en}`,
      sentence_not: ({ layers }) => `分层不是${said(LAYER_WORDS, layers).zh}`,
      sentence_not_en: ({ layers }) => `layer is not ${said(LAYER_WORDS, layers).en}`,
    }),
    defineCondition({
      name: "customers.activity_is",
      version: 1,
      label: { zh: "活跃度是", en: "Activity is" },
      args: z.strictObject({ activities: z.array(z.enum(ACTIVITIES)).min(1) }),
      compile: ({ activities }, { day }) => anyOf(activities.map((a) => activityAt(a, day))),
      sentence: ({ activities }) => `活跃度是${said(ACTIVITY_WORDS, activities).zh}`,
      sentence_en: ({ activities }) => `activity is ${said(ACTIVITY_WORDS, activities).en}`,
      sentence_not: ({ activities }) => `活跃度不是${said(ACTIVITY_WORDS, activities).zh}`,
      sentence_not_en: ({ activities }) => `activity is not ${said(ACTIVITY_WORDS, activities).en}`,
    }),
  ],
}
