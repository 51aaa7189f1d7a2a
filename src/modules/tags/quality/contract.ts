import { z } from "zod"
import { defineEndpoint } from "../../../kernel/contract.ts"
import { conditionTree } from "../../../kernel/tree.ts"

const words = (zh: string, en: string) => ({ zh, en })
const n = z.number().int()

/** A number of people, and the rule by which they are found. */
const counted = z.object({ people: n.nullable(), rule: conditionTree })

export const qualityBody = z.object({
  /** Customers there are. */
  people: n,
  coverage: z.array(counted.extend({ group_id: z.string(), group: z.string(), covered: n })),
  stale: counted.extend({ days: n }),
  contradictions: z.array(counted.extend({ code: z.string() })),
  /** Wearers of each tag. */
  wearers: z.record(z.string(), n),
})
export type Quality = z.output<typeof qualityBody>

export const readQuality = defineEndpoint({
  id: "tags.quality",
  method: "GET",
  path: "/api/tags/quality",
  permission: "tags.read",
  summary: words("标签质量：覆盖、陈旧、矛盾", "The quality of tags: coverage, staleness, contradictions"),
  answer: z.object({
    /** Null where nothing has been counted yet. */
    taken_at: z.date().nullable(),
    body: qualityBody.nullable(),
  }),
})
