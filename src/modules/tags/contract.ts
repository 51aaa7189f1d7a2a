import { z } from "zod"
import { defineEndpoint, INTEGER_MAX } from "../../kernel/contract.ts"
import { BY_QUERY_REFUSALS, customerFilter } from "../customers/contract.ts"
import { ROLES } from "../staff/contract.ts"
import { CUSTOMERS_PER_CALL, NAME_MAX_LENGTH, TEXT_MAX_LENGTH } from "./limits.ts"

const name = z.string().trim().min(1).max(NAME_MAX_LENGTH)
const text = z.string().trim().max(TEXT_MAX_LENGTH)
export const dimension = z.enum(["payment", "persona", "time", "region", "custom"])

/** A change of the taxonomy, as it is proposed and decided. */
export const change = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("add_group"), name, dimension, exclusive: z.boolean() }),
  z.object({
    kind: z.literal("add_tag"),
    group_id: z.uuid(),
    name,
    definition: text.min(1),
    example: text.default(""),
  }),
  z.object({ kind: z.literal("rename_tag"), tag_id: z.uuid(), name }),
  z.object({ kind: z.literal("describe_tag"), tag_id: z.uuid(), definition: text.min(1), example: text }),
  z.object({ kind: z.literal("retire_tag"), tag_id: z.uuid(), replaced_by: z.uuid().nullable() }),
  z.object({
    kind: z.literal("change_group"),
    group_id: z.uuid(),
    name,
    /** Every customer should have a tag of it: what the coverage is counted over. */
    required: z.boolean(),
    /** Who may give its tags by hand; null for everybody who may tag at all. */
    roles: z.array(z.enum(ROLES)).min(1).max(ROLES.length).nullable(),
  }),
])
export type Change = z.output<typeof change>

const tagRow = z.object({
  id: z.string(),
  name: z.string(),
  definition: z.string(),
  example: z.string(),
  /** Kept in step with a tag of the channel. */
  in_channel: z.boolean(),
  retired_at: z.date().nullable(),
  replaced_by: z.string().nullable(),
})

export const listTags = defineEndpoint({
  id: "tags.list",
  method: "GET",
  path: "/api/tags",
  permission: "tags.read",
  summary: { zh: "标签体系", en: "The taxonomy of tags" },
  answer: z.object({
    groups: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        dimension,
        exclusive: z.boolean(),
        required: z.boolean(),
        roles: z.array(z.enum(ROLES)).nullable(),
        in_channel: z.boolean(),
        tags: z.array(tagRow),
      }),
    ),
    /** The version that stands; 0 while nothing was changed yet. */
    version: z.number().int(),
  }),
})

/** What names a tag: it is not taken out of use while it does. */
export const tagUser = z.object({
  kind: z.enum(["play", "rule", "segment", "code"]),
  id: z.string(),
  name: z.string(),
})
export type TagUser = z.infer<typeof tagUser>

export const TAXONOMY_REFUSALS = {
  tag_unknown: { status: 409, zh: "标签不存在或已停用。", en: "The tag does not exist or is retired." },
  group_unknown: { status: 409, zh: "标签组不存在。", en: "The tag group does not exist." },
  name_taken: { status: 409, zh: "已有同名的标签或标签组。", en: "The name is taken." },
  taxonomy_full: { status: 409, zh: "标签数量已到上限。", en: "There are as many tags as there may be." },
  already_decided: { status: 409, zh: "这个提议已经有结论了。", en: "The proposal was decided already." },
  own_proposal: {
    status: 409,
    zh: "团队要求由提议人之外的人决定。",
    en: "The team wants somebody else than the proposer to decide.",
  },
  tag_in_use: {
    status: 409,
    zh: "还有剧本、规则、人群或渠道码在用这个标签，请先换掉，或选一个标签来接替它。",
    en: "Plays, rules, segments or codes still use the tag: change them first, or name a tag that takes its place.",
  },
  role_may_not: {
    status: 403,
    zh: "你的角色不能打这个标签组里的标签。",
    en: "Your role may not give tags of this group.",
  },
} as const

export const proposeChange = defineEndpoint({
  id: "tags.propose",
  method: "POST",
  path: "/api/tags/proposals",
  permission: "tags.write",
  summary: { zh: "提议修改标签体系", en: "Propose a change of the taxonomy" },
  body: z.object({ change, reason: text.default("") }),
  answer: z.object({ id: z.string() }),
  refusals: TAXONOMY_REFUSALS,
})

