import { isRefused } from "../../../kernel/result.ts"
import {
  ensureOwner,
  firstOwner,
  memberByLogin,
  ROLES,
  saveMember,
  staffRows,
} from "../../../modules/staff/index.ts"
import { audit } from "../../../platform/audit.ts"
import { createToken, listTokens, revokeToken } from "../../../platform/auth/tokens.ts"
import { readConfig } from "../../../platform/config.ts"
import { type Db, tx } from "../../../platform/db.ts"
import {
  type Command,
  type CommandEnv,
  type ExitCode,
  neededText,
  oneOf,
  text,
  WrongCall,
} from "../command.ts"

const LIST_MAX = 1_000
const WORDS: Record<string, string> = {
  login_taken: "这个登录名已有人用 (this login is taken)",
  name_needed: "需要姓名和角色 (a name and a role are needed)",
  last_owner: "至少要留一位负责人 (at least one owner must stay)",
  not_found: "没有这个人 (there is no such person)",
}

/** The owner, made where the company has not been started yet. */
async function owner(env: CommandEnv, db: Db, now: Date): Promise<string> {
  const password = await ensureOwner(db, readConfig().owner_password ?? undefined, now)
  if (password) env.say(`负责人登录名 owner，一次性密码 ${password} (login and one-time password)`)
  const found = await firstOwner(db)
  if (!found) throw new WrongCall("there is no active owner")
  return found.id
}

export const tokenCreateCommand: Command = {
  name: "token create",
  usage: "token create [--name 名称] [--scopes customers.read,orders.write] [--json]",
  summary: "新建 API 令牌，只显示一次 / make an API token with the owner's rights, shown once",
  options: { name: { type: "string" }, scopes: { type: "string" } },
  run: (env, values) =>
    env.withDatabase<ExitCode>(async (db, clock) => {
      const scopes =
        text(values, "scopes")
          ?.split(",")
          .map((s) => s.trim()) ?? null
      if (scopes?.some((s) => !/^(\*|[a-z_]+)(\.(\*|[a-z_]+))?$/.test(s)))
        throw new WrongCall("--scopes are permissions such as customers.read")
      const staff_id = await owner(env, db, clock.now())
      const made = await tx(db, async (t) => {
        const token = await createToken(t, { name: text(values, "name") ?? "cli", staff_id, scopes })
        await noted(t, clock.now(), "token.create", `token:${token.id}`)
        return token
      })
      env.answer(made, made.token)
      return 0
    }),
}

export const tokenListCommand: Command = {
  name: "token list",
  usage: "token list [--json]",
  summary: "列出 API 令牌 / list API tokens",
  run: (env) =>
    env.withDatabase<ExitCode>(async (db) => {
      const tokens = await listTokens(db, LIST_MAX)
      env.answer(
        { tokens },
        tokens
          .map((t) => `${t.id}\t${t.name}\t${t.revoked_at ? "已作废 (revoked)" : "有效 (valid)"}`)
          .join("\n"),
      )
      return 0
    }),
}

export const tokenRevokeCommand: Command = {
  name: "token revoke",
  usage: "token revoke ID [--json]",
  summary: "作废 API 令牌 / revoke an API token",
  positionals: { min: 1, max: 1 },
  run: (env, _values, [id]) =>
    env.withDatabase<ExitCode>(async (db, clock) => {
      if (!/^[0-9a-f-]{36}$/i.test(id!)) throw new WrongCall("ID is the id that token list shows")
      const done = await tx(db, async (t) => {
        const revoked = await revokeToken(t, id!)
        if (revoked) await noted(t, clock.now(), "token.revoke", `token:${id}`)
        return revoked
      })
      if (!done)
        return env.refuse({ refused: "not_found" }, "没有这个有效的令牌 (there is no such valid token)")
      env.answer({ id, revoked: true }, "已作废 (revoked)")
      return 0
    }),
}

export const userListCommand: Command = {
  name: "user list",
  usage: "user list [--json]",
  summary: "列出员工账号 / list members of staff",
  run: (env) =>
    env.withDatabase<ExitCode>(async (db) => {
      const users = await staffRows(db, LIST_MAX)
      env.answer(
        { users },
        users.map((u) => [u.login ?? "-", u.name, u.role, u.status].join("\t")).join("\n"),
      )
      return 0
    }),
}

export const userAddCommand: Command = {
  name: "user add",
  usage:
    "user add --login 登录名 --name 姓名 --role owner|lead|operator|asset_keeper|inspector|viewer [--json]",
  summary: "新增员工账号，给出一次性密码 / add a member of staff with a one-time password",
  options: { login: { type: "string" }, name: { type: "string" }, role: { type: "string" } },
  run: (env, values) =>
    save(env, "user.add", {
      login: login(neededText(values, "login")),
      name: neededText(values, "name"),
      role: oneOf(values, "role", ROLES, "operator"),
    }),
}

export const userResetCommand: Command = {
  name: "user reset-password",
  usage: "user reset-password 登录名 [--json]",
  summary: "重设密码，给出一次性密码 / reset a password",
  positionals: { min: 1, max: 1 },
  run: (env, _values, [name]) => changeUser(env, "user.reset_password", name!, { reset_password: true }),
}

export const userDisableCommand: Command = {
  name: "user disable",
  usage: "user disable 登录名 [--json]",
  summary: "停用员工账号 / disable a member of staff",
  positionals: { min: 1, max: 1 },
  run: (env, _values, [name]) => changeUser(env, "user.disable", name!, { status: "disabled" }),
}

function login(given: string): string {
  if (!/^[a-z0-9][a-z0-9_.-]{1,}$/.test(given)) throw new WrongCall("a login is made of a-z, 0-9, _ . and -")
  return given
}

type Body = Parameters<typeof saveMember>[1]

function changeUser(
  env: CommandEnv,
  action: string,
  name: string,
  change: Omit<Body, "id">,
): Promise<ExitCode> {
  return env.withDatabase<ExitCode>(async (db, clock) => {
    const member = await memberByLogin(db, name)
    if (!member) return env.refuse({ refused: "not_found" }, WORDS.not_found!)
    return saveWith(env, db, clock.now(), action, { ...change, id: member.id })
  })
}

function save(env: CommandEnv, action: string, body: Body): Promise<ExitCode> {
  return env.withDatabase<ExitCode>((db, clock) => saveWith(env, db, clock.now(), action, body))
}

async function saveWith(env: CommandEnv, db: Db, now: Date, action: string, body: Body): Promise<ExitCode> {
  const answer = await tx(db, async (t) => {
    let note: { target?: string; before?: unknown; after?: unknown } = {}
    const saved = await saveMember(t, body, now, (given) => {
      note = { ...note, ...given }
    })
    if (!isRefused(saved)) await audit(t, { at: now, actor_kind: "system", actor_id: "cli", action, ...note })
    return saved
  })
  if (isRefused(answer)) return env.refuse(answer, WORDS[answer.refused] ?? answer.refused)
  env.answer(
    answer,
    answer.one_time_password
      ? `一次性密码 (one-time password)：${answer.one_time_password}`
      : "已保存 (saved)",
  )
  return 0
}

async function noted(
  t: Parameters<typeof audit>[0],
  at: Date,
  action: string,
  target: string,
): Promise<void> {
  await audit(t, { at, actor_kind: "system", actor_id: "cli", action, target })
}
