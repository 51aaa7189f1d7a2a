import type { Attachment, Content, Failure } from "../protocol/index.ts"
import { ATTACHMENTS_MAX } from "./limits.ts"

type WireContent = { text?: { content: string }; attachments?: Record<string, unknown>[] }

/** The platform's words for a message; a failure to fix where it would refuse it. Text counts in UTF-8 bytes. */
export function encodeContent(content: Content, text_bytes: number): WireContent | { failure: Failure } {
  const { text = "", attachments = [] } = content
  if (text.trim() === "" && attachments.length === 0) return fix("content_empty")
  if (Buffer.byteLength(text) > text_bytes) return fix("text_too_long", `${text_bytes} bytes`)
  if (attachments.length > ATTACHMENTS_MAX) return fix("too_many_attachments", `${ATTACHMENTS_MAX}`)
  return {
    ...(text === "" ? {} : { text: { content: text } }),
    ...(attachments.length === 0 ? {} : { attachments: attachments.map(encodeAttachment) }),
  }
}

const fix = (code: string, detail?: string): { failure: Failure } => ({
  failure: { class: "fix", code, ...(detail ? { detail } : {}) },
})

function encodeAttachment(one: Attachment): Record<string, unknown> {
  switch (one.kind) {
    case "image":
      return { msgtype: "image", image: one.media_ref ? { media_id: one.media_ref } : { pic_url: one.url } }
    case "link":
      return {
        msgtype: "link",
        link: {
          title: one.title,
          url: one.url,
          ...(one.desc ? { desc: one.desc } : {}),
          ...(one.picture_url ? { picurl: one.picture_url } : {}),
        },
      }
    case "miniprogram":
      return {
        msgtype: "miniprogram",
        miniprogram: {
          title: one.title,
          appid: one.app_ref,
          page: one.page,
          pic_media_id: one.picture_media_ref,
        },
      }
    default:
      return { msgtype: one.kind, [one.kind]: { media_id: one.media_ref } }
  }
}

/** What people read of a message, for texts that are copied or shown where attachments cannot go. */
export function plainContent(content: Content): string {
  const lines = [content.text ?? ""]
  for (const one of content.attachments ?? []) {
    if (one.kind === "link") lines.push(`${one.title} ${one.url}`)
    else if (one.kind === "image" && one.url) lines.push(one.url)
  }
  return lines.filter(Boolean).join("\n")
}
