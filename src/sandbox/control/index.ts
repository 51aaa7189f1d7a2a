import type { IncomingMessage, ServerResponse } from "node:http"
import { sameText } from "../crypto.ts"
import { deedRoutes } from "./deeds.ts"
import type { Control, Route } from "./route.ts"
import { settingRoutes } from "./settings.ts"
import { viewRoutes } from "./views.ts"

const routes = new Map<string, Route>(
  [...deedRoutes, ...settingRoutes, ...viewRoutes].map((r) => [`${r.method} ${r.path}`, r]),
)

const LOOPBACK = new Set(["127.0.0.1", "::1", "::ffff:127.0.0.1"])

/** The bearer token, or the header X-Sandbox-Token; from loopback only. */
export function mayControl(req: IncomingMessage, token: string): boolean {
  const bearer = /^Bearer (.+)$/.exec(req.headers.authorization ?? "")?.[1]
  const given = bearer ?? String(req.headers["x-sandbox-token"] ?? "")
  return LOOPBACK.has(req.socket.remoteAddress ?? "") && sameText(given, token)
}

function send(res: ServerResponse, status: number, body: Record<string, unknown>): void {
  res.writeHead(status, { "content-type": "application/json; charset=UTF-8" }).end(JSON.stringify(body))
}

export async function handleControl(
  c: Control,
  req: IncomingMessage,
  res: ServerResponse,
  url: URL,
  body: Buffer,
  flush: () => void,
): Promise<void> {
  if (!mayControl(req, c.config.control_token)) return send(res, 401, { refused: "not_allowed" })
  const found = routes.get(`${req.method} ${url.pathname}`)
  if (!found) return send(res, 404, { refused: "no_such_control" })
  let raw: Record<string, unknown> = Object.fromEntries(url.searchParams)
  if (body.length > 0) {
    try {
      raw = { ...raw, ...(JSON.parse(body.toString("utf8")) as Record<string, unknown>) }
    } catch {
      return send(res, 400, { refused: "not_json" })
    }
  }
  const reply = await found.run(c, raw)
  flush()
  if (!("refused" in reply)) return send(res, 200, reply)
  send(res, reply.refused === "bad_request" ? 400 : 409, reply)
}
