import type { Words } from "../../kernel/contract.ts"

/** What a play may call the assignments that it opens, and by which it knows them again when it waits for one. */
export const ASSIGNMENT_KINDS = {
  task: { zh: "普通待办", en: "Plain task" },
  journey: { zh: "客户旅程", en: "Customer journey" },
  school: { zh: "商学院第一课", en: "First course" },
  training: { zh: "新人培训", en: "Training" },
  second_purchase: { zh: "二次消费", en: "Second purchase" },
  referral: { zh: "第一次带人", en: "First referral" },
  middle: { zh: "进入中层", en: "Into the middle layer" },
} as const satisfies Record<string, Words>
