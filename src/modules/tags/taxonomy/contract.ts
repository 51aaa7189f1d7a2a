import { z } from "zod"
import { defineEndpoint, pageOf, pageQuery } from "../../../kernel/contract.ts"
import { cursorNumber, cursorOf } from "../../../kernel/cursor.ts"
import { TAXONOMY_REFUSALS, tagUser } from "../contract.ts"
import { COMMENT_MAX_LENGTH, SAMPLE_A_WEEK_MAX, STALE_DAYS_MAX } from "../limits.ts"

const params = z.object({ id: z.uuid() })
const words = (zh: string, en: string) => ({ zh, en })

export const versionCursor = cursorOf({ number: cursorNumber() })

/** What a version changed, with the names of then. */
const what = z.object({
  kind: z.enum([
    "add_group",
    "add_tag",
    "rename_tag",
    "describe_tag",
    "retire_tag",
    "change_group",
    "channel_synced",
  ]),
  group: z.string().optional(),
  tag: z.string().optional(),
  /** The new name, or the tag that took the place. */
  to: z.string().nullable().optional(),
  text: z.string().optional(),
  added: z.array(z.string()).optional(),
  renamed: z.array(z.string()).optional(),
  retired: z.array(z.string()).optional(),
})
export type What = z.infer<typeof what>

export const listVersions = defineEndpoint({
  id: "tags.versions",
  method: "GET",
  path: "/api/tags/versions",
  permission: "tags.read",
  summary: words("标签体系的历次版本", "The versions of the taxonomy, newest first"),
  query: pageQuery(versionCursor),
  answer: pageOf(
    z.object({
      number: z.number().int(),
      at: z.date(),
      by_id: z.string().nullable(),
      by_name: z.string().nullable(),
      proposal_id: z.string().nullable(),
      what,
    }),
  ),
})

export const readDiscussion = defineEndpoint({
  id: "tags.discussion",
  method: "GET",
  path: "/api/tags/proposals/:id/comments",
  permission: "tags.read",
  summary: words("标签提议的讨论", "What was said about a proposal"),
  params,
  answer: z.object({
    rows: z.array(
      z.object({
        id: z.string(),
        by_id: z.string(),
        by_name: z.string().nullable(),
        at: z.date(),
        kind: z.enum(["comment", "meeting"]),
        body: z.string(),
      }),
    ),
  }),
})

export const addComment = defineEndpoint({
  id: "tags.comment",
  method: "POST",
  path: "/api/tags/proposals/:id/comments",
  permission: "tags.read",
  summary: words("讨论标签提议", "Say something about a proposal"),
  params,
  body: z.object({
    kind: z.enum(["comment", "meeting"]).default("comment"),
    body: z.string().trim().min(1).max(COMMENT_MAX_LENGTH),
  }),
  answer: z.object({ id: z.string() }),
  refusals: {
    already_decided: TAXONOMY_REFUSALS.already_decided,
    discussion_full: {
      status: 409,
      zh: "这个提议的讨论已经太长了，请做决定或另提一个。",
      en: "The discussion is as long as it may be: decide, or propose anew.",
    },
  },
})

export const usersOfTag = defineEndpoint({
  id: "tags.users",
  method: "GET",
  path: "/api/tags/:id/users",
  permission: "tags.read",
  summary: words("哪里在用这个标签", "What uses a tag"),
  params,
  answer: z.object({ rows: z.array(tagUser) }),
})

/** What the team has agreed on about tags; the page is drawn from this. */
export const tagSettings = z.object({
  second_person: z
    .boolean()
    .default(false)
    .meta({
      label: words("提议由别人决定", "Proposals decided by somebody else"),
      hint: words("打开后，谁提议谁就不能自己通过", "Whoever proposes cannot accept it"),
    }),
  stale_days: z
    .number()
    .int()
    .min(1)
    .max(STALE_DAYS_MAX)
    .default(180)
    .meta({
      label: words("多久没确认算陈旧", "A tag is stale after"),
      hint: words("再打一次同一个标签就是确认", "Giving the same tag again confirms it"),
      unit: "days",
    }),
  sample_per_week: z
    .number()
    .int()
    .min(0)
    .max(SAMPLE_A_WEEK_MAX)
    .default(5)
    .meta({
      label: words("每周每位运营抽检客户数", "Customers inspected a week and operator"),
      hint: words("0 表示不抽检", "0: no inspections"),
      unit: "people",
    }),
})

const settingsAnswer = z.object({ settings: tagSettings, schema: z.record(z.string(), z.unknown()) })

export const readTagSettings = defineEndpoint({
  id: "tags.settings",
  method: "GET",
  path: "/api/settings/tags",
  permission: "tags.read",
  summary: words("标签设置", "Settings of tags"),
  answer: settingsAnswer,
})

export const saveTagSettings = defineEndpoint({
  id: "tags.save_settings",
  method: "PUT",
  path: "/api/settings/tags",
  permission: "settings.write",
  summary: words("修改标签设置", "Change the settings of tags"),
  body: tagSettings.extend({ based_on: tagSettings.optional() }),
  answer: settingsAnswer,
  refusals: {
    version_changed: {
      status: 409,
      zh: "别人刚改过这些设置，请刷新后再改。",
      en: "Somebody has just changed these settings; reload them first.",
    },
  },
})
