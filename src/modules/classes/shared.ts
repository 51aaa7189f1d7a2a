import type { Words } from "../../kernel/contract.ts"

/** The steps of the ladder, lowest first. */
export const STAGES = ["prospect", "customer", "member", "partner"] as const
export type Stage = (typeof STAGES)[number]
export const STANDINGS = ["general", "interested", "paid", "repeat", "agent"] as const
export type Standing = (typeof STANDINGS)[number]
export const ACTIVITIES = ["prospect", "one_time", "repeat", "quiet", "sleeping", "lost"] as const
export type Activity = (typeof ACTIVITIES)[number]

/** How the classes are called, on every page and in every sentence. */
export const STAGE_WORDS: Record<Stage, Words> = {
  prospect: { zh: "潜在客户", en: "prospect" },
  customer: { zh: "客户", en: "customer" },
  member: { zh: "会员", en: "member" },
  partner: { zh: "合伙人", en: "partner" },
}
export const STANDING_WORDS: Record<Standing, Words> = {
  general: { zh: "普通", en: "general" },
  interested: { zh: "意向", en: "interested" },
  paid: { zh: "付费", en: "paid" },
  repeat: { zh: "复购", en: "repeat" },
  agent: { zh: "代理", en: "agent" },
}
export const ACTIVITY_WORDS: Record<Activity, Words> = {
  prospect: { zh: "未成交", en: "not yet a buyer" },
  one_time: { zh: "活跃·首购", en: "active, one order" },
  repeat: { zh: "活跃·复购", en: "active, repeat" },
  quiet: { zh: "沉默", en: "quiet" },
  sleeping: { zh: "睡眠", en: "sleeping" },
  lost: { zh: "流失", en: "lost" },
}
