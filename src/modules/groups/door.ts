import { z } from "zod"
import { type Refusal, refuse } from "../../kernel/result.ts"
import { canBeKept } from "../../kernel/text.ts"
import { type Db, tx } from "../../platform/db.ts"
import { checkSigned } from "../../platform/http/signed.ts"
import { takeMessages } from "./commands.ts"
import { MESSAGE_MAX_LENGTH, MESSAGES_PER_CALL } from "./limits.ts"

const text = (max: number) => z.string().max(max).refine(canBeKept, "holds characters that cannot be kept")
const ref = text(128).min(1)

const call = z.object({
  messages: z
    .array(
      z.object({
        msg_id: ref,
        chat_id: ref,
        sender: z
          .object({ external_userid: ref.optional(), userid: ref.optional() })
          .refine((s) => s.external_userid || s.userid, "names nobody"),
        kind: z.enum(["text", "image", "voice", "sticker"]),
        text: text(MESSAGE_MAX_LENGTH).default(""),
        sent_at: z.iso.datetime({ offset: true }).transform((s) => new Date(s)),
      }),
    )
    .max(MESSAGES_PER_CALL),
})

export type RobotDeps = { db: Db; secret: string | null; channel: string }

/** The group robot's door: a signed call with up to MESSAGES_PER_CALL messages. The same message again changes nothing. */
export async function receiveMessages(
  deps: RobotDeps,
  headers: Record<string, string | string[] | undefined>,
  rawBody: Buffer,
  now: Date,
): Promise<
  { taken: number } | Refusal<"door_closed" | "bad_signature" | "stale_timestamp" | "invalid_input">
> {
  if (deps.secret === null) return refuse("door_closed")
  const one = (name: string) => (typeof headers[name] === "string" ? headers[name] : undefined)
  const refusal = checkSigned(
    deps.secret,
    one("x-robot-timestamp"),
    one("x-robot-signature"),
    rawBody,
    Date.now(),
  )
  if (refusal) return refusal
  let json: unknown
  try {
    json = JSON.parse(rawBody.toString("utf8"))
  } catch {
    return refuse("invalid_input", { field: "body" })
  }
  const parsed = call.safeParse(json)
  if (!parsed.success)
    return refuse("invalid_input", { field: parsed.error.issues[0]?.path.join(".") || "body" })
  const taken = await tx(deps.db, (t) =>
    takeMessages(
      t,
      parsed.data.messages.map((m) => ({
        channel: deps.channel,
        chat_ref: m.chat_id,
        message_ref: m.msg_id,
        sender_ref: (m.sender.external_userid ?? m.sender.userid)!,
        kind: m.kind,
        text: m.text,
        at: m.sent_at,
        origin: "live",
      })),
      now,
    ),
  )
  return { taken }
}
