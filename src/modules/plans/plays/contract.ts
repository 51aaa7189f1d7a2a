import { z } from "zod"
import { defineEndpoint, INTEGER_MAX } from "../../../kernel/contract.ts"
import { TREE_REFUSALS } from "../../../kernel/tree.ts"
import { PLAY_NAME_MAX } from "../limits.ts"

const words = (zh: string, en: string) => ({ zh, en })
const said = z.object({ zh: z.string(), en: z.string() })
const n = z.number().int()
const id = z.object({ id: z.uuid() })

const PLAY_REFUSALS = {
  ...TREE_REFUSALS,
  play_invalid: { status: 400, zh: "剧本的格式不对。", en: "The play is not well formed." },
  play_node_missing: {
    status: 400,
    zh: "剧本里有通向不存在步骤的路。",
    en: "A way leads to a step that does not exist.",
  },
  play_loops: {
    status: 400,
    zh: "剧本里有不花时间的循环。",
    en: "A round takes no time and would never end.",
  },
  play_action_unknown: { status: 400, zh: "剧本里有系统不认识的动作。", en: "An action is not known." },
  play_not_followed: {
    status: 400,
    zh: "这个人群条件不能用来“进入即触发”，请改用按时刻进入，或换一个条件。",
    en: "Whoever comes to match this rule cannot be followed; let people in at a moment, or use another condition.",
  },
  version_changed: {
    status: 409,
    zh: "别人刚保存了这个剧本，你的修改还没有保存。",
    en: "Somebody has just saved this play; your changes are not saved yet.",
  },
  play_ending: {
    status: 409,
    zh: "这个剧本正在结束在途的人，结束之后才能再启动。",
    en: "People are being led out of this play; it can be started again once that is over.",
  },
  count_changed: {
    status: 409,
    zh: "在途人数刚刚变了，请看过新的人数再确认；一直有人进出时，可以先暂停。",
    en: "The number of people inside has just changed; look at the new number and confirm again, or pause the play first.",
  },
  version_retired: {
    status: 409,
    zh: "旧版本不能再发布，请另存新版本。",
    en: "A retired version cannot be published again.",
  },
} as const

const playRow = z.object({
  id: z.string(),
  slug: z.string().nullable(),
  name: z.string(),
  running: z.boolean(),
  published: n.nullable(),
  active: n,
  done: n,
  stopped: n,
  failed: n,
})
export const listPlays = defineEndpoint({
  id: "plays.list",
  method: "GET",
  path: "/api/plays",
  permission: "plays.read",
  summary: words("剧本列表", "Plays"),
  answer: z.object({ rows: z.array(playRow) }),
})
export const playJob = z.object({
  id: z.string(),
  name: z.string(),
  /** Who was in it when it was ended for everybody, and how many of them are out. */
  people: n,
  ended: n,
  began_at: z.date(),
  ended_at: z.date().nullable(),
})
export type PlayJob = z.infer<typeof playJob>
export const listPlayJobs = defineEndpoint({
  id: "plays.jobs",
  method: "GET",
  path: "/api/plays/jobs",
  permission: "plays.read",
  summary: words("正在结束和最近结束的剧本", "Plays being ended for everybody, and those ended lately"),
  answer: z.object({ rows: z.array(playJob) }),
})
/** A play as people read it, each rule a sentence. */
const saidPlay = z.object({
  entry: said,
  condition: said.nullable(),
  steps: z.array(
    z.object({
      node: z.string(),
      kind: z.enum(["action", "wait", "wait_for", "branch", "stop"]),
      words: said,
      /** Where it leads and on which answer; null is the end. */
      ways: z.array(
        z.object({
          on: z.enum(["next", "yes", "no", "answered", "otherwise"]),
          to: z.string().nullable(),
        }),
      ),
    }),
  ),
  reentry: said,
  stop: z.array(said),
  late: said,
})

