import type { FastifyReply, FastifyRequest } from "fastify"
import { COMMON_REFUSALS, type RefusalTable } from "../../kernel/contract.ts"
import { type Refusal, refuse } from "../../kernel/result.ts"
import { isDiskFull, isOutage } from "../transient.ts"
import { OUTAGE_RETRY_S } from "./limits.ts"
import { problemOf } from "./problem.ts"

export function sendRefusal(
  reply: FastifyReply,
  refusal: Refusal,
  table: RefusalTable,
  request_id: string,
): FastifyReply {
  const problem = problemOf(refusal, table, request_id)
  return reply.code(problem.status).type("application/problem+json").send(JSON.stringify(problem))
}

/** For raw doors: the same problem+json as everywhere, with codes of their own table or those that any door may give. */
export function answerRefusal(
  reply: FastifyReply,
  refusal: Refusal,
  table: RefusalTable,
  request_id: string,
): FastifyReply {
  return sendRefusal(reply, refusal, { ...COMMON_REFUSALS, ...table }, request_id)
}

/** What was thrown, as an answer: a request that is none, a place that cannot serve just now, or a bug of ours. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const no = (refusal: Refusal) => sendRefusal(reply, refusal, COMMON_REFUSALS, request.id)
  const status = (error as { statusCode?: number }).statusCode ?? 500
  if (status === 413) return no(refuse("too_large"))
  // An address too long for any route of ours leads nowhere.
  if (status === 414) return no(refuse("not_found"))
  if (status === 429) return no(refuse("too_many_requests"))
  if (status < 500) return no(refuse("invalid_input", { field: badPart(error) }))
  if (isDiskFull(error) || isOutage(error)) {
    request.log.error({ err: error }, "the place cannot serve just now")
    reply.header("retry-after", String(OUTAGE_RETRY_S))
    return no(refuse(isDiskFull(error) ? "disk_full" : "overloaded"))
  }
  request.log.error({ err: error }, "a request failed")
  const problem = {
    type: "urn:siyu:bug",
    title: "internal_error",
    status: 500,
    code: "internal_error",
    message: "系统内部出错，已记录。请带上 request_id 联系管理员。",
    message_en: "Something broke on our side and was recorded; give the request_id to your administrator.",
    request_id: request.id,
  }
  return reply.code(500).type("application/problem+json").send(JSON.stringify(problem))
}

const badPart = (error: unknown) =>
  (error as { code?: string }).code === "FST_ERR_BAD_URL" ? "address" : "body"
