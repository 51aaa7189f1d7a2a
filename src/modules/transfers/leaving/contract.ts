import { z } from "zod"
import { defineEndpoint } from "../../../kernel/contract.ts"
import { MESSAGE_MAX_LENGTH, NOTE_MAX_LENGTH } from "../limits.ts"

const n = z.number().int()
const params = z.object({ id: z.uuid() })
const owner_only = {
  status: 403,
  zh: "负责人的离职只能由另一位负责人办理。",
  en: "An owner's leaving is tended by another owner only.",
} as const
const thing = z.object({ id: z.string(), name: z.string() })

const leaving = z.object({
  staff_id: z.string(),
  name: z.string(),
  began_at: z.date(),
  /** null: WeCom said that they left. */
  began_by_name: z.string().nullable(),
  due_day: z.string(),
  overdue: z.boolean(),
  note: z.string(),
  closed_at: z.date().nullable(),
  closed_by_name: z.string().nullable(),
})

export const listLeavings = defineEndpoint({
  id: "leavings.list",
  method: "GET",
  path: "/api/leavings",
  permission: "transfers.read",
  summary: { zh: "离职交接，没办完的在前", en: "People who leave, those not closed first" },
  answer: z.object({ rows: z.array(leaving) }),
})

export const readHoldings = defineEndpoint({
  id: "leavings.holdings",
  method: "GET",
  path: "/api/staff/:id/holdings",
  permission: "transfers.read",
  summary: {
    zh: "一位员工手里还有什么：账号、客户、群、待办",
    en: "What a member of staff holds: accounts, customers, groups, assignments",
  },
  params,
  answer: z.object({
    staff: thing.extend({ status: z.enum(["active", "disabled", "leaving", "left"]), gone: z.boolean() }),
    leaving: leaving.nullable(),
    accounts: z.array(thing.extend({ state: z.string() })),
    customers: n,
    /** Of them those who are on their way to somebody else. */
    customers_under_way: n,
    groups: z.array(thing.extend({ under_way: z.boolean() })),
    assignments: n,
  }),
})

export const startLeaving = defineEndpoint({
  id: "leavings.start",
  method: "POST",
  path: "/api/staff/:id/leaving",
  permission: "transfers.write",
  summary: { zh: "开始离职交接：立即收回登录", en: "Begin somebody's leaving; their access ends at once" },
  params,
  body: z.object({ note: z.string().trim().max(NOTE_MAX_LENGTH).default("") }),
  answer: z.object({ due_day: z.string() }),
  refusals: {
    owner_only,
    not_active: {
      status: 409,
      zh: "这位员工已经在离职交接中或已离职。",
      en: "This member of staff is leaving or has left already.",
    },
    last_owner: {
      status: 409,
      zh: "至少要留一位能登录的负责人。",
      en: "At least one owner must be able to sign in.",
    },
    oneself: { status: 409, zh: "不能给自己办离职。", en: "Nobody can begin their own leaving." },
  },
})

export const planLeaving = defineEndpoint({
  id: "leavings.plan",
  method: "POST",
  path: "/api/staff/:id/leaving/plan",
  permission: "transfers.write",
  summary: {
    zh: "一步交接：客户、群、待办分别交给谁（账号在账号页归还或核销）",
    en: "Pass on what they hold in one step: customers, groups and assignments, each to somebody (accounts are returned on their pages)",
  },
  params,
  body: z
    .object({
      customers_to_account_id: z.uuid().optional(),
      groups_to_account_id: z.uuid().optional(),
      assignments_to_staff_id: z.uuid().optional(),
      message: z
        .string()
        .trim()
        .refine((text) => [...text].length <= MESSAGE_MAX_LENGTH, {
          message: `longer than ${MESSAGE_MAX_LENGTH} letters`,
        })
        .default(""),
    })
    .refine((b) => b.customers_to_account_id || b.groups_to_account_id || b.assignments_to_staff_id, {
      message: "nothing to pass on was named",
    }),
  answer: z.object({ customers: n, groups: n, assignments: n }),
  refusals: {
    owner_only,
    not_leaving: { status: 409, zh: "这位员工没有在办离职。", en: "This member of staff is not leaving." },
    account_unknown: { status: 409, zh: "目标账号不存在。", en: "The account to pass to does not exist." },
    account_stopped: {
      status: 409,
      zh: "目标账号不在使用中或有风险，不能接收。",
      en: "The account to pass to is out of use or has a hazard.",
    },
    account_unheld: {
      status: 409,
      zh: "目标账号没有保管人，请先交给一位员工。",
      en: "The account to pass to has no custodian; give it to somebody first.",
    },
    same_person: {
      status: 409,
      zh: "目标还是这位员工自己，请换一个。",
      en: "That is the person who leaves; choose another.",
    },
    staff_unknown: { status: 409, zh: "没有这位在职员工。", en: "There is no such member of staff at work." },
    too_many_people: {
      status: 409,
      zh: "一次最多交接 50,000 人，请先在客户列表里分批交接。",
      en: "At most 50,000 people at once; pass them on in parts from the list of customers first.",
    },
    count_changed: {
      status: 409,
      zh: "人数刚刚变了，请再试一次。",
      en: "The number has just changed; try again.",
    },
  },
})

export const closeLeaving = defineEndpoint({
  id: "leavings.close",
  method: "POST",
  path: "/api/staff/:id/leaving/close",
  permission: "transfers.write",
  summary: {
    zh: "办结离职：账号、客户、群、待办都有了新主人才能办结",
    en: "Close a leaving; only when accounts, customers, groups and assignments have found other hands",
  },
  params,
  body: z.object({}),
  answer: z.object({}),
  refusals: {
    owner_only,
    not_leaving: { status: 409, zh: "这位员工没有在办离职。", en: "This member of staff is not leaving." },
    still_holds: {
      status: 409,
      zh: "名下还有没交接完的账号、客户、群或待办，见详情。",
      en: "They still hold accounts, customers, groups or assignments; see the detail.",
    },
  },
})

export const callOffLeaving = defineEndpoint({
  id: "leavings.call_off",
  method: "POST",
  path: "/api/staff/:id/leaving/call-off",
  permission: "transfers.write",
  summary: { zh: "撤销离职，恢复在职", en: "They stay after all" },
  params,
  body: z.object({}),
  answer: z.object({}),
  refusals: {
    owner_only,
    not_leaving: { status: 409, zh: "这位员工没有在办离职。", en: "This member of staff is not leaving." },
    gone: {
      status: 409,
      zh: "企业微信里已经离职，不能撤销；对方回来时会自动恢复。",
      en: "WeCom says that they are gone; they are at work again when they come back there.",
    },
  },
})

export const UNOWNED_KINDS = ["accounts", "customers", "groups", "assignments", "leavings_overdue"] as const
const unowned = z.object({
  looked_at: z.date().nullable(),
  rows: z.array(z.object({ kind: z.enum(UNOWNED_KINDS), n })),
})

export const readUnowned = defineEndpoint({
  id: "unowned.read",
  method: "GET",
  path: "/api/unowned",
  permission: "transfers.read",
  summary: {
    zh: "没有主人的账号、客户、群、待办（每晚检查）",
    en: "What has no owner: accounts, customers, groups, assignments; looked for every night",
  },
  answer: unowned,
})

export const lookForUnowned = defineEndpoint({
  id: "unowned.look",
  method: "POST",
  path: "/api/unowned",
  permission: "transfers.read",
  summary: { zh: "现在检查一次有没有无主的", en: "Look now for what has no owner" },
  body: z.object({}),
  answer: unowned,
})
