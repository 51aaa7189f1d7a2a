import { z } from "zod"
import { defineEndpoint } from "../../kernel/contract.ts"
import { cursorMoment, cursorOf } from "../../kernel/cursor.ts"
import { ASSIGNMENTS_PAGE_MAX, EVIDENCE_MAX, SKIP_REASON_MAX } from "./limits.ts"

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
export const skip = defineEndpoint({
  id: "plans.skip",
  method: "POST",
  path: "/api/plans/assignments/:id/skip",
  permission: "plans.write",
  summary: words("跳过待办，写明原因", "Leave an assignment undone, saying why"),
  params: id,
  body: z.strictObject({ reason: z.string().trim().min(1).max(SKIP_REASON_MAX) }),
  answer: assignmentRow,
  refusals: {
    already_closed: { status: 409, zh: "这条待办已经结束。", en: "This assignment is closed already." },
    waited_for: {
      status: 409,
      zh: "交接在等这一步的结果，不能跳过。",
      en: "A transfer waits for what comes of this; it cannot be skipped.",
    },
  },
})
export const introductions = defineEndpoint({
  id: "plans.introductions",
  method: "GET",
  path: "/api/plans/introductions",
  permission: "accounts.read",
  summary: words("引荐漏斗", "How far introductions to each function have come"),
  answer: z.object({
    rows: z.array(
      z.object({
        function: z.string(),
        /** Whoever stands further has been through what is before it: the contact with the target account is the end. */
        proposed: n,
        introduced: n,
        closed: n,
        /** What was called off. */
        dropped: n,
      }),
    ),
    /** The latest that were left undone and why, of those whose assignments the reader sees. */
    dropped_lately: z.array(
      z.object({
        customer_id: z.string(),
        customer_name: z.string().nullable(),
        function: z.string(),
        reason: z.string().nullable(),
        dropped_at: z.date(),
        assignee_name: z.string().nullable(),
      }),
    ),
  }),
})
