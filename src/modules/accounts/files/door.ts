import type { Readable } from "node:stream"
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import { isRefused, type Refusal, refuse } from "../../../kernel/result.ts"
import { canBeKept } from "../../../kernel/text.ts"
import { audit } from "../../../platform/audit.ts"
import { type Db, tx } from "../../../platform/db.ts"
import {
  type Actor,
  addressOf,
  answerRefusal,
  foreignOrigin,
  turnedAway,
} from "../../../platform/http/index.ts"
import { FILE_MAX_BYTES } from "../limits.ts"
import { accountsById } from "../store.ts"
import { keepFile } from "./commands.ts"
import { FILE_ACTIONS, FILE_REFUSALS, fileQuery } from "./contract.ts"
import { fileById } from "./store.ts"

export type FileDoor = {
  db: Db
  now(): Date
  actorOf(request: FastifyRequest): Promise<Actor | null>
}

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** The doors that carry an account's files and not JSON: agreements and evidence in, and out again for those who may see them. */
export async function fileDoors(app: FastifyInstance, door: FileDoor): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser("*", (_request, payload, done) => done(null, payload))
    const path = "/api/accounts/:id/files"
    scope.post(path, { bodyLimit: FILE_MAX_BYTES + 1 }, async (request, reply) => {
      const answer = await take(door, request)
      return isRefused(answer)
        ? answerRefusal(reply, answer, FILE_REFUSALS, request.id)
        : reply.code(200).send(answer)
    })
    scope.get(`${path}/:file`, async (request, reply) => give(door, request, reply))
  })
}

/** Who comes, where they may come to this account's files: keepers, and whoever holds the account. */
async function allowed(
  door: FileDoor,
  request: FastifyRequest,
): Promise<{ actor: Actor; id: string } | Refusal> {
  if (request.method !== "GET" && foreignOrigin(request)) return refuse("forbidden", { field: "origin" })
  const actor = await door.actorOf(request)
  const stopped = turnedAway(actor, { permission: "accounts.read" })
  if (stopped) return stopped
  const { id } = request.params as { id: string }
  const [account] = ID.test(id) ? await accountsById(door.db, [id]) : []
  if (!account) return refuse("not_found")
  const own = account.custodian_staff_id === actor!.staff_id && actor!.can("accounts.request")
  if (!own && !actor!.can("accounts.write"))
    return refuse("forbidden", { detail: { permission: "accounts.write" } })
  return { actor: actor!, id }
}

async function take(door: FileDoor, request: FastifyRequest) {
  const who = await allowed(door, request)
  if (isRefused(who)) return who
  const asked = fileQuery.safeParse(request.query ?? {})
  if (!asked.success)
    return refuse("invalid_input", { field: String(asked.error.issues[0]?.path[0] ?? "query") })
  if (!canBeKept(asked.data.name)) return refuse("invalid_input", { field: "name" })
  const content = await whole(request.body as Readable | undefined)
  if (isRefused(content)) return content
  const now = door.now()
  const given = { account_id: who.id, ...asked.data, signed_on: asked.data.signed_on ?? null, content }
  return tx(door.db, async (t) => {
    const kept = await keepFile(t, given, who.actor.staff_id, now)
    if (isRefused(kept)) return kept
    await audit(t, {
      at: now,
      actor_kind: who.actor.kind,
      actor_id: who.actor.staff_id,
      action: FILE_ACTIONS.keep.id,
      target: `account:${who.id}`,
      after: { file: kept.id, kind: asked.data.kind, signed_on: given.signed_on, bytes: content.length },
      ip: addressOf(request),
      request_id: request.id,
    })
    return kept
  })
}

/** Everything that comes, as long as it is no more than is kept. */
async function whole(body: Readable | undefined): Promise<Buffer | Refusal> {
  const pieces: Buffer[] = []
  let bytes = 0
  try {
    for await (const piece of (body ?? []) as AsyncIterable<Buffer>) {
      bytes += piece.length
      if (bytes > FILE_MAX_BYTES) return refuse("file_too_large")
      pieces.push(piece)
    }
  } catch (error) {
    const { code = "" } = error as { code?: string }
    if (code !== "ECONNRESET" && code !== "ERR_STREAM_PREMATURE_CLOSE") throw error
    return refuse("file_broken")
  }
  return Buffer.concat(pieces)
}

async function give(door: FileDoor, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const who = await allowed(door, request)
  if (isRefused(who)) return answerRefusal(reply, who, FILE_REFUSALS, request.id)
  const { file } = request.params as { file: string }
  const found = ID.test(file) ? await fileById(door.db, who.id, file) : undefined
  if (!found) return answerRefusal(reply, refuse("not_found"), FILE_REFUSALS, request.id)
  // An agreement says on whose identity an account runs: who looked is kept.
  await tx(door.db, (t) =>
    audit(t, {
      at: door.now(),
      actor_kind: who.actor.kind,
      actor_id: who.actor.staff_id,
      action: FILE_ACTIONS.read.id,
      target: `account:${who.id}`,
      after: { file },
      ip: addressOf(request),
      request_id: request.id,
    }),
  )
  return reply
    .type(found.type)
    .header("x-content-type-options", "nosniff")
    .header("cache-control", "no-store")
    .header("content-disposition", `attachment; filename*=UTF-8''${encodeURIComponent(found.file_name)}`)
    .send(found.content)
}
