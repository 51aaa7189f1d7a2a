import { z } from "zod"
import { defineEndpoint, INTEGER_MAX } from "../../kernel/contract.ts"
import { cursorMoment, cursorOf } from "../../kernel/cursor.ts"
import { TREE_REFUSALS } from "../../kernel/tree.ts"
import { ASSIGNMENTS_PAGE_MAX, EVIDENCE_MAX, PLAY_NAME_MAX } from "./limits.ts"

const words = (zh: string, en: string) => ({ zh, en })
const n = z.number().int()
const id = z.object({ id: z.uuid() })

export const assignmentRow = z.object({
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  script: z.string(),
  reason: z.string().nullable(),
  customer_id: z.string().nullable(),
  account_id: z.string().nullable(),
  assignee_staff_id: z.string().nullable(),
  assignee_name: z.string().nullable(),
  due_at: z.date(),
  evidence: z.enum(["none", "text", "screenshot"]),
  evidence_given: z.string().nullable(),
  state: z.enum(["open", "done", "missed", "cancelled"]),
  late: z.boolean(),
  closed_at: z.date().nullable(),
})

export const todayCursor = cursorOf({ due_at: cursorMoment, id: z.uuid() })

export const today = defineEndpoint({
  id: "plans.today",
  method: "GET",
  path: "/api/plans/today",
  permission: "plans.read",
  summary: words("今日待办", "Today's assignments by time: mine, or everybody's within sight"),
  query: z.object({
    mine: z.enum(["true", "false"]).default("true"),
    /** What still waits, what is late or was missed, what was done today; all of it where nothing is said. */
    part: z.enum(["waiting", "late", "done"]).optional(),
    cursor: todayCursor.optional(),
    limit: z.coerce.number().int().min(1).max(ASSIGNMENTS_PAGE_MAX).default(ASSIGNMENTS_PAGE_MAX),
  }),
  answer: z.object({
    rows: z.array(assignmentRow),
    next_cursor: z.string().nullable(),
    /** Of the whole day, whatever part was asked for. */
    counts: z.object({ waiting: n, late: n, done: n }),
  }),
})
export const finish = defineEndpoint({
  id: "plans.finish",
  method: "POST",
  path: "/api/plans/assignments/:id/done",
  permission: "plans.write",
  summary: words("完成待办", "Tick an assignment off, with evidence where it asks for some"),
  params: id,
  body: z.strictObject({ evidence: z.string().max(EVIDENCE_MAX).nullable().default(null) }),
  answer: assignmentRow,
  refusals: {
    already_closed: { status: 409, zh: "这条待办已经结束。", en: "This assignment is closed already." },
    evidence_missing: { status: 400, zh: "请附上完成凭证。", en: "Evidence is needed." },
  },
})
export const introductions = defineEndpoint({
  id: "plans.introductions",
  method: "GET",
  path: "/api/plans/introductions",
  permission: "accounts.read",
  summary: words("引荐漏斗", "Introductions by function and state"),
  answer: z.object({ rows: z.array(z.object({ function: z.string(), state: z.string(), n })) }),
})

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
  version_retired: {
    status: 409,
    zh: "旧版本不能再发布,请另存新版本。",
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
    versions: z.array(
      z.object({
        version: n,
        state: z.enum(["draft", "published", "retired"]),
        definition: z.unknown(),
        saved_at: z.date(),
        published_at: z.date().nullable(),
      }),
    ),
    standing: z.array(z.object({ version: n, node: z.string(), waiting: n, due_next: z.date().nullable() })),
    steps: z.array(z.object({ node: z.string(), outcome: z.string(), n })),
  }),
})
const write = { permission: "plays.write", refusals: PLAY_REFUSALS } as const
export const makePlay = defineEndpoint({
  ...write,
  id: "plays.create",
  method: "POST",
  path: "/api/plays",
  summary: words("新建剧本", "Make a play with its first draft"),
  body: z.strictObject({ name: z.string().trim().min(1).max(PLAY_NAME_MAX), definition: z.unknown() }),
  answer: z.object({ id: z.string(), version: n }),
})
export const saveVersion = defineEndpoint({
  ...write,
  id: "plays.save",
  method: "PUT",
  path: "/api/plays/:id/draft",
  summary: words("保存草稿", "Save the draft"),
  params: id,
  body: z.strictObject({ definition: z.unknown() }),
  answer: z.object({ id: z.string(), version: n }),
})
export const publishPlay = defineEndpoint({
  ...write,
  id: "plays.publish",
  method: "POST",
  path: "/api/plays/:id/publish",
  summary: words("发布版本", "Publish a version; people inside stay on theirs"),
  params: id,
  body: z.strictObject({ version: n.min(1).max(INTEGER_MAX) }),
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
  }),
  answer: z.object({
    steps: z.array(
      z.object({ node: z.string(), at: z.date(), kind: z.string(), answer: z.string().nullable() }),
    ),
    ended: z.string(),
  }),
})
export const whyPlay = defineEndpoint({
  id: "plays.why",
  method: "GET",
  path: "/api/plays/:id/why/:customer_id",
  permission: "plays.read",
  summary: words("为什么(没有)收到", "Why this person got it, or did not"),
  params: z.object({ id: z.uuid(), customer_id: z.uuid() }),
  answer: z.object({
    enrolments: z.array(
      z.object({
        entry: n,
        version: n,
        entered_by: z.string(),
        entered_at: z.date(),
        state: z.string(),
        reason: z.string().nullable(),
        node: z.string(),
        due_at: z.date(),
        steps: z.array(
          z.object({
            step: n,
            node: z.string(),
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
