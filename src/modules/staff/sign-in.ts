import { newId } from "../../kernel/ids.ts"
import { allows } from "../../kernel/permissions.ts"
import { type Refusal, refuse } from "../../kernel/result.ts"
import { hashPassword, oneTimePassword, passwordMatches } from "../../platform/auth/passwords.ts"
import { closeSessionsOf, openSession, SESSION_LIFE_MS, sessionStaff } from "../../platform/auth/sessions.ts"
import { tokenOwner } from "../../platform/auth/tokens.ts"
import { type Db, type Tx, tx } from "../../platform/db.ts"
import type { Actor } from "../../platform/http/index.ts"
import type { SessionUser } from "./contract.ts"
import { FAILED_LOGINS_LIMIT, LOCK_MS } from "./limits.ts"
import { ROLE_PERMISSIONS, scopeOf } from "./rules.ts"
import {
  clearFailedLogins,
  hasOwner,
  insertMember,
  type Member,
  memberById,
  memberByLogin,
  memberByRef,
  noteFailedLogin,
  setPassword,
  teamMembers,
} from "./store.ts"

export const SESSION_COOKIE_LIFE_S = SESSION_LIFE_MS / 1000

/** Makes the owner at the first start; gives the one-time password, or null where a password was given or the owner exists. */
export async function ensureOwner(db: Db, given: string | undefined, now: Date): Promise<string | null> {
  if (await hasOwner(db)) return null
  const password = given ?? oneTimePassword()
  const made = await insertMember(db, {
    id: newId(now.getTime()),
    name: "负责人",
    role: "owner",
    login: "owner",
    password_hash: await hashPassword(password),
    must_change: given === undefined,
    now,
  })
  return made === 1 && given === undefined ? password : null
}

export function sessionUser(member: Member): SessionUser {
  return {
    id: member.id,
    name: member.name,
    login: member.login ?? "",
    role: member.role,
    permissions: [...ROLE_PERMISSIONS[member.role]],
    scope: scopeOf(member.role, member.team_id),
    must_change_password: member.must_change_password,
  }
}

export async function trySignIn(
  db: Db,
  body: { login: string; password: string },
  from: { ip: string; agent: string | undefined },
): Promise<{ user: SessionUser; token: string } | Refusal<"wrong_login" | "locked">> {
  const member = await memberByLogin(db, body.login.trim().toLowerCase())
  if (member?.locked_until && member.locked_until.getTime() > Date.now()) return refuse("locked")
  const matches = await passwordMatches(member?.password_hash, body.password)
  if (member?.status !== "active" || !matches) {
    if (member) {
      const locks = member.failed_logins + 1 >= FAILED_LOGINS_LIMIT
      await noteFailedLogin(db, member.id, locks ? new Date(Date.now() + LOCK_MS) : null)
    }
    return refuse("wrong_login")
  }
  await clearFailedLogins(db, member.id)
  return { user: sessionUser(member), token: await openSession(db, member.id, from) }
}

/**
 * Opens a session for whom the channel says it is. Refused: nobody here is known by that name, or who is may not come in any more.
 * A password that is locked keeps nobody out who needs none.
 */
export async function signInByRef(
  t: Tx,
  ref: string,
  from: { ip: string; agent: string | undefined },
): Promise<{ user: SessionUser; token: string } | Refusal<"unknown_staff" | "staff_disabled">> {
  const member = await memberByRef(t, ref)
  if (!member) return refuse("unknown_staff")
  if (member.status !== "active") return refuse("staff_disabled")
  return { user: sessionUser(member), token: await openSession(t, member.id, from) }
}

/** A new password ends every other session of the person; the caller opens a new one. */
export async function tryChangePassword(
  db: Db,
  staff_id: string,
  body: { current: string; next: string },
  from: { ip: string; agent: string | undefined },
): Promise<
  { user: SessionUser; token: string } | Refusal<"wrong_password" | "password_unchanged" | "not_found">
> {
  const member = await memberById(db, staff_id)
  if (!member) return refuse("not_found")
  if (!(await passwordMatches(member.password_hash, body.current)))
    return refuse("wrong_password", { field: "current" })
  if (member.must_change_password && body.next === body.current)
    return refuse("password_unchanged", { field: "next" })
  const hash = await hashPassword(body.next)
  return tx(db, async (t) => {
    await setPassword(t, staff_id, hash, false)
    await closeSessionsOf(t, staff_id)
    return {
      user: sessionUser({ ...member, must_change_password: false }),
      token: await openSession(t, staff_id, from),
    }
  })
}

/** Who a cookie or bearer token stands for, with role and data scope as they are now: a changed role counts at once. */
export async function resolveActor(
  db: Db,
  given: { session: string | null; bearer: string | null },
): Promise<Actor | null> {
  const token = given.bearer ? await tokenOwner(db, given.bearer) : null
  if (given.bearer && !token) return null
  const staff_id = token?.staff_id ?? (given.session ? await sessionStaff(db, given.session) : null)
  const member = staff_id ? await memberById(db, staff_id) : undefined
  if (member?.status !== "active") return null
  const granted = ROLE_PERMISSIONS[member.role]
  const width = scopeOf(member.role, member.team_id)
  const scope =
    width === "all" ? null : width === "own" ? [member.id] : await teamMembers(db, member.team_id!)
  return {
    kind: token ? "token" : "staff",
    staff_id: member.id,
    ...(token ? { token_id: token.id } : {}),
    name: member.name,
    role: member.role,
    can: (permission) => allows(granted, permission) && (!token?.scopes || allows(token.scopes, permission)),
    scope,
    one_time: !token && member.must_change_password,
  }
}
