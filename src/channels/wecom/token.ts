import { createHash } from "node:crypto"
import type { Failure } from "../protocol/index.ts"
import { failureOf, WRONG_SECRET } from "./errors.ts"
import { oncePerLease } from "./lease.ts"
import { TOKEN_MARGIN_MS, WRONG_SECRET_REST_MS } from "./limits.ts"
import type { TokenStore } from "./token-store.ts"
import type { Wire } from "./wire.ts"

export type Token = { token: string } | { failure: Failure }

export type Tokens = {
  get(): Promise<Token>
  /** After the platform refused `bad`: a new one, fetched once however many callers were refused. */
  renew(bad: string): Promise<Token>
}

/**
 * One access token for all callers: in this process by sharing the promise, between processes by the store's lease. A wrong
 * secret is never asked about again (the platform bans the address) until the rest is over or the secret changes.
 */
export function openTokens(options: {
  corp_id: string
  secret: string
  store: TokenStore
  wire: Wire
}): Tokens {
  const { corp_id, secret, store, wire } = options
  const key = createHash("sha256").update(`${corp_id}\n${secret}`).digest("hex").slice(0, 32)
  let held: { token: string; expires_ms: number } | undefined
  let pending: Promise<Token> | undefined

  const fetchToken = async (owner: string): Promise<Token> => {
    const answer = await wire.request({
      method: "GET",
      path: "gettoken",
      query: { corpid: corp_id, corpsecret: secret },
    })
    if (answer.kind !== "answered")
      return {
        failure: { class: "retry_later", code: "unreachable", detail: answer.detail, retry_after_ms: 5_000 },
      }
    const errcode = Number(answer.body.errcode ?? 0)
    if (errcode !== 0) {
      const failure = failureOf(errcode, String(answer.body.errmsg ?? ""))
      if (errcode === WRONG_SECRET || failure.class === "stop")
        await store.refuse(key, failure.code, new Date(Date.now() + WRONG_SECRET_REST_MS))
      return { failure }
    }
    const token = String(answer.body.access_token ?? "")
    const life_ms = Number(answer.body.expires_in ?? 0) * 1000
    if (!token || !(life_ms > 0))
      return { failure: { class: "retry_later", code: "no_token", retry_after_ms: 5_000 } }
    const margin_ms = Math.min(TOKEN_MARGIN_MS, life_ms / 2)
    const expires_at = new Date(Date.now() + life_ms - margin_ms)
    await store.set(key, { token, expires_at }, owner)
    held = { token, expires_ms: expires_at.getTime() }
    return { token }
  }

  const stored = async (): Promise<Token | undefined> => {
    const found = await store.get(key)
    if (!found) return undefined
    held = { token: found.token, expires_ms: found.expires_at.getTime() }
    return { token: found.token }
  }

  const refusedBefore = async (): Promise<Token | undefined> => {
    const reason = await store.refused(key)
    return reason
      ? { failure: { class: "stop", code: reason, detail: "the secret was refused before" } }
      : undefined
  }

  const obtain = () =>
    oncePerLease<Token>(store, key, async () => (await stored()) ?? (await refusedBefore()), fetchToken)

  const once = (work: () => Promise<Token>): Promise<Token> => {
    pending ??= work().finally(() => {
      pending = undefined
    })
    return pending
  }

  return {
    async get() {
      if (held && held.expires_ms > Date.now()) return { token: held.token }
      return once(obtain)
    },
    async renew(bad) {
      if (held && held.token !== bad && held.expires_ms > Date.now()) return { token: held.token }
      return once(async () => {
        held = undefined
        await store.drop(key, bad)
        return obtain()
      })
    },
  }
}
