import type { Words } from "../../../kernel/contract.ts"

/** The moments of a relationship for which an account has words, in their order; those from `school` on are stages of the journey. */
export const SITUATIONS = [
  "opening",
  "ice",
  "trust",
  "objection",
  "closing",
  "after_sale",
  "revival",
  "school",
  "training",
  "second_purchase",
  "referral",
  "middle",
] as const
export type Situation = (typeof SITUATIONS)[number]

export const SITUATION_WORDS: Record<Situation, Words> = {
  opening: { zh: "开场", en: "Opening" },
  ice: { zh: "破冰", en: "Breaking the ice" },
  trust: { zh: "建立信任", en: "Building trust" },
  objection: { zh: "打消顾虑", en: "Objections" },
  closing: { zh: "成交", en: "Closing" },
  after_sale: { zh: "售后", en: "After sale" },
  revival: { zh: "唤醒", en: "Revival" },
  school: { zh: "商学院第一课", en: "First course" },
  training: { zh: "新人培训", en: "Training" },
  second_purchase: { zh: "二次消费", en: "Second purchase" },
  referral: { zh: "第一次带人", en: "First referral" },
  middle: { zh: "进入中层", en: "Into the middle layer" },
}

/** A line for people of a kind, and whose it is: one account's, of all accounts of a function, or (both null) of all. */
export type PersonaLine = {
  situation: string
  persona_tag_id: string
  function: string | null
  account_id: string | null
  text: string
}

/**
 * Pure: what an account says in a situation to somebody of these kinds (the first kind first): its own line for them, else what its
 * functions share, else what all share; null where nothing is written for any of their kinds.
 */
export function lineFor(
  lines: readonly PersonaLine[],
  asked: {
    situation: string
    persona_tag_ids: readonly string[]
    account: { id: string; functions: readonly string[] } | null
  },
): string | null {
  const { account } = asked
  const nearness = (line: PersonaLine): number => {
    if (line.account_id !== null) return line.account_id === account?.id ? 3 : 0
    if (line.function === null) return 1
    return account?.functions.includes(line.function) ? 2 : 0
  }
  for (const tag of asked.persona_tag_ids) {
    let best: PersonaLine | null = null
    for (const line of lines)
      if (line.situation === asked.situation && line.persona_tag_id === tag)
        if (nearness(line) > (best === null ? 0 : nearness(best))) best = line
    if (best) return best.text
  }
  return null
}
