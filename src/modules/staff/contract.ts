import { z } from "zod"
import { defineEndpoint, pageOf, pageQuery } from "../../kernel/contract.ts"
import { cursorNumber, cursorOf } from "../../kernel/cursor.ts"
import {
  LOGIN_MAX_LENGTH,
  PASSWORD_MAX_LENGTH,
  PASSWORD_MIN_LENGTH,
  WRONG_PASSWORDS_PER_ADDRESS,
} from "./limits.ts"
import { ROLES } from "./shared.ts"

export { PASSWORD_MIN_LENGTH } from "./limits.ts"
export { ROLES, type Role } from "./shared.ts"

const role = z.enum(ROLES)

export const sessionUser = z.object({
  id: z.string(),
  name: z.string(),
  login: z.string(),
  role,
  /** Patterns such as `customers.read` or `*.read`; the server decides, this only spares clicks that lead nowhere. */
  permissions: z.array(z.string()),
  scope: z.enum(["all", "team", "own"]),
  must_change_password: z.boolean(),
})
export type SessionUser = z.infer<typeof sessionUser>

const newPassword = z.string().min(PASSWORD_MIN_LENGTH).max(PASSWORD_MAX_LENGTH)
const login = z
  .string()
  .min(2)
  .max(LOGIN_MAX_LENGTH)
  .regex(/^[a-z0-9][a-z0-9_.-]*$/)

export const signIn = defineEndpoint({
  id: "session.open",
  method: "POST",
  path: "/api/session",
  permission: "public",
  per_address: WRONG_PASSWORDS_PER_ADDRESS,
  summary: { zh: "登录", en: "Sign in" },
  body: z.object({ login: z.string().max(LOGIN_MAX_LENGTH), password: z.string().max(PASSWORD_MAX_LENGTH) }),
  answer: z.object({ user: sessionUser }),
  refusals: {
    wrong_login: { status: 401, zh: "账号或密码不对。", en: "Login or password is wrong." },
    locked: {
      status: 429,
      zh: "密码错误次数过多，请稍后再试。",
      en: "Too many wrong passwords; try again later.",
    },
  },
})

export const readSession = defineEndpoint({
  id: "session.read",
  method: "GET",
  path: "/api/session",
  permission: "signed_in",
  before_new_password: true,
  summary: { zh: "当前登录的人", en: "Who is signed in" },
  answer: z.object({
    user: sessionUser,
    /** The shop's clock, which may run faster than the machine's: pages say "today" by it. */
    shop_now: z.date(),
  }),
})

export const signOut = defineEndpoint({
  id: "session.close",
  method: "DELETE",
  path: "/api/session",
  permission: "signed_in",
  before_new_password: true,
  summary: { zh: "退出登录", en: "Sign out" },
  answer: z.object({}),
})

export const changePassword = defineEndpoint({
  id: "session.password",
  method: "POST",
  path: "/api/session/password",
  permission: "signed_in",
  before_new_password: true,
  per_address: WRONG_PASSWORDS_PER_ADDRESS,
  summary: { zh: "修改自己的密码", en: "Change one's own password" },
  body: z.object({ current: z.string().max(PASSWORD_MAX_LENGTH), next: newPassword }),
  answer: z.object({ user: sessionUser }),
  refusals: {
    wrong_password: { status: 409, zh: "当前密码不对。", en: "The current password is wrong." },
    password_unchanged: {
      status: 409,
      zh: "新密码不能与一次性密码相同。",
      en: "The new password must differ from the one-time one.",
    },
  },
})

export const staffRow = z.object({
  id: z.string(),
  name: z.string(),
  position: z.string(),
  role,
  status: z.enum(["active", "disabled", "leaving", "left"]),
  login: z.string().nullable(),
  team_id: z.string().nullable(),
  team_name: z.string().nullable(),
  channel_ref: z.string().nullable(),
})

export const listStaff = defineEndpoint({
  id: "staff.list",
  method: "GET",
  path: "/api/staff",
  permission: "staff.read",
  summary: { zh: "员工", en: "Staff" },
  answer: z.object({
    rows: z.array(staffRow),
    teams: z.array(z.object({ id: z.string(), name: z.string() })),
  }),
})

