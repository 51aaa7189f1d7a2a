import type { Words } from "../../kernel/contract.ts"
import { pageOfRows } from "../../kernel/cursor.ts"
import { isRefused, refuse } from "../../kernel/result.ts"
import { auditPage } from "../../platform/audit.ts"
import { closeSession, SESSION_COOKIE } from "../../platform/auth/sessions.ts"
import { createToken, revokeToken, listTokens as tokenRows } from "../../platform/auth/tokens.ts"
import { type Context, implement, type Route } from "../../platform/http/index.ts"
import { save } from "./commands.ts"
import {
  auditCursor,
  changePassword,
  dropToken,
  listAudit,
  listRoles,
  listStaff,
  listTokens,
  makeToken,
  readSession,
  saveStaff,
  signIn,
  signOut,
} from "./contract.ts"
import { STAFF_MAX, TOKENS_MAX } from "./limits.ts"
import { rightsOf, scopeOf } from "./rules.ts"
import { ROLES } from "./shared.ts"
import { SESSION_COOKIE_LIFE_S, sessionUser, tryChangePassword, trySignIn } from "./sign-in.ts"
import { memberById, namesOf, staffRows, teams } from "./store.ts"
import { viewRoutes } from "./views/routes.ts"

const from = (ctx: Context) => ({ ip: ctx.ip, agent: ctx.user_agent })

/** Roles are rules and cannot be changed; they are told as they stand. `permissions`: all that endpoints ask for. */
export function roleRoutes(permissions: () => readonly string[]): Route[] {
  return [
    implement(listRoles, async (ctx) => {
      const people = await staffRows(ctx.db, STAFF_MAX)
      return {
        rows: ROLES.map((role) => ({
          role,
          scope: scopeOf(role, null),
          scope_in_team: scopeOf(role, "any"),
          rights: rightsOf(role, permissions()),
          people: people
            .filter((one) => one.role === role && one.login !== null)
            .map(({ id, name, status }) => ({ id, name, active: status === "active" })),
        })),
      }
    }),
  ]
}

/** `wordsOf`: how an operation is called by which something was done. */
export const routes = (wordsOf: (action: string) => Words | null): Route[] => [
  ...viewRoutes,
  implement(signIn, async (ctx, { body }) => {
    const answer = await trySignIn(ctx.db, body, from(ctx))
    if (isRefused(answer)) return answer
    ctx.set_cookie(SESSION_COOKIE, answer.token, SESSION_COOKIE_LIFE_S)
    return { user: answer.user }
  }),
  implement(readSession, async (ctx) => {
    const member = await memberById(ctx.db, ctx.actor.staff_id)
    return member ? { user: sessionUser(member), shop_now: ctx.now } : refuse("not_signed_in")
  }),
  implement(signOut, async (ctx) => {
    if (ctx.session_token) await closeSession(ctx.db, ctx.session_token)
    ctx.set_cookie(SESSION_COOKIE, null, 0)
    return {}
  }),
  implement(changePassword, async (ctx, { body }) => {
    const answer = await tryChangePassword(ctx.db, ctx.actor.staff_id, body, from(ctx))
    if (isRefused(answer)) return answer
    await ctx.command(async (_t, note) => {
      note({ target: `staff:${ctx.actor.staff_id}` })
      return {}
    })
    ctx.set_cookie(SESSION_COOKIE, answer.token, SESSION_COOKIE_LIFE_S)
    return { user: answer.user }
  }),
  implement(listStaff, async (ctx) => ({
    rows: await staffRows(ctx.db, STAFF_MAX),
    teams: await teams(ctx.db),
  })),
  implement(saveStaff, (ctx, { body }) =>
    ctx.command((t, note) => save(t, body, ctx.now, note), { secret: true }),
  ),
  implement(listTokens, async (ctx) => ({ rows: await tokenRows(ctx.db, TOKENS_MAX) })),
  implement(makeToken, (ctx, { body }) =>
    ctx.command(
      async (t, note) => {
        const made = await createToken(t, {
          name: body.name,
          staff_id: ctx.actor.staff_id,
          scopes: body.scopes ?? null,
        })
        note({ target: `token:${made.id}`, after: { name: body.name, scopes: body.scopes ?? null } })
        return made
      },
      { secret: true },
    ),
  ),
  implement(dropToken, (ctx, { params }) =>
    ctx.command(async (t, note) => {
      note({ target: `token:${params.id}` })
      return (await revokeToken(t, params.id)) ? {} : refuse("not_found")
    }),
  ),
  implement(listAudit, async (ctx, { query }) => {
    const found = await auditPage(ctx.db, {
      target: query.target,
      before: query.cursor?.seq ?? null,
      limit: query.limit + 1,
    })
    const { page, next_cursor } = pageOfRows(auditCursor, found, query.limit, (last) => last)
    const names = await namesOf(
      ctx.db,
      page.flatMap((r) => (r.actor_id ? [r.actor_id] : [])),
    )
    return {
      rows: page.map((r) => ({
        ...r,
        actor_name: r.actor_id ? (names.get(r.actor_id) ?? null) : null,
        action_words: wordsOf(r.action),
      })),
      next_cursor,
    }
  }),
]
