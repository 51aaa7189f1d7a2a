import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import { isRefused, type Refusal } from "../../kernel/result.ts"

type Answer = Record<string, unknown> | Refusal
export type SignedDoor = {
  path: `/callbacks/${string}`
  body_limit_bytes: number
  receive(headers: FastifyRequest["headers"], body: Buffer): Promise<Answer>
}

const STATUS: Record<string, number> = {
  bad_signature: 403,
  stale_timestamp: 403,
  door_closed: 404,
  too_large: 413,
  invalid_input: 400,
}

/** Doors for other systems: raw bodies, a signature instead of a session, 2xx only once everything is stored. */
export async function openDoors(app: FastifyInstance, doors: readonly SignedDoor[]): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body))
    for (const door of doors)
      scope.post(door.path, { bodyLimit: door.body_limit_bytes }, async (request, reply) => {
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
        return send(reply, await door.receive(request.headers, body))
      })
  })
}

function send(reply: FastifyReply, answer: Answer): FastifyReply {
  if (!isRefused(answer)) return reply.code(200).send(answer)
  const status = STATUS[answer.refused] ?? 400
  return reply.code(status).send({ code: answer.refused, ...(answer.field ? { field: answer.field } : {}) })
}
