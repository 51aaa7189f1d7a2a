import { appendFile, mkdir, open, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { Readable } from "node:stream"
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import { newId } from "../../../kernel/ids.ts"
import { isRefused, type Refusal, refuse } from "../../../kernel/result.ts"
import { audit } from "../../../platform/audit.ts"
import { type Db, tx } from "../../../platform/db.ts"
import {
  type Actor,
  addressOf,
  answerRefusal,
  foreignOrigin,
  staffSeenBy,
  turnedAway,
} from "../../../platform/http/index.ts"
import { isDiskFull } from "../../../platform/transient.ts"
import { openApart } from "../import/apart.ts"
import { guessMapping } from "../import/mapping.ts"
import { IMPORT_REFUSALS } from "../import/refusals.ts"
import { FILE_NAME_MAX_LENGTH, UPLOAD_MAX_BYTES } from "../limits.ts"
import { UPLOAD_ACTION, UPLOAD_PATH } from "./contract.ts"
import { removeStrays } from "./expiry.ts"
import { importById, insertImport } from "./store.ts"

export type WizardDoor = {
  db: Db
  /** Where files are kept until they are imported. */
  folder: string
  now(): Date
  actorOf(request: FastifyRequest): Promise<Actor | null>
}

/** The wizard's two doors that carry files and not JSON: a table in, its failed rows out. */
export async function wizardDoors(app: FastifyInstance, door: WizardDoor): Promise<void> {
  await mkdir(door.folder, { recursive: true, mode: 0o700 })
  await removeStrays(door.db, door.folder)
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser("*", (_request, payload, done) => done(null, payload))
    scope.post(UPLOAD_PATH, { bodyLimit: UPLOAD_MAX_BYTES }, async (request, reply) => {
      const actor = await allowed(door, request)
      if (isRefused(actor)) return answerRefusal(reply, actor, IMPORT_REFUSALS, request.id)
      const answer = await take(door, actor, request)
      return isRefused(answer)
        ? answerRefusal(reply, answer, IMPORT_REFUSALS, request.id)
        : reply.send(answer)
    })
    scope.get("/api/imports/:id/failed.csv", async (request, reply) => sendFailed(door, request, reply))
  })
}

async function allowed(door: WizardDoor, request: FastifyRequest): Promise<Actor | Refusal> {
  if (foreignOrigin(request)) return refuse("forbidden", { field: "origin" })
  const actor = await door.actorOf(request)
  return turnedAway(actor, { permission: "imports.write" }) ?? actor!
}

async function take(door: WizardDoor, actor: Actor, request: FastifyRequest) {
  const name = String((request.query as { name?: unknown }).name ?? "")
    .replace(/[^\p{L}\p{N}._ -]/gu, "_")
    .slice(0, FILE_NAME_MAX_LENGTH)
  if (name === "") return refuse("invalid_input", { field: "name" })
  const id = newId(door.now().getTime())
  const path = join(door.folder, id)
  const bytes = await keep(request.body as Readable, path)
  if (isRefused(bytes)) {
    await rm(path, { force: true })
    return bytes
  }
  const table = await openApart(path, { header: true })
  if (isRefused(table)) {
    await rm(path, { force: true })
    return table
  }
  table.close()
  const now = door.now()
  await tx(door.db, async (t) => {
    await insertImport(t, { id, file_name: name, path, bytes, created_by: actor.staff_id, now })
    await audit(t, {
      at: now,
      actor_kind: actor.kind,
      actor_id: actor.staff_id,
      action: UPLOAD_ACTION.id,
      target: `import:${id}`,
      after: { bytes },
      ip: addressOf(request),
      request_id: request.id,
    })
  })
  const headings = table.headings
  return {
    id,
    file_name: name,
    bytes,
    headings,
    guess: headings ? guessMapping(headings) : {},
    source: name.replace(/\.[^.]+$/, ""),
  }
}

/**
 * Writes what comes into a file and gives its bytes. Where the disk takes no more, the caller is still heard to the end: one who
 * is cut off while sending never reads the answer.
 */
async function keep(body: Readable, path: string): Promise<number | Refusal> {
  let bytes = 0
  let full: Refusal | null = null
  const onDisk = async (work: () => Promise<unknown>) => {
    try {
      await work()
    } catch (error) {
      if (!isDiskFull(error)) throw error
      full = refuse("disk_full")
    }
  }
  await onDisk(() => writeFile(path, "", { mode: 0o600 }))
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > UPLOAD_MAX_BYTES) return refuse("file_too_large")
      if (!full) await onDisk(() => appendFile(path, chunk))
    }
  } catch (error) {
    const { code = "" } = error as { code?: string }
    if (code !== "ECONNRESET" && code !== "ERR_STREAM_PREMATURE_CLOSE") throw error
    return refuse("damaged_file")
  }
  return full ?? bytes
}

async function sendFailed(
  door: WizardDoor,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const actor = await allowed(door, request)
  if (isRefused(actor)) return answerRefusal(reply, actor, IMPORT_REFUSALS, request.id)
  const { id } = request.params as { id: string }
  const found = /^[0-9a-f-]{36}$/.test(id) ? await importById(door.db, id, staffSeenBy(actor)) : undefined
  if (!found?.failed_path) return answerRefusal(reply, refuse("not_found"), IMPORT_REFUSALS, request.id)
  const stream = found.files_expired_at ? null : await openedFile(found.failed_path)
  if (!stream) return answerRefusal(reply, refuse("file_expired"), IMPORT_REFUSALS, request.id)
  const file = `${found.file_name.replace(/\.[^.]+$/, "")}_失败行.csv`
  return reply
    .type("text/csv; charset=utf-8")
    .header("content-disposition", `attachment; filename*=UTF-8''${encodeURIComponent(file)}`)
    .send(stream)
}

/** A file to read from, which may be deleted while it is read; null where it is gone already. */
async function openedFile(path: string): Promise<Readable | null> {
  try {
    return (await open(path)).createReadStream()
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return null
    throw error
  }
}
