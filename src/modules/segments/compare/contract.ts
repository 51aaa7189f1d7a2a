import { z } from "zod"
import { defineEndpoint } from "../../../kernel/contract.ts"
import { conditionTree } from "../../../kernel/tree.ts"
import { SEGMENT_REFUSALS } from "../contract.ts"

const words = z.object({ zh: z.string(), en: z.string() })
const one = z.object({ id: z.string(), name: z.string(), frozen: z.boolean(), sentence: words })
const part = z.object({
  people: z.number().int(),
  /** Exactly these people as a rule, to make a segment of; null where the two together are more than one rule may be. */
  rule: conditionTree.nullable(),
  sentence: words.nullable(),
  /** Why there is no rule: `tree_too_deep` or `tree_too_large`. */
  refused: z.string().nullable(),
})

export const compareSegments = defineEndpoint({
  id: "segments.compare",
  method: "GET",
  path: "/api/segments/compare",
  permission: "segments.read",
  summary: {
    zh: "两个人群比一比：各自独有多少人、共有多少人",
    en: "Two segments side by side: how many only in one, only in the other, in both",
  },
  query: z.object({ a: z.uuid(), b: z.uuid() }),
  answer: z.object({
    a: one,
    b: one,
    /** The moment of which the numbers are true. */
    at: z.date(),
    parts: z.object({ only_a: part, both: part, only_b: part }),
  }),
  refusals: {
    ...SEGMENT_REFUSALS,
    same_segment: {
      status: 400,
      zh: "请选两个不同的人群来比较。",
      en: "Choose two different segments to compare.",
    },
    segment_unknown: {
      status: 404,
      zh: "要比较的人群已经不在了。",
      en: "A segment to be compared is gone.",
    },
  },
})
