import type { FastifyInstance, FastifyRequest } from "fastify"
import type { RefusalTable } from "../../kernel/contract.ts"
import { isRefused, type Refusal } from "../../kernel/result.ts"
import { answerRefusal } from "../../platform/http/index.ts"

export type SignedDoor = {
  path: `/callbacks/${string}`
  body_limit_bytes: number
  receive(headers: FastifyRequest["headers"], body: Buffer): Promise<Record<string, unknown> | Refusal>
}

const DOOR_REFUSALS: RefusalTable = {
  bad_signature: {
    status: 403,
    zh: "签名不对：请核对两边的密钥，以及签名的是否就是发出的时间戳和内容。",
    en: "The signature is wrong: compare the secret on both sides, and sign the very timestamp and body that are sent.",
  },
  stale_timestamp: {
    status: 403,
    zh: "时间戳离现在太远：请校准时钟，重新签名再发。",
    en: "The timestamp is too far from now: set the clock, sign again and send again.",
  },
  door_closed: {
    status: 404,
    zh: "这个入口没有开放：还没有设置密钥。",
    en: "This door is not open: no secret is set.",
  },
}

/** Doors for other systems: raw bodies, a signature instead of a session, 2xx only once everything is stored. */
export async function openDoors(app: FastifyInstance, doors: readonly SignedDoor[]): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body))
    for (const door of doors)
      scope.post(door.path, { bodyLimit: door.body_limit_bytes }, async (request, reply) => {
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
        const answer = await door.receive(request.headers, body)
        return isRefused(answer)
          ? answerRefusal(reply, answer, DOOR_REFUSALS, request.id)
          : reply.code(200).send(answer)
      })
  })
}