export const onePlay = defineEndpoint({
  id: "plays.one",
  method: "GET",
  path: "/api/plays/:id",
  permission: "plays.read",
  summary: words("剧本与各步人数", "One play with its versions and counts per step"),
  params: id,
  answer: z.object({
    id: z.string(),
    name: z.string(),
    running: z.boolean(),
    /** Who is on the way through it now, in all versions. */
    inside: n,
    /** While it is ended for everybody: since when, how many were in it, and how many are out. */
    ending: z.object({ began_at: z.date(), people: n, ended: n }).nullable(),
    versions: z.array(
      z.object({
        version: n,
        state: z.enum(["draft", "published", "retired"]),
        definition: z.unknown(),
        /** Which saving of the draft this is. */
        revision: n,
        author_name: z.string().nullable(),
        saved_at: z.date(),
        published_at: z.date().nullable(),
        said: saidPlay,
        /** What is otherwise than in the version before, in words; null for the first. */
        changes: z
          .array(
            z.object({
              part: z.enum(["entry", "condition", "step", "order", "reentry", "stop", "late"]),
              before: said.nullable(),
              after: said.nullable(),
            }),
          )
          .nullable(),
        /** Who is on the way through it now. */
        inside: n,
      }),
    ),
    standing: z.array(z.object({ version: n, node: z.string(), waiting: n, due_next: z.date().nullable() })),
    /** Orders after its touches, within the window, by last contact. */
    earned: z.object({ orders: n, customers: n, gmv_fen: n, net_fen: n, window_days: n }),
  }),
})
export const playResults = defineEndpoint({
  id: "plays.results",
  method: "GET",
  path: "/api/plays/:id/results",
  permission: "plays.read",
  summary: words("各版本每一步的结果", "What each step of each version came to, reached and earned"),
  params: id,
  answer: z.object({
    rows: z.array(
      z.object({
        version: n,
        node: z.string(),
        /** What the step was for how many: done, waited for and heard or not, missed. */
        outcomes: z.array(z.object({ outcome: z.string(), n })),
        /** Its messages: got, on their way, and what did not reach the person. */
        touches: z.object({ got: n, coming: n, not_got: n }),
        /** Orders within the window after its messages, by last contact. */
        earned: z.object({ orders: n, customers: n, gmv_fen: n, net_fen: n }),
      }),
    ),
    /** How far people came, stage by stage, where steps say that one begins with them. */
    stages: z.array(
      z.object({
        version: n,
        node: z.string(),
        name: z.string(),
        entered: n,
        done: n,
        dropped: n,
        inside: n,
        /** From coming to it to coming on, of those who did. */
        median_days: z.number().nullable(),
        /** Why people left within it, the commonest first; in words, where a fact ended it. */
        ends: z.array(z.object({ reason: z.string().nullable(), words: said.nullable(), n })),
      }),
    ),
    window_days: n,
  }),
})
const name = z.string().trim().min(1).max(PLAY_NAME_MAX)
const write = { permission: "plays.write", refusals: PLAY_REFUSALS } as const
export const makePlay = defineEndpoint({
  ...write,
  id: "plays.create",
  method: "POST",
  path: "/api/plays",
  summary: words("新建剧本", "Make a play with its first draft"),
  body: z.strictObject({ name, definition: z.unknown() }),
  answer: z.object({ id: z.string(), version: n, revision: n }),
})
export const saveVersion = defineEndpoint({
  ...write,
  id: "plays.save",
  method: "PUT",
  path: "/api/plays/:id/draft",
  summary: words("保存草稿", "Save the draft"),
  params: id,
  body: z.strictObject({
    name: name.optional(),
    definition: z.unknown(),
    /** What was looked at when the change was made; somebody else's later saving is then told instead of lost. */
    based_on: z
      .strictObject({ version: n.min(1).max(INTEGER_MAX), revision: n.min(1).max(INTEGER_MAX) })
      .optional(),
  }),
  answer: z.object({ id: z.string(), version: n, revision: n }),
})
export const publishPlay = defineEndpoint({
  ...write,
  id: "plays.publish",
  method: "POST",
  path: "/api/plays/:id/publish",
  summary: words("发布版本", "Publish a version; people inside stay on theirs"),
  params: id,
  body: z.strictObject({
    version: n.min(1).max(INTEGER_MAX),
    /** The saving of the draft that was read; a later one is not published unread. */
    revision: n.min(1).max(INTEGER_MAX).optional(),
  }),
  answer: z.object({ version: n }),
})
export const switchPlay = defineEndpoint({
  ...write,
  id: "plays.switch",
  method: "POST",
  path: "/api/plays/:id/running",
  summary: words("启动或停用", "Switch a play on or off"),
  params: id,
  body: z.strictObject({ running: z.boolean() }),
  answer: z.object({ id: z.string(), running: z.boolean() }),
})
export const endPlayEndpoint = defineEndpoint({
  ...write,
  id: "plays.end",
  method: "POST",
  path: "/api/plays/:id/end",
  summary: words(
    "停止并结束所有在途",
    "Stop a play and end it for everybody in it: touches not yet sent and open assignments are called off",
  ),
  params: id,
  body: z.strictObject({
    /** How many people were named when this was confirmed. */
    people: n.min(0).max(INTEGER_MAX),
  }),
  answer: z.object({ id: z.string(), people: n }),
})
export const sayPlay = defineEndpoint({
  ...write,
  id: "plays.say",
  method: "POST",
  path: "/api/plays/say",
  permission: "plays.read",
  summary: words("把剧本读成句子", "A play as sentences, while it is written"),
  body: z.strictObject({ definition: z.unknown() }),
  answer: z.object({
    said: saidPlay,
    /** The first thing that keeps it from being saved, and where. */
    problem: z.object({ code: z.string(), field: z.string() }).nullable(),
  }),
})
export const tryPlay = defineEndpoint({
  ...write,
  id: "plays.try",
  method: "POST",
  path: "/api/plays/:id/try",
  permission: "plays.read",
  summary: words("对一位客户试跑", "The way of one customer, without doing anything"),
  params: id,
  body: z.strictObject({
    customer_id: z.uuid(),
    version: n.min(1).max(INTEGER_MAX).optional(),
    at: z.iso.datetime({ offset: true }).optional(),
    /** Whether the customer does what the play waits for; else every wait runs out. */
    answers: z.boolean().default(false),
  }),
  answer: z.object({
    version: n,
    entry: said,
    /** Whether this person would be let in; null where only what happens decides. */
    matches_entry: z.boolean().nullable(),
    /** Whether re-entry keeps them out: they are inside, or were. */
    kept_out_by: z.enum(["inside", "once_only", "too_soon"]).nullable(),
    condition: z.object({ words: said, holds: z.boolean() }).nullable(),
    /** A stop rule that holds already. */
    stopped_at_once: z.boolean(),
    steps: z.array(
      z.object({
        node: z.string(),
        at: z.date(),
        kind: z.string(),
        answer: z.string().nullable(),
        words: said,
        /** What the customer, or the member of staff, would read. */
        text: z.string().nullable(),
        through: z.string().nullable(),
        /** Why it would not reach them, as far as can be told now. */
        hindered_by: z.string().nullable(),
      }),
    ),
    ended: z.string(),
  }),
})
export const whyPlay = defineEndpoint({
  id: "plays.why",
  method: "GET",
  path: "/api/plays/:id/why/:customer_id",
  permission: "plays.read",
  summary: words("为什么（没有）收到", "Why this person got it, or did not"),
  params: z.object({ id: z.uuid(), customer_id: z.uuid() }),
  answer: z.object({
    enrolments: z.array(
      z.object({
        entry: n,
        version: n,
        entered_by: z.string(),
        /** What let them in, in words, where a fact did. */
        entered_on: said.nullable(),
        entered_at: z.date(),
        state: z.string(),
        reason: z.string().nullable(),
        /** The fact that ended it, in words. */
        stopped_by: said.nullable(),
        node: z.string(),
        due_at: z.date(),
        /** What waits at the node where they stand. */
        words: said.nullable(),
        steps: z.array(
          z.object({
            step: n,
            node: z.string(),
            words: said.nullable(),
            due_at: z.date(),
            at: z.date(),
            outcome: z.string(),
            detail: z.record(z.string(), z.unknown()).nullable(),
          }),
        ),
      }),
    ),
  }),
})
