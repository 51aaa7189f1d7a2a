import type { IncomingMessage } from "node:http"
import { z } from "zod"
import type { Config } from "./config.ts"
import { doorSignature, sameText } from "./crypto.ts"
import { limits } from "./limits.ts"
import type { World } from "./world/world.ts"

const sendSchema = z.object({
  chat_id: z.string(),
  text: z.string().min(1).max(5_000),
  kind: z.string().default("text"),
})

type Reply = { status: number; body: Record<string, unknown> }

const refused = (status: number, code: string, field?: string): Reply => ({
  status,
  body: { refused: code, ...(field ? { field } : {}) },
})

/** Out to the groups: the robot says something. Signed as what comes in, or with the secret as bearer token. */
export function robotSend(
  world: World,
  config: Config,
  at: number,
  req: IncomingMessage,
  body: string,
): Reply {
  const bearer = /^Bearer (.+)$/.exec(req.headers.authorization ?? "")?.[1]
  const timestamp = String(req.headers["x-robot-timestamp"] ?? "")
  const expected = doorSignature(config.robot_secret, timestamp, body)
  const signed = sameText(String(req.headers["x-robot-signature"] ?? ""), expected)
  if (!signed && !(bearer !== undefined && sameText(bearer, config.robot_secret)))
    return refused(401, "bad_signature")
  let raw: unknown
  try {
    raw = JSON.parse(body)
  } catch {
    return refused(400, "not_json")
  }
  const read = sendSchema.safeParse(raw)
  if (!read.success) return refused(400, "bad_request", read.error.issues[0]?.path.join("."))
  const { chat_id, text, kind } = read.data
  const g = world.chatOf(chat_id)
  if (g === null || world.t.chats.get(g)?.dismissed) return refused(409, "no_such_group")
  const n = world.next("robot sent")
  world.t.robot_sent.put(n, { at, chat_id, text, kind })
  world.t.robot_sent.trim(limits.robot_messages_kept)
  world.happen(at, `群机器人在 ${world.t.chats.get(g)?.name} 说：${text.slice(0, 60)}`)
  return { status: 200, body: { msg_id: `rb${n}` } }
}
