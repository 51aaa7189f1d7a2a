import { z } from "zod"
import { sameText } from "../crypto.ts"
import { limits } from "../limits.ts"
import { type Ctx, type Endpoint, endpoint, fail, none } from "./endpoint.ts"

const RENEWAL_MS = 600_000

const getToken = endpoint({
  path: "gettoken",
  method: "GET",
  args: z.object({ corpid: z.string().optional(), corpsecret: z.string().optional() }),
  run({ world, config }, { corpid, corpsecret }) {
    const now = world.patience()
    const bans = world.meta("bans") ?? { failures: 0, until_patience_ms: 0 }
    if (now < bans.until_patience_ms) return fail(45009)
    if (!corpsecret) return fail(41004)
    if (!corpid) return fail(41002)
    if (corpid !== config.corp_id) return fail(40013)
    if (!sameText(corpsecret, config.secret)) {
      const failures = bans.failures + 1
      const banned = failures >= limits.wrong_secrets_before_ban
      world.t.meta.put("bans", {
        failures: banned ? 0 : failures,
        until_patience_ms: banned ? now + limits.ban_ms : 0,
      })
      return fail(40001)
    }
    if (bans.failures > 0) world.t.meta.put("bans", { failures: 0, until_patience_ms: 0 })
    // Inside its validity the same token comes again; in the last ten minutes a new one, and both are good.
    for (const [token, row] of world.t.tokens.rows) {
      if (row.until_patience_ms - now > RENEWAL_MS) {
        return { access_token: token, expires_in: Math.floor((row.until_patience_ms - now) / 1000) }
      }
      if (now - row.until_patience_ms > limits.ban_ms) world.t.tokens.del(token)
    }
    const token = world.newSecret("", 128)
    world.t.tokens.put(token, { until_patience_ms: now + limits.token_valid_s * 1000 })
    return { access_token: token, expires_in: limits.token_valid_s }
  },
})

/** 0 where the token is good; else the code. An expired one is known for an hour longer. */
export function checkToken({ world }: Pick<Ctx, "world">, token: unknown): 0 | 41001 | 40014 | 42001 {
  if (typeof token !== "string" || token === "") return 41001
  const row = world.t.tokens.get(token)
  if (!row) return 40014
  return world.patience() >= row.until_patience_ms ? 42001 : 0
}

const ips = ["get_api_domain_ip", "getcallbackip"].map((path) =>
  endpoint({
    path,
    method: "GET",
    empty: { ip_list: [] },
    args: none,
    run: () => ({ ip_list: ["127.0.0.1"] }),
  }),
)

export const tokenEndpoints: Endpoint[] = [getToken, ...ips]
