import { z } from "zod"
import { defineEndpoint, INTEGER_MAX, pageOf, pageQuery } from "../../kernel/contract.ts"
import { cursorNumber, cursorOf } from "../../kernel/cursor.ts"
import { conditionTree, TREE_REFUSALS } from "../../kernel/tree.ts"
import { BY_QUERY_REFUSALS, customerFilter } from "../customers/contract.ts"
import { NAME_MAX_LENGTH, SAMPLE_MAX } from "./limits.ts"

const words = z.object({ zh: z.string(), en: z.string() })
const name = z.string().trim().min(1).max(NAME_MAX_LENGTH)
const params = z.object({ id: z.uuid() })
const form = z.object({
  name: z.string(),
  version: z.number().int(),
  label: words,
  hint: words.nullable(),
  /** JSON Schema of the arguments; `kind` on a field says whose id it takes (tag, group, account, staff). */
  args: z.record(z.string(), z.unknown()),
})

export const SEGMENT_REFUSALS = {
  ...TREE_REFUSALS,
  name_taken: { status: 409, zh: "已有同名的人群。", en: "There is a segment of this name." },
  segment_frozen: {
    status: 409,
    zh: "固定人群的规则不能修改，请另存一个。",
    en: "The rule of a frozen segment cannot be changed; save another.",
  },
  version_changed: {
    status: 409,
    zh: "别人刚改过这个人群，请刷新后再改。",
    en: "Somebody has just changed this segment; reload it first.",
  },
} as const

export const readCatalogue = defineEndpoint({
  id: "segments.catalogue",
  method: "GET",
  path: "/api/catalogue",
  permission: "signed_in",
  summary: { zh: "条件、动作、画像字段与指标目录", en: "Conditions, actions, traits and measures on offer" },
  answer: z.object({
    /** What plays can listen to, and which of its fields they may ask for. */
    facts: z.array(
      z.object({
        type: z.string(),
        label: words,
        fields: z.array(
          z.object({
            name: z.string(),
            label: words,
            values: z.record(z.string(), words).nullable(),
            kind: z.string().nullable(),
          }),
        ),
      }),
    ),
    traits: z.array(
      z.object({
        name: z.string(),
        kind: z.enum(["text", "number", "day", "boolean", "tags"]),
        label: words,
        hint: words.nullable(),
        unit: z.string().nullable(),
        values: z.record(z.string(), words).nullable(),
      }),
    ),
    conditions: z.array(form),
    actions: z.array(form),
    measures: z.array(z.object({ name: z.string(), label: words, hint: words, unit: z.string() })),
  }),
})

/** The state a count is true of: everything committed up to a position, on a day. */
const asOf = z.object({ position: z.string(), at: z.date(), day: z.string() })

export const countSegment = defineEndpoint({
  id: "segments.count",
  method: "POST",
  path: "/api/segments/count",
  permission: "segments.read",
  summary: { zh: "规则实时人数", en: "How many match a rule, while typing" },
  body: z.object({ rule: conditionTree }),
  answer: z.object({ count: z.number().int(), as_of: asOf, sentence: words }),
  refusals: TREE_REFUSALS,
})

const member = z.object({ customer_id: z.string(), name: z.string(), owner_staff_id: z.string().nullable() })
const value = z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()])
const reason = z.object({
  /** The place of the condition in the rule, such as `all.0`. */
  path: z.string(),
  sentence: words,
  holds: z.boolean(),
  values: z.array(
    z.object({
      trait: z.string(),
      label: words,
      value,
      since: z.date().nullable(),
      why: z.record(z.string(), z.unknown()).nullable(),
    }),
  ),
})

export const previewSegment = defineEndpoint({
  id: "segments.preview",
  method: "POST",
  path: "/api/segments/preview",
  permission: "segments.read",
  summary: { zh: "规则预览：人数、样例与原因", en: "A rule with its count and a sample with reasons" },
  body: z.object({ rule: conditionTree, sample: z.number().int().min(0).max(SAMPLE_MAX).default(5) }),
  answer: z.object({
    count: z.number().int(),
    as_of: asOf,
    sentence: words,
    sample: z.array(member.extend({ reasons: z.array(reason) })),
  }),
  refusals: TREE_REFUSALS,
})

const segmentRow = z.object({
  id: z.string(),
  name: z.string(),
  frozen: z.boolean(),
  version: z.number().int(),
  updated_at: z.date(),
  /** Null where the rule is broken: `broken` says how and where. */
  sentence: words.nullable(),
  broken: z.object({ code: z.string(), field: z.string() }).nullable(),
})

export const listSegments = defineEndpoint({
  id: "segments.list",
  method: "GET",
  path: "/api/segments",
  permission: "segments.read",
  summary: { zh: "人群", en: "Segments" },
  answer: z.object({ rows: z.array(segmentRow) }),
})

export const readSegment = defineEndpoint({
  id: "segments.read",
  method: "GET",
  path: "/api/segments/:id",
  permission: "segments.read",
  summary: { zh: "一个人群", en: "One segment" },
  params,
  answer: segmentRow.extend({
    rule: conditionTree,
    versions: z.array(
      z.object({ version: z.number().int(), rule: conditionTree, saved_by: z.string(), saved_at: z.date() }),
    ),
  }),
})

export const createSegment = defineEndpoint({
  id: "segments.create",
  method: "POST",
  path: "/api/segments",
  permission: "segments.write",
  summary: { zh: "保存人群", en: "Save a segment" },
  body: z.object({
    name,
    rule: conditionTree,
    /** Keeps the people who match now, for good. */
    frozen: z.boolean().default(false),
  }),
  answer: z.object({ id: z.string(), version: z.number().int(), members: z.number().int().nullable() }),
  refusals: SEGMENT_REFUSALS,
})

export const listedSegment = defineEndpoint({
  id: "segments.from_list",
  method: "POST",
  path: "/api/segments/from-list",
  permission: "segments.write",
  summary: { zh: "把筛选出的客户存为固定人群", en: "Keep everybody whom a filter holds as a frozen segment" },
  body: z.object({
    name,
    filter: customerFilter,
    /** How many people were named when this was confirmed. */
    people: z.number().int().min(1).max(INTEGER_MAX),
  }),
  answer: z.object({ id: z.string(), members: z.number().int() }),
  refusals: { ...SEGMENT_REFUSALS, ...BY_QUERY_REFUSALS },
})

export const changeSegment = defineEndpoint({
  id: "segments.change",
  method: "PUT",
  path: "/api/segments/:id",
  permission: "segments.write",
  summary: { zh: "修改人群", en: "Change a segment" },
  params,
  body: z.object({
    name,
    rule: conditionTree.optional(),
    /** The version that was looked at when the change was made. */
    version: z.number().int(),
  }),
  answer: z.object({ version: z.number().int() }),
  refusals: SEGMENT_REFUSALS,
})

export const deleteSegment = defineEndpoint({
  id: "segments.delete",
  method: "DELETE",
  path: "/api/segments/:id",
  permission: "segments.write",
  summary: { zh: "删除人群", en: "Delete a segment" },
  params,
  answer: z.object({}),
})

export const memberCursor = cursorOf({ number: cursorNumber(INTEGER_MAX) })

export const segmentMembers = defineEndpoint({
  id: "segments.members",
  method: "GET",
  path: "/api/segments/:id/members",
  permission: "segments.read",
  summary: { zh: "人群里的客户", en: "Members of a segment" },
  params,
  query: pageQuery(memberCursor),
  answer: pageOf(member.extend({ owner_name: z.string().nullable() })),
  refusals: TREE_REFUSALS,
})
