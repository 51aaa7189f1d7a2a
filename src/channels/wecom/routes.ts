import type { FastifyInstance } from "fastify"
import type { Db } from "../../platform/db.ts"
import type { Door } from "./door.ts"
import { CALLBACK_BODY_BYTES } from "./limits.ts"

export type CallbackRouteDeps = {
  db: Db
  door: Door
  /** Shop clock. */
  now(): Date
  /** Called after a new event was stored, so that a worker in this process looks at once. */
  onStored?(): void
  /** Called with why a push was not taken, for the log; never with anything of its content. */
  onRefused?(code: string): void
}

export const CALLBACK_PATH = "/callbacks/wecom"

/**
 * The platform's own door: raw bodies, no session, no problem+json. Answers with an empty 200 as soon as the event is stored.
 * Its content types are read in an encapsulated scope, so that the rest of the server still only takes JSON.
 */
export function wecomRoutes(app: FastifyInstance, deps: CallbackRouteDeps): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      "*",
      { parseAs: "buffer", bodyLimit: CALLBACK_BODY_BYTES },
      (_request, body, done) => done(null, body),
    )
    scope.setErrorHandler((error: { statusCode?: number }, _request, reply) => {
      const status = error.statusCode ?? 500
      if (status >= 500) throw error
      deps.onRefused?.(status === 413 ? "body_too_large" : "bad_request")
      return reply.code(status).type("text/plain").send("")
    })
    scope.get(CALLBACK_PATH, { exposeHeadRoute: false }, async (request, reply) => {
      const answer = deps.door.verifyUrl(request.query as Record<string, unknown>, deps.now())
      return reply.code(answer.status).type("text/plain").send(answer.body)
    })
    scope.post(CALLBACK_PATH, { bodyLimit: CALLBACK_BODY_BYTES }, async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const answer = await deps.door.receive(
        deps.db,
        request.query as Record<string, unknown>,
        body,
        deps.now(),
      )
      if (answer.stored) deps.onStored?.()
      if (answer.code) deps.onRefused?.(answer.code)
      return reply.code(answer.status).type("text/plain").send("")
    })
  })
}