export const listProposals = defineEndpoint({
  id: "tags.proposals",
  method: "GET",
  path: "/api/tags/proposals",
  permission: "tags.read",
  summary: { zh: "标签提议", en: "Proposals for the taxonomy" },
  answer: z.object({
    rows: z.array(
      z.object({
        id: z.string(),
        change,
        reason: z.string(),
        proposed_by: z.string(),
        proposed_by_name: z.string().nullable(),
        proposed_at: z.date(),
        /** Words said about it so far. */
        comments: z.number().int(),
        decided_by: z.string().nullable(),
        decided_at: z.date().nullable(),
        accepted: z.boolean().nullable(),
        note: z.string(),
      }),
    ),
  }),
})

export const decideChange = defineEndpoint({
  id: "tags.decide",
  method: "POST",
  path: "/api/tags/proposals/:id/decision",
  permission: "tags.approve",
  summary: { zh: "决定标签提议", en: "Decide a proposal" },
  params: z.object({ id: z.uuid() }),
  body: z.object({ accept: z.boolean(), note: text.default("") }),
  answer: z.object({
    applied: z.boolean(),
    /** The version that came of it. */
    version: z.number().int().nullable(),
    /** Of a retired tag: what goes on with the one that takes its place. */
    goes_on: z.array(tagUser),
  }),
  refusals: TAXONOMY_REFUSALS,
})

const customers = z.array(z.uuid()).min(1).max(CUSTOMERS_PER_CALL)

export const assignTag = defineEndpoint({
  id: "tags.assign",
  method: "POST",
  path: "/api/tags/:id/customers",
  permission: "tags.write",
  summary: { zh: "给客户打标签", en: "Give customers a tag" },
  params: z.object({ id: z.uuid() }),
  body: z.object({ customer_ids: customers }),
  answer: z.object({ assigned: z.number().int(), had_it: z.number().int(), not_found: z.number().int() }),
  refusals: TAXONOMY_REFUSALS,
})

export const removeTag = defineEndpoint({
  id: "tags.remove",
  method: "POST",
  path: "/api/tags/:id/customers/remove",
  permission: "tags.write",
  summary: { zh: "去掉客户的标签", en: "Take a tag from customers" },
  params: z.object({ id: z.uuid() }),
  body: z.object({ customer_ids: customers }),
  answer: z.object({ removed: z.number().int(), not_found: z.number().int() }),
  refusals: TAXONOMY_REFUSALS,
})

const byQuery = z.object({
  filter: customerFilter,
  /** How many people were named when this was confirmed. */
  people: z.number().int().min(1).max(INTEGER_MAX),
})

export const assignTagByQuery = defineEndpoint({
  id: "tags.assign_all",
  method: "POST",
  path: "/api/tags/:id/everybody",
  permission: "tags.write",
  summary: { zh: "给符合筛选条件的所有客户打标签", en: "Give a tag to everybody whom a filter holds" },
  params: z.object({ id: z.uuid() }),
  body: byQuery,
  answer: z.object({ assigned: z.number().int(), had_it: z.number().int() }),
  refusals: { ...TAXONOMY_REFUSALS, ...BY_QUERY_REFUSALS },
})

export const removeTagByQuery = defineEndpoint({
  id: "tags.remove_all",
  method: "POST",
  path: "/api/tags/:id/everybody/remove",
  permission: "tags.write",
  summary: { zh: "去掉符合筛选条件的所有客户的标签", en: "Take a tag from everybody whom a filter holds" },
  params: z.object({ id: z.uuid() }),
  body: byQuery,
  answer: z.object({ removed: z.number().int() }),
  refusals: { ...TAXONOMY_REFUSALS, ...BY_QUERY_REFUSALS },
})

export const customerTags = defineEndpoint({
  id: "tags.of_customer",
  method: "GET",
  path: "/api/customers/:id/tags",
  permission: "customers.read",
  summary: { zh: "一位客户的标签", en: "One customer's tags" },
  params: z.object({ id: z.uuid() }),
  answer: z.object({
    rows: z.array(
      z.object({
        tag_id: z.string(),
        name: z.string(),
        group: z.string(),
        source: z.string(),
        by_id: z.string().nullable(),
        assigned_at: z.date(),
      }),
    ),
  }),
})
