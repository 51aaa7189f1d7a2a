import { appendFile, mkdir, open, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { Readable } from "node:stream"
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import { newId } from "../../kernel/ids.ts"
import { isRefused, type Refusal, refuse } from "../../kernel/result.ts"
import { audit } from "../../platform/audit.ts"
import { type Db, tx } from "../../platform/db.ts"
import {
  type Actor,
  addressOf,
  answerRefusal,
  foreignOrigin,
  staffSeenBy,
  turnedAway,
} from "../../platform/http/index.ts"
import { isDiskFull } from "../../platform/transient.ts"
import { templatePath, UPLOAD_ACTION, UPLOAD_PATH } from "./contract.ts"
import { removeStrays } from "./expiry.ts"
import type { ImportKind, ImportKinds } from "./kinds.ts"
import { FILE_NAME_MAX_LENGTH, UPLOAD_MAX_BYTES } from "./limits.ts"
import { lookInto, seen } from "./look.ts"
import { IMPORT_REFUSALS } from "./refusals.ts"
import { importById, insertImport } from "./store.ts"
import { templateOf } from "./template.ts"

export type WizardDoor = {
  db: Db
  kinds: ImportKinds
  /** Where files are kept until they are imported. */
  folder: string
  now(): Date
  actorOf(request: FastifyRequest): Promise<Actor | null>
}

/** The wizard's doors that carry files and not JSON: a table in, its failed rows and empty templates out. */
export async function wizardDoors(app: FastifyInstance, door: WizardDoor): Promise<void> {
  await mkdir(door.folder, { recursive: true, mode: 0o700 })
  await removeStrays(door.db, door.folder)
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser("*", (_request, payload, done) => done(null, payload))
    scope.post(UPLOAD_PATH, { bodyLimit: UPLOAD_MAX_BYTES }, async (request, reply) => {
      const { kind: asked } = request.query as { kind?: unknown }
      const actor = await allowed(door, request, asked)
      if (isRefused(actor)) return answerRefusal(reply, actor, IMPORT_REFUSALS, request.id)
      const kind = door.kinds.get(String(asked))
      const answer = kind
        ? await take(door, actor, kind, request)
        : refuse("invalid_input", { field: "kind", detail: { known: [...door.kinds.keys()] } })
      return isRefused(answer)
        ? answerRefusal(reply, answer, IMPORT_REFUSALS, request.id)
        : reply.send(answer)
    })
    scope.get("/api/imports/:id/failed.csv", async (request, reply) => sendFailed(door, request, reply))
    scope.get(templatePath(":kind"), async (request, reply) => sendTemplate(door, request, reply))
  })
}

async function allowed(door: WizardDoor, request: FastifyRequest, kind?: unknown): Promise<Actor | Refusal> {
  if (foreignOrigin(request)) return refuse("forbidden", { field: "origin" })
  const actor = await door.actorOf(request)
  const needed = ["imports.write", door.kinds.get(String(kind))?.permission ?? "imports.write"]
  for (const permission of needed) {
    const refusal = turnedAway(actor, { permission })
    if (refusal) return refusal
  }
  return actor!
}

async function take(door: WizardDoor, actor: Actor, kind: ImportKind, request: FastifyRequest) {
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
  const found = await lookInto(path, {})
  if (isRefused(found)) {
    await rm(path, { force: true })
    return found
  }
  const now = door.now()
  await tx(door.db, async (t) => {
    await insertImport(t, {
      id,
      kind: kind.name,
      file_name: name,
      path,
      bytes,
      created_by: actor.staff_id,
      now,
    })
    await audit(t, {
      at: now,
      actor_kind: actor.kind,
      actor_id: actor.staff_id,
      action: UPLOAD_ACTION.id,
      target: `import:${id}`,
      after: { kind: kind.name, bytes },
      ip: addressOf(request),
      request_id: request.id,
    })
  })
  return seen(door.db, kind, { id, file_name: name, bytes }, found, actor.staff_id)
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

async function sendTemplate(
  door: WizardDoor,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const asked = (request.params as { kind: string }).kind
  const actor = await allowed(door, request, asked)
  if (isRefused(actor)) return answerRefusal(reply, actor, IMPORT_REFUSALS, request.id)
  const kind = door.kinds.get(asked)
  if (!kind) return answerRefusal(reply, refuse("not_found"), IMPORT_REFUSALS, request.id)
  const file = `${kind.words.zh}_导入模板.xlsx`
  return reply
    .type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    .header("content-disposition", `attachment; filename*=UTF-8''${encodeURIComponent(file)}`)
    .send(await templateOf(kind))
}
