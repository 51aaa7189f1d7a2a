import { z } from "zod"
import { defineEndpoint } from "../../../kernel/contract.ts"
import { conditionTree, TREE_REFUSALS } from "../../../kernel/tree.ts"
import { TAXONOMY_REFUSALS } from "../contract.ts"
import { NAME_MAX_LENGTH } from "../limits.ts"

const params = z.object({ id: z.uuid() })
const words = (zh: string, en: string) => ({ zh, en })
const said = z.object({ zh: z.string(), en: z.string() })

export const RULE_REFUSALS = {
  ...TREE_REFUSALS,
  tag_unknown: TAXONOMY_REFUSALS.tag_unknown,
  segment_unknown: { status: 409, zh: "人群不存在。", en: "The segment does not exist." },
  rule_circle: {
    status: 409,
    zh: "这条规则绕了一圈又问到它自己打的标签，请换个条件。",
    en: "The rule asks, by itself or by way of others, for the tag that it gives: choose another condition.",
  },
  rule_taken: { status: 409, zh: "这个标签已经有一条规则了。", en: "The tag has a rule already." },
  rules_full: { status: 409, zh: "标签规则已到上限。", en: "There are as many tag rules as there may be." },
} as const

export const listTagRules = defineEndpoint({
  id: "tags.rules",
  method: "GET",
  path: "/api/tags/rules",
  permission: "tags.read",
  summary: words("自动打标签的规则", "Rules that keep tags"),
  answer: z.object({
    rows: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        of: z.enum(["segment", "tree", "month", "province", "city"]),
        tag_id: z.string().nullable(),
        group_id: z.string().nullable(),
        segment_id: z.string().nullable(),
        tree: conditionTree.nullable(),
        /** The condition as a sentence; null for tags by value, and where it is broken. */
        sentence: said.nullable(),
        running: z.boolean(),
        broken: z
          .object({ code: z.string(), detail: z.record(z.string(), z.unknown()).optional() })
          .nullable(),
        /** Everybody is being looked at. */
        looking: z.boolean(),
        synced_at: z.date().nullable(),
        created_at: z.date(),
      }),
    ),
  }),
})

export const makeTagRule = defineEndpoint({
  id: "tags.make_rule",
  method: "POST",
  path: "/api/tags/rules",
  permission: "tags.approve",
  summary: words("新建自动打标签的规则", "Keep a tag by a segment or a condition"),
  body: z.object({
    name: z.string().trim().min(1).max(NAME_MAX_LENGTH),
    tag_id: z.uuid(),
    /** One of the two. */
    segment_id: z.uuid().nullable().default(null),
    rule: conditionTree.nullable().default(null),
  }),
  answer: z.object({ id: z.string() }),
  refusals: RULE_REFUSALS,
})

export const switchTagRule = defineEndpoint({
  id: "tags.switch_rule",
  method: "PUT",
  path: "/api/tags/rules/:id/running",
  permission: "tags.approve",
  summary: words("开关自动打标签的规则", "Switch a rule on or off; what it gave stays"),
  params,
  body: z.object({ running: z.boolean() }),
  answer: z.object({ running: z.boolean() }),
})

export const removeTagRule = defineEndpoint({
  id: "tags.remove_rule",
  method: "POST",
  path: "/api/tags/rules/:id/remove",
  permission: "tags.approve",
  summary: words("删除自动打标签的规则", "Remove a rule, with or without the tags that it gave"),
  params,
  body: z.object({ take_back: z.boolean() }),
  answer: z.object({}),
})
