import { z } from "zod"
import { defineEndpoint } from "../../../kernel/contract.ts"
import { TEXT_MAX_LENGTH } from "../limits.ts"

const words = (zh: string, en: string) => ({ zh, en })
const n = z.number().int()
export const VERDICTS = ["right", "wrong", "missing"] as const

export const claimInspection = defineEndpoint({
  id: "tags.claim_inspection",
  method: "POST",
  path: "/api/tags/inspections/claim",
  permission: "tags.inspect",
  summary: words("领取下一位抽检客户", "Take the next customer to inspect onto the desk"),
  body: z.object({}),
  answer: z.object({
    /** Null where nothing is left for this person. */
    inspection: z
      .object({
        id: z.string(),
        week: z.iso.date(),
        staff_id: z.string(),
        staff_name: z.string().nullable(),
        customer_id: z.string(),
        customer_name: z.string().nullable(),
        tags: z.array(z.object({ tag_id: z.string(), name: z.string(), group: z.string() })),
        until: z.date(),
      })
      .nullable(),
    left: n,
  }),
})

export const judgeInspection = defineEndpoint({
  id: "tags.judge",
  method: "POST",
  path: "/api/tags/inspections/:id/verdict",
  permission: "tags.inspect",
  summary: words("判定抽检结果", "Judge the tags of a drawn customer"),
  params: z.object({ id: z.uuid() }),
  body: z.object({
    /** `wrong`: a tag that does not fit; `missing`: one that should be there. */
    verdict: z.enum(VERDICTS),
    note: z.string().trim().max(TEXT_MAX_LENGTH).default(""),
  }),
  answer: z.object({ left: n }),
  refusals: {
    own_customer: {
      status: 409,
      zh: "自己的客户要由别人来抽检。",
      en: "One's own customers are inspected by somebody else.",
    },
    already_judged: { status: 409, zh: "这位客户已经判过了。", en: "This one was judged already." },
    on_another_desk: {
      status: 409,
      zh: "别的质检正在看这位客户。",
      en: "Another inspector has this one on the desk.",
    },
  },
})

export const readScores = defineEndpoint({
  id: "tags.scores",
  method: "GET",
  path: "/api/tags/inspections/scores",
  permission: "tags.inspect",
  summary: words("标签抽检得分", "Scores of tag inspections by week and operator"),
  answer: z.object({
    rows: z.array(
      z.object({
        week: z.iso.date(),
        staff_id: z.string(),
        staff_name: z.string().nullable(),
        drawn: n,
        right: n,
        wrong: n,
        missing: n,
        /** Tenths of a percent of what was judged; null where nothing was. */
        score: n.nullable(),
      }),
    ),
  }),
})
