import { z } from "zod"
import { defineEndpoint } from "../../../kernel/contract.ts"
import { conditionTree, TREE_REFUSALS } from "../../../kernel/tree.ts"
import { TAXONOMY_REFUSALS } from "../contract.ts"
import { BULK_PEOPLE_MAX, UNDO_DAYS } from "../limits.ts"

const words = (zh: string, en: string) => ({ zh, en })
const params = z.object({ id: z.uuid() })

export const BULK_STATES = ["running", "done", "undoing", "undone", "broken"] as const

export const startBulk = defineEndpoint({
  id: "tags.bulk",
  method: "POST",
  path: "/api/tags/:id/bulks",
  permission: "tags.write",
  summary: words(
    "给一个人群或一个群里的客户批量打标签",
    "Give a tag to a segment, a group, or all who match",
  ),
  params,
  body: z.object({
    /** One of the three. */
    segment_id: z.uuid().nullable().default(null),
    group_id: z.uuid().nullable().default(null),
    rule: conditionTree.nullable().default(null),
  }),
  answer: z.object({ id: z.string(), people: z.number().int() }),
  refusals: {
    ...TREE_REFUSALS,
    ...TAXONOMY_REFUSALS,
    segment_unknown: { status: 409, zh: "人群不存在。", en: "The segment does not exist." },
    too_many_people: {
      status: 409,
      zh: `一次最多给 ${BULK_PEOPLE_MAX / 10_000} 万位客户打标签，请先缩小范围。`,
      en: `At most ${BULK_PEOPLE_MAX / 1_000_000} million customers are tagged at once; narrow it first.`,
    },
  },
})

export const listBulks = defineEndpoint({
  id: "tags.bulks",
  method: "GET",
  path: "/api/tags/bulks",
  permission: "tags.read",
  summary: words("批量打标签的记录", "Tags given to many at once"),
  answer: z.object({
    rows: z.array(
      z.object({
        id: z.string(),
        tag_id: z.string(),
        of: z.enum(["segment", "group", "rule"]),
        /** The segment or the group; null for all who match. */
        ref: z.string().nullable(),
        people: z.number().int(),
        by_id: z.string(),
        by_name: z.string().nullable(),
        asked_at: z.date(),
        state: z.enum(BULK_STATES),
        /** How many got it who had not had it; how many of them lost it by the undoing. */
        given: z.number().int(),
        taken: z.number().int(),
        ended_at: z.date().nullable(),
        undo_until: z.date(),
      }),
    ),
  }),
})

export const undoBulk = defineEndpoint({
  id: "tags.undo_bulk",
  method: "POST",
  path: "/api/tags/bulks/:id/undo",
  permission: "tags.write",
  summary: words("撤销批量打标签", "Undo a bulk: its tags go, those it replaced come back"),
  params,
  answer: z.object({ state: z.enum(BULK_STATES) }),
  refusals: {
    too_late: {
      status: 409,
      zh: `只能撤销 ${UNDO_DAYS} 天内的批量打标签。`,
      en: `A bulk is undone within ${UNDO_DAYS} days only.`,
    },
    not_yet: {
      status: 409,
      zh: "还没打完或已经撤销过。",
      en: "It is still running, or was undone already.",
    },
  },
})
