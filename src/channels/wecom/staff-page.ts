import { randomBytes } from "node:crypto"
import { z } from "zod"
import type { PageSignature, StaffPage } from "../protocol/index.ts"
import { type Client, failureIn } from "./client.ts"
import { pageSignature } from "./crypto.ts"
import { CHECK_PATIENCE_MS } from "./limits.ts"
import type { Tickets } from "./tickets.ts"
import { readBase } from "./wire.ts"

/** A member has a userid; anybody else an openid, and an external_userid where the application may know it. */
const Opener = z.object({ userid: z.string().optional(), UserId: z.string().optional() })

export type PageSettings = {
  corp_id: string
  agent_id: number
  /** Origin, as in `readBase`. */
  oauth_base: string
  tickets: Tickets
  /** Machine time, and a word that no other signature has. */
  machine_now_ms?: () => number
  nonce?: () => string
}

/** The chat's sidebar: OAuth tells who opens it, two tickets sign its right to ask beside which chat it stands. */
export function staffPage(client: Client, settings: PageSettings): StaffPage {
  const { corp_id, agent_id, tickets } = settings
  const origin = readBase(settings.oauth_base)
  const machine_now_ms = settings.machine_now_ms ?? Date.now
  const nonce = settings.nonce ?? (() => randomBytes(8).toString("hex"))
  return {
    corp_ref: corp_id,
    agent_ref: String(agent_id),
    authorize_url(back, state) {
      const url = new URL("/connect/oauth2/authorize", origin)
      const asked = {
        appid: corp_id,
        redirect_uri: back,
        response_type: "code",
        scope: "snsapi_base",
        state,
        agentid: String(agent_id),
      }
      for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value)
      url.hash = "wechat_redirect"
      return url.href
    },
    async person(code) {
      // Asking twice is refused, not done twice: a code whose answer was lost is spent, and the client gives another.
      const answer = await client.call("auth/getuserinfo", Opener, {
        query: { code },
        repeatable: true,
        patience_ms: CHECK_PATIENCE_MS,
      })
      if (!answer.ok) return { failure: failureIn(answer) }
      const userid = answer.body.userid ?? answer.body.UserId
      return userid ? { account_ref: userid } : { stranger: true }
    },
    async sign(url) {
      const [corp, agent] = await Promise.all([tickets.get("corp"), tickets.get("agent")])
      if ("failure" in corp) return corp
      if ("failure" in agent) return agent
      const timestamp = Math.floor(machine_now_ms() / 1000)
      const signed = (ticket: string): PageSignature => {
        const word = nonce()
        return {
          timestamp,
          nonce: word,
          signature: pageSignature({ ticket, nonce: word, timestamp, url }),
        }
      }
      return { corp: signed(corp.ticket), agent: signed(agent.ticket) }
    },
  }
}