const scope = z.enum(["all", "team", "own"])

export const listRoles = defineEndpoint({
  id: "staff.roles",
  method: "GET",
  path: "/api/roles",
  permission: "staff.read",
  summary: {
    zh: "角色:能做什么、看到谁的客户、有哪些人",
    en: "Roles: what each may do, whose data, and who has it",
  },
  answer: z.object({
    rows: z.array(
      z.object({
        role,
        /** Whose customers it sees; a team changes that for some roles. */
        scope,
        scope_in_team: scope,
        rights: z.array(z.object({ module: z.string(), verbs: z.array(z.string()) })),
        people: z.array(z.object({ id: z.string(), name: z.string(), active: z.boolean() })),
      }),
    ),
  }),
})

/** Gives somebody a login, a role or another state; a new login gets a one-time password, shown once. */
export const saveStaff = defineEndpoint({
  id: "staff.save",
  method: "POST",
  path: "/api/staff",
  permission: "staff.write",
  summary: { zh: "新增或修改员工", en: "Add or change a member of staff" },
  body: z.object({
    id: z.uuid().optional(),
    name: z.string().min(1).max(40).optional(),
    role: role.optional(),
    status: z.enum(["active", "disabled"]).optional(),
    login: login.optional(),
    team_name: z.string().min(1).max(40).nullable().optional(),
    reset_password: z.boolean().optional(),
  }),
  answer: z.object({ id: z.string(), one_time_password: z.string().nullable() }),
  refusals: {
    login_taken: { status: 409, zh: "这个登录名已有人用。", en: "This login is taken." },
    name_needed: {
      status: 400,
      zh: "新员工需要姓名和角色。",
      en: "A new member of staff needs a name and a role.",
    },
    last_owner: {
      status: 409,
      zh: "至少要留一位能登录的负责人。",
      en: "At least one owner must be able to sign in.",
    },
  },
})

export const tokenRow = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.string()).nullable(),
  created_at: z.date(),
  last_used_at: z.date().nullable(),
  revoked_at: z.date().nullable(),
})

export const listTokens = defineEndpoint({
  id: "tokens.list",
  method: "GET",
  path: "/api/tokens",
  permission: "tokens.read",
  summary: { zh: "API 令牌", en: "API tokens" },
  answer: z.object({ rows: z.array(tokenRow) }),
})

export const makeToken = defineEndpoint({
  id: "tokens.create",
  method: "POST",
  path: "/api/tokens",
  permission: "tokens.write",
  summary: { zh: "新建 API 令牌（只显示一次）", en: "Create an API token (shown once)" },
  body: z.object({ name: z.string().min(1).max(60), scopes: z.array(z.string().max(60)).max(50).optional() }),
  answer: z.object({ id: z.string(), token: z.string() }),
})

export const dropToken = defineEndpoint({
  id: "tokens.revoke",
  method: "DELETE",
  path: "/api/tokens/:id",
  permission: "tokens.write",
  summary: { zh: "作废 API 令牌", en: "Revoke an API token" },
  params: z.object({ id: z.uuid() }),
  answer: z.object({}),
})

export const auditRow = z.object({
  seq: z.number().int(),
  at: z.date(),
  actor_kind: z.string(),
  actor_id: z.string().nullable(),
  actor_name: z.string().nullable(),
  action: z.string(),
  /** What the action is called, where an operation of this version has it. */
  action_words: z.object({ zh: z.string(), en: z.string() }).nullable(),
  target: z.string().nullable(),
  before: z.unknown(),
  after: z.unknown(),
  ip: z.string().nullable(),
  request_id: z.string().nullable(),
})

export const auditCursor = cursorOf({ seq: cursorNumber() })

export const listAudit = defineEndpoint({
  id: "audit.list",
  method: "GET",
  path: "/api/audit",
  permission: "audit.read",
  summary: { zh: "审计记录", en: "Audit trail" },
  query: pageQuery(auditCursor).extend({ target: z.string().max(200).optional() }),
  answer: pageOf(auditRow),
})
