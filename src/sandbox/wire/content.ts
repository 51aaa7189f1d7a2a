import { z } from "zod"
import { limits } from "../limits.ts"
import type { World } from "../world/world.ts"
import { byteLength, type Failure, fail } from "./endpoint.ts"

/** Text and attachments as mass sends, welcomes and moments carry them. */

export const textField = z.object({ content: z.string() }).optional()
export const attachmentsField = z.array(z.looseObject({ msgtype: z.string() })).optional()

type Attachment = { msgtype: string } & Record<string, unknown>
type Part = Record<string, unknown> | undefined

const KINDS = ["image", "link", "miniprogram", "video", "file"]

export function mediaIsGood(
  world: World,
  at: number,
  media_id: unknown,
  uploaded_for: "message" | "moment" = "message",
): boolean {
  const media = typeof media_id === "string" ? world.t.media.get(media_id) : undefined
  return (
    media !== undefined &&
    at - media.at < limits.media_valid_ms &&
    media.attachment === (uploaded_for === "moment")
  )
}

/** Null where the content may be sent. */
export function contentFault(
  world: World,
  at: number,
  text: { content: string } | undefined,
  attachments: Attachment[] | undefined,
): Failure | null {
  const content = text?.content ?? ""
  if (content === "" && (attachments ?? []).length === 0)
    return fail(44004, "text and attachments both empty")
  if (byteLength(content) > 4_000) return fail(45002)
  if ((attachments ?? []).length > 9) return fail(41064)
  for (const attachment of attachments ?? []) {
    if (!KINDS.includes(attachment.msgtype)) return fail(41065)
    const part = attachment[attachment.msgtype] as Part
    if (!part) return fail(40058, attachment.msgtype)
    const fault = partFault(world, at, attachment.msgtype, part)
    if (fault) return fault
  }
  return null
}

const length = (value: unknown): number => byteLength(typeof value === "string" ? value : "")

function partFault(world: World, at: number, msgtype: string, part: Record<string, unknown>): Failure | null {
  if (msgtype === "link") {
    if (length(part.title) === 0 || length(part.url) === 0) return fail(40058, "link")
    return length(part.title) > 128 || length(part.desc) > 512 || length(part.url) > 2_048
      ? fail(40058, "link")
      : null
  }
  if (msgtype === "miniprogram") {
    if (length(part.title) > 64 || length(part.appid) === 0) return fail(40058, "miniprogram")
    return mediaIsGood(world, at, part.pic_media_id) ? null : fail(40007)
  }
  if (msgtype === "image" && part.media_id === undefined && typeof part.pic_url === "string") return null
  return mediaIsGood(world, at, part.media_id) ? null : fail(40007)
}

/** The first link in the content, and the source code that it carries: `…/l/CODE`, `?c=CODE`, `?code=`, `?source=`. */
export function linkIn(content: string, attachments: Attachment[]): { link?: string; source_code?: string } {
  const card = attachments.find((attachment) => attachment.msgtype === "link")?.link as
    | { url?: string }
    | undefined
  const link = card?.url ?? /https?:\/\/[^\s"'，。）)]+/.exec(content)?.[0]
  if (!link) return {}
  const code = /[?&](?:c|code|source)=([\w-]+)/.exec(link) ?? /\/(?:l|s|c|r)\/([\w-]+)/.exec(link)
  return { link, ...(code ? { source_code: code[1] } : {}) }
}
