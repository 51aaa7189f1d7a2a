import { randomBytes } from "node:crypto"
import { isRefused, refuse } from "../../kernel/result.ts"
import { audit } from "../../platform/audit.ts"
import { SESSION_COOKIE } from "../../platform/auth/sessions.ts"
import { tx } from "../../platform/db.ts"
import { implement, type Route } from "../../platform/http/index.ts"
import { accountsByRef } from "../accounts/index.ts"
import { SESSION_COOKIE_LIFE_S, signInByRef } from "../staff/index.ts"
import { sidebarDoor, sidebarSignIn, signPage } from "./contract.ts"
import { STATE_LIFE_S } from "./limits.ts"

const STATE_COOKIE = "siyu_sidebar_state"
/** Whoever comes back with such a code may simply be sent again. */
const SPENT = new Set(["40029", "42003"])

type Failed = { failure: { code: string } }
export type Signed = { timestamp: number; nonce: string; signature: string }

/** The client inside which the page opens, as a channel offers it. */
export type ChatClient = {
  channel: string
  corp_ref: string
  agent_ref: string
  authorize_url(back: string, state: string): string
  person(code: string): Promise<{ account_ref: string } | { stranger: true } | Failed>
  sign(url: string): Promise<{ corp: Signed; agent: Signed } | Failed>
}

const isHere = (url: string, host: string) => new URL(url).host === host

/** In and up: who somebody is by the client's word, and the page's right to ask it. `client`: null where none is configured. */
export function signInRoutes(client: () => ChatClient | null): Route[] {
  return [
    implement(sidebarDoor, async (ctx, { query }) => {
      const place = client()
      if (!place) return { authorize_url: null }
      // Whoever signs in comes back here and to nobody who only looks like us.
      if (!isHere(query.back, ctx.host)) return refuse("invalid_input", { field: "back" })
      // Kept from scripts and sent along by this browser alone: nobody else's code can be slipped into it.
      const state = randomBytes(18).toString("base64url")
      ctx.set_cookie(STATE_COOKIE, state, STATE_LIFE_S)
      return { authorize_url: place.authorize_url(query.back, state) }
    }),
    implement(sidebarSignIn, async (ctx, { body }) => {
      const place = client()
      if (!place) return refuse("no_client")
      if (ctx.cookie(STATE_COOKIE) !== body.state) return refuse("stale_state", { field: "state" })
      ctx.set_cookie(STATE_COOKIE, null, 0)
      const who = await place.person(body.code)
      if ("failure" in who)
        return SPENT.has(who.failure.code)
          ? refuse("code_spent", { field: "code" })
          : refuse("client_silent", { detail: { code: who.failure.code } })
      if ("stranger" in who) return refuse("not_a_member")
      const { account_ref } = who
      const opened = await tx(ctx.db, async (t) => {
        const answer = await signInByRef(t, account_ref, { ip: ctx.ip, agent: ctx.user_agent })
        if (isRefused(answer)) return answer
        await audit(t, {
          at: ctx.now,
          actor_kind: "staff",
          actor_id: answer.user.id,
          action: sidebarSignIn.id,
          ip: ctx.ip,
          request_id: ctx.request_id,
        })
        return answer
      })
      if (isRefused(opened)) {
        if (opened.refused !== "unknown_staff") return opened
        // An account that several hands have used says nothing about whose hand it is now.
        const [account] = await accountsByRef(ctx.db, place.channel, [account_ref])
        return account ? refuse("functional_account") : opened
      }
      ctx.set_cookie(SESSION_COOKIE, opened.token, SESSION_COOKIE_LIFE_S)
      return { user: opened.user }
    }),
    implement(signPage, async (ctx, { query }) => {
      const place = client()
      if (!place) return refuse("no_client")
      if (!isHere(query.url, ctx.host)) return refuse("invalid_input", { field: "url" })
      const signed = await place.sign(query.url)
      if ("failure" in signed) return refuse("client_silent", { detail: { code: signed.failure.code } })
      return { corp_id: place.corp_ref, agent_id: place.agent_ref, ...signed }
    }),
  ]
}
