import { z } from "zod"
import { defineEndpoint, pageOf, pageQuery } from "../../../kernel/contract.ts"
import { cursorMoment, cursorOf } from "../../../kernel/cursor.ts"
import { TAXONOMY_REFUSALS } from "../contract.ts"
import { GROUPS_MAX } from "../limits.ts"

const words = (zh: string, en: string) => ({ zh, en })
const n = z.number().int()

export const readSync = defineEndpoint({
  id: "tags.sync",
  method: "GET",
  path: "/api/tags/sync",
  permission: "tags.read",
  summary: words(
    "标签和企业微信的双向同步：开没开、哪些标签组推过去、还有多少没推",
    "How tags are kept in step with the channel: whether it is on, which groups are brought there, what waits",
  ),
  answer: z.object({
    /** Whether a channel with a catalogue of tags is there at all. */
    possible: z.boolean(),
    on: z.boolean(),
    /** When the channel's catalogue was last seen, and when something was last brought there. */
    seen_at: z.date().nullable(),
    pushed_at: z.date().nullable(),
    /** The channel's code for what last went wrong, until something works again. */
    problem: z.string().nullable(),
    waiting: n,
    open_conflicts: n,
    groups: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        /** Its new tags are made in the channel too. */
        pushed: z.boolean(),
        tags: n,
        in_channel: n,
      }),
    ),
  }),
})

export const setSync = defineEndpoint({
  id: "tags.set_sync",
  method: "POST",
  path: "/api/tags/sync",
  permission: "tags.approve",
  summary: words(
    "打开或关掉双向同步，选定推过去的标签组",
    "Switch the sync on or off, and choose the groups that are brought to the channel",
  ),
  body: z.object({ on: z.boolean(), pushed_group_ids: z.array(z.uuid()).max(GROUPS_MAX) }),
  answer: z.object({ on: z.boolean() }),
  refusals: {
    group_unknown: TAXONOMY_REFUSALS.group_unknown,
    no_catalogue: {
      status: 409,
      zh: "现在没有能管理标签库的渠道，先接好企业微信。",
      en: "No channel here keeps a catalogue of tags; connect WeCom first.",
    },
  },
})

export const channelTagCursor = cursorOf({ ref: z.string().max(200) })

export const listChannelTags = defineEndpoint({
  id: "tags.channel_tags",
  method: "GET",
  path: "/api/tags/sync/tags",
  permission: "tags.read",
  summary: words(
    "渠道标签库里的标签：是谁建的、对应我们的哪一个、一致不一致",
    "The channel's tags: who made them, which of ours they are, and whether both agree",
  ),
  query: pageQuery(channelTagCursor),
  answer: pageOf(
    z.object({
      ref: z.string(),
      group_name: z.string(),
      theirs: z.string(),
      /** Ours; null where it is none of ours. */
      ours: z.string().nullable(),
      made_by_us: z.boolean(),
      /**
       * `same`; `waiting` to be brought there; `theirs_alone`: made in the channel's own console, which alone may change it; `refused` by
       * the channel (`code`); `asked` about; `left_out`; `gone` there.
       */
      state: z.enum(["same", "waiting", "theirs_alone", "refused", "asked", "left_out", "gone"]),
      code: z.string().nullable(),
    }),
  ),
})

export const conflictCursor = cursorOf({ at: cursorMoment, id: z.uuid() })

export const listConflicts = defineEndpoint({
  id: "tags.conflicts",
  method: "GET",
  path: "/api/tags/conflicts",
  permission: "tags.read",
  summary: words(
    "标签同步的冲突：两边都改过的，等人选一边，最新的在前面",
    "Where the sync of tags needs somebody's word, newest first; with `decided` those that had it",
  ),
  query: pageQuery(conflictCursor).extend({ decided: z.stringbool().default(false) }),
  answer: pageOf(
    z.object({
      id: z.string(),
      of: z.enum(["group", "tag"]),
      kind: z.enum(["renamed_there", "renamed_both", "deleted_there", "retired_here", "name_taken"]),
      ours: z.string(),
      ours_at: z.date().nullable(),
      ours_by: z.string().nullable(),
      /** null: it is gone there. */
      theirs: z.string().nullable(),
      /** When it was first seen so; the channel does not say who did it. */
      theirs_at: z.date(),
      found_at: z.date(),
      /** `over`: both agree again without anybody's word. */
      choice: z.enum(["ours", "theirs", "over"]).nullable(),
      decided_at: z.date().nullable(),
      decided_by: z.string().nullable(),
    }),
  ),
})

export const decideConflictOf = defineEndpoint({
  id: "tags.decide_conflict",
  method: "POST",
  path: "/api/tags/conflicts/:id/decide",
  permission: "tags.approve",
  summary: words("在一处标签冲突里选一边，只定一次", "Choose a side of a conflict between tags, once"),
  params: z.object({ id: z.uuid() }),
  body: z.object({ choice: z.enum(["ours", "theirs"]) }),
  answer: z.object({ choice: z.enum(["ours", "theirs"]) }),
  refusals: {
    conflict_decided: {
      status: 409,
      zh: "这处冲突刚刚已经定了，请刷新。",
      en: "This conflict has just been decided; refresh.",
    },
    name_taken: TAXONOMY_REFUSALS.name_taken,
    tag_in_use: TAXONOMY_REFUSALS.tag_in_use,
  },
})
