import { z } from "zod"
import { type Ctx, type Endpoint, endpoint, type Failure, fail, seconds, text } from "./endpoint.ts"

const MB = 1024 * 1024
const bounds: Record<string, number> = { image: 10 * MB, voice: 2 * MB, video: 10 * MB, file: 20 * MB }

/** The file of a multipart form: the field must be `media` with a file name. */
export function fileOf(body: Buffer, content_type: string): { name: string; bytes: number } | null {
  const boundary = /boundary="?([^";]+)"?/.exec(content_type)?.[1]
  if (!boundary) return null
  const head = body.indexOf("\r\n\r\n")
  const header = head < 0 ? "" : body.toString("utf8", 0, head)
  if (!/name="?media"?/i.test(header)) return null
  const name = /filename="([^"]*)"/i.exec(header)?.[1]
  const end = body.lastIndexOf(`\r\n--${boundary}`)
  if (name === undefined || end < head + 4) return null
  return { name, bytes: end - head - 4 }
}

function keep(
  { world, at, body, content_type }: Ctx,
  kind: string,
  attachment: boolean,
): { type: string; media_id: string; created_at: string } | Failure {
  const bound = bounds[kind]
  if (bound === undefined) return fail(40004)
  const file = fileOf(body, content_type)
  if (!file) return fail(41005, "media data missing")
  if (file.bytes <= 5) return fail(44001)
  if (file.bytes > bound) return fail(40006)
  const media_id = world.newSecret("3", 64)
  world.t.media.put(media_id, { kind, file_name: file.name, bytes: file.bytes, at, attachment })
  return { type: kind, media_id, created_at: String(seconds(at)) }
}

const upload = endpoint({
  path: "media/upload",
  args: z.object({ type: text }),
  run: (ctx, { type }) => keep(ctx, type, false),
})

const uploadAttachment = endpoint({
  path: "media/upload_attachment",
  args: z.object({ media_type: text, attachment_type: z.coerce.number().int() }),
  run: (ctx, { media_type }) => keep(ctx, media_type, true),
})

const uploadImage = endpoint({
  path: "media/uploadimg",
  args: z.object({}),
  run(ctx) {
    const kept = keep(ctx, "image", false)
    return "failed" in kept ? kept : { url: `https://wework.qpic.cn/wwpic/sandbox/${kept.media_id}/0` }
  },
})

export const mediaEndpoints: Endpoint[] = [upload, uploadAttachment, uploadImage]
