import { z } from "zod"
import { limits } from "../limits.ts"
import type { World } from "../world/world.ts"
import { type Answer, type Ctx, type Endpoint, endpoint, fail, none, text } from "./endpoint.ts"

/** The same ticket comes again while it is good, as with the token. */
function ticket({ world }: Ctx, kind: "corp" | "agent"): Answer {
  const now = world.patience()
  const held = world.t.tickets.get(kind)
  if (held && held.until_patience_ms > now)
    return { ticket: held.ticket, expires_in: Math.ceil((held.until_patience_ms - now) / 1000) }
  const made = world.newSecret("", 86)
  world.t.tickets.put(kind, { ticket: made, until_patience_ms: now + limits.ticket_valid_s * 1000 })
  return { ticket: made, expires_in: limits.ticket_valid_s }
}

const corpTicket = endpoint({
  path: "get_jsapi_ticket",
  method: "GET",
  args: none,
  run: (ctx) => ticket(ctx, "corp"),
})

const agentTicket = endpoint({
  path: "ticket/get",
  method: "GET",
  args: z.object({ type: text }),
  run: (ctx, { type }) => (type === "agent_config" ? ticket(ctx, "agent") : fail(40058, "invalid type")),
})

/** A code is good once, for five minutes. */
const userInfo = endpoint({
  path: "auth/getuserinfo",
  method: "GET",
  args: z.object({ code: text }),
  run({ world }, { code }) {
    const known = world.t.oauth_codes.get(code)
    if (!known) return fail(40029)
    world.t.oauth_codes.del(code)
    if (world.patience() >= known.until_patience_ms) return fail(40029)
    return { userid: known.userid }
  },
})

/** A code that says a member opened a page; the client asks for it, no program does. */
export function newCode(world: World, userid: string): string {
  const now = world.patience()
  for (const [code, row] of world.t.oauth_codes.rows)
    if (now >= row.until_patience_ms) world.t.oauth_codes.del(code)
  const code = world.newSecret("", 43)
  world.t.oauth_codes.put(code, { userid, until_patience_ms: now + limits.oauth_code_valid_ms })
  return code
}

export const pageEndpoints: Endpoint[] = [corpTicket, agentTicket, userInfo]
