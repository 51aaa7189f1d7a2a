import { z } from "zod"
import { defineEndpoint } from "../../../kernel/contract.ts"
import { REASON_MIN_LENGTH, TEXT_MAX_LENGTH } from "../limits.ts"

const words = (zh: string, en: string) => ({ zh, en })
const n = z.number().int()
/** Those drawn by a version before had ids that no version of a UUID has. */
const params = z.object({ id: z.guid() })
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
        /** What the customer wears; where a verdict is disputed, what they wore when it was given. */
        tags: z.array(z.object({ tag_id: z.string(), name: z.string(), group: z.string() })),
        /** The verdict that is disputed, and why; null where nobody has judged yet. */
        disputed: z
          .object({
            verdict: z.enum(VERDICTS),
            note: z.string(),
            judged_by_name: z.string().nullable(),
            reason: z.string(),
          })
          .nullable(),
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
  params,
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
    own_verdict: {
      status: 409,
      zh: "您判过这一位，有异议的要由另一位同事来复核。",
      en: "You judged this one; what is disputed is looked at by somebody else.",
    },
    already_judged: { status: 409, zh: "这位客户已经判过了。", en: "This one was judged already." },
    on_another_desk: {
      status: 409,
      zh: "别的质检正在看这位客户。",
      en: "Another inspector has this one on the desk.",
    },
  },
})

export const listVerdicts = defineEndpoint({
  id: "tags.verdicts",
  method: "GET",
  path: "/api/tags/inspections",
  permission: "tags.read",
  summary: words("抽检结果，最近的在前", "What inspections found, the newest first"),
  answer: z.object({
    rows: z.array(
      z.object({
        id: z.string(),
        week: z.iso.date(),
        staff_id: z.string(),
        staff_name: z.string().nullable(),
        customer_id: z.string(),
        customer_name: z.string().nullable(),
        verdict: z.enum(VERDICTS),
        note: z.string(),
        judged_by_name: z.string().nullable(),
        judged_at: z.date(),
        disputed_at: z.date().nullable(),
        reason: z.string(),
        /** The last word on what was disputed: it counts. */
        second_verdict: z.enum(VERDICTS).nullable(),
        second_note: z.string(),
        second_by_name: z.string().nullable(),
        second_at: z.date().nullable(),
        /** Whoever asks may dispute it now. */
        may_dispute: z.boolean(),
      }),
    ),
  }),
})

export const disputeInspection = defineEndpoint({
  id: "tags.dispute",
  method: "POST",
  path: "/api/tags/inspections/:id/dispute",
  permission: "tags.write",
  summary: words("对抽检结果提出异议", "Dispute a verdict on one's own work"),
  params,
  body: z.strictObject({ reason: z.string().trim().min(REASON_MIN_LENGTH).max(TEXT_MAX_LENGTH) }),
  answer: z.object({ id: z.string() }),
  refusals: {
    not_own_work: {
      status: 409,
      zh: "只有被抽检的运营本人可以提出异议。",
      en: "Only the operator whose work was judged may dispute it.",
    },
    not_judged: { status: 409, zh: "这位客户还没有判。", en: "This one is not judged yet." },
    nothing_to_dispute: {
      status: 409,
      zh: "判的是对的，没有可以提异议的。",
      en: "It was judged right; there is nothing to dispute.",
    },
    already_disputed: {
      status: 409,
      zh: "已经提过异议，复核结果就是最终结果。",
      en: "It was disputed already; the second verdict is the last.",
    },
    dispute_over: {
      status: 409,
      zh: "提异议的期限已经过了。",
      en: "The days in which it could be disputed are over.",
    },
  },
})

export const readScores = defineEndpoint({
  id: "tags.scores",
  method: "GET",
  path: "/api/tags/inspections/scores",
  permission: "tags.read",
  summary: words("标签抽检得分", "Scores of tag inspections by week and operator"),
  answer: z.object({
    rows: z.array(
      z.object({
        week: z.iso.date(),
        staff_id: z.string(),
        staff_name: z.string().nullable(),
        drawn: n,
        disputed: n,
        right: n,
        wrong: n,
        missing: n,
        /** Tenths of a percent of what was judged; null where nothing was. */
        score: n.nullable(),
      }),
    ),
  }),
})
