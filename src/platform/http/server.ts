import { createHash } from "node:crypto"
import { isIP } from "node:net"
import compress from "@fastify/compress"
import cookie from "@fastify/cookie"
import helmet from "@fastify/helmet"
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from "fastify"
import type { Endpoint } from "../../kernel/contract.ts"
import { COMMON_REFUSALS } from "../../kernel/contract.ts"
import { newId } from "../../kernel/ids.ts"
import { isRefused, type Refusal, refuse } from "../../kernel/result.ts"
import { TOO_DEEP, unkeepable } from "../../kernel/text.ts"
import { SESSION_COOKIE } from "../auth/sessions.ts"
import type { Clock } from "../clock.ts"
import type { Db } from "../db.ts"
import { answerError, sendRefusal } from "./answer.ts"
import { runCommand } from "./command.ts"
import {
  BODY_LIMIT_BYTES,
  COMPRESS_FROM_BYTES,
  HSTS_S,
  IN_FLIGHT_LIMIT,
  KEY_MAX_LENGTH,
  PLACE_STEPS,
} from "./limits.ts"
import { triesByAddress } from "./per-address.ts"
import { invalidInput } from "./problem.ts"
import type { Actor, Context, Route } from "./route.ts"

export type HttpOptions = {
  db: Db
  clock: Clock
  routes: readonly Route[]
  /** Who a session cookie or bearer token stands for; null where it is unknown or ended. */
  resolveActor(credentials: { session: string | null; bearer: string | null }): Promise<Actor | null>
  log?: FastifyBaseLogger
  /** Addresses and networks of the proxies whose word on the caller's address and https counts; nobody's where left out. */
  trust_proxy?: readonly string[]
  /** Machine time, by which tries come back. */
  machine_now_ms?: () => number
  observe?(endpoint: string, status: number, duration_ms: number): void
}

const NOBODY: Actor = { kind: "staff", staff_id: "", name: "", role: "nobody", can: () => false, scope: [] }

/** The JSON API of all given routes. Raw doors (callbacks, files, pages) are added to the instance by the app. */
export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  const app: FastifyInstance = Fastify({
    ...(options.log ? { loggerInstance: options.log } : { logger: false }),

    bodyLimit: BODY_LIMIT_BYTES,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    genReqId: () => newId(),
    // Fastify's own lines hold whole addresses, and what people search for is no business of a log.
    logController: new LogController({ requestIdLogLabel: "request_id", disableRequestLogging: true }),
    trustProxy: options.trust_proxy?.length ? [...options.trust_proxy] : false,
  })
  await app.register(cookie)
  await app.register(compress, { global: true, threshold: COMPRESS_FROM_BYTES })
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:", "blob:"],
        connectSrc: ["'self'"],
        fontSrc: ["'self'"],
        frameAncestors: ["'self'"],
        upgradeInsecureRequests: null,
      },
    },
    strictTransportSecurity: false,
  })
  app.addHook("onResponse", async (request, reply) => {
    const endpoint = request.routeOptions.url
    if (!endpoint || !/^\/(api|callbacks)\//.test(endpoint)) return
    const ms = Math.round(reply.elapsedTime)
    request.log.info({ method: request.method, endpoint, status: reply.statusCode, ms }, "answered")
  })
  app.addHook("onSend", async (request, reply) => {
    // Answers are somebody's data: they are kept by no proxy and no browser's disk.
    if (request.url.startsWith("/api/") && !reply.hasHeader("cache-control"))
      reply.header("cache-control", "no-store")
    if (request.protocol === "https") reply.header("strict-transport-security", `max-age=${HSTS_S}`)
  })
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply))
  app.setNotFoundHandler((request, reply) =>
    sendRefusal(reply, refuse("not_found"), COMMON_REFUSALS, request.id),
  )
  let inFlight = 0
  const machine_now_ms = options.machine_now_ms ?? Date.now
  for (const route of options.routes) {
    const { per_address } = route.endpoint
    const tries = per_address ? triesByAddress(per_address) : null
    app.route({
      method: route.endpoint.method,
      url: route.endpoint.path,
      // Answers are made anew each time: the quickest way to make them small, not the smallest.
      compress: { encodings: ["gzip"], zlibOptions: { level: 1 }, threshold: COMPRESS_FROM_BYTES },
      async handler(request, reply) {
        if (inFlight >= IN_FLIGHT_LIMIT) {
          reply.header("retry-after", "1")
          return sendRefusal(reply, refuse("overloaded"), COMMON_REFUSALS, request.id)
        }
        const address = addressOf(request)
        const wait_ms = tries?.take(address, machine_now_ms()) ?? 0
        if (wait_ms > 0) {
          reply.header("retry-after", String(Math.ceil(wait_ms / 1_000)))
          return sendRefusal(reply, refuse("too_many_requests"), COMMON_REFUSALS, request.id)
        }
        inFlight++
        const started = performance.now()
        try {
          return await serve(options, route, request, reply)
        } finally {
          inFlight--
          if (reply.statusCode < 400) tries?.giveBack(address)
          options.observe?.(route.endpoint.id, reply.statusCode, performance.now() - started)
        }
      },
    })
  }
  return app
}

async function serve(
  options: HttpOptions,
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { endpoint } = route
  const no = (refusal: Refusal) => sendRefusal(reply, refusal, endpoint.refusals, request.id)
  const { session, bearer } = credentialsOf(request)
  if (endpoint.method !== "GET" && session && !bearer && foreignOrigin(request))
    return no(refuse("forbidden", { field: "origin" }))
  const actor = session || bearer ? await options.resolveActor({ session, bearer }) : null
  const stopped = turnedAway(actor, endpoint)
  if (stopped) return no(stopped)
  const input: Record<string, unknown> = {}
  for (const part of ["params", "query", "body"] as const) {
    const given = request[part] ?? {}
    const odd = unkeepable(given)
    if (odd) {
      const about = { field: placeIn(odd.path) || part, detail: { in: part, problem: odd.problem } }
      return no(refuse(odd.problem === TOO_DEEP ? "nested_too_deeply" : "invalid_input", about))
    }
    const parsed = await endpoint[part].safeParseAsync(given)
    if (!parsed.success) return no(invalidInput(part, parsed.error))
    input[part] = parsed.data
  }
  const context = makeContext(options, endpoint, request, reply, actor ?? NOBODY)
  if (isRefused(context)) return no(context)
  const answer = await route.handle(context, input as Parameters<Route["handle"]>[1])
  if (isRefused(answer)) return no(answer)
  return reply.code(200).send(endpoint.answer.parse(answer ?? {}))
}

/** A place that is hundreds of steps deep is told by its beginning. */
const placeIn = (path: string) => path.split(".").slice(0, PLACE_STEPS).join(".")

function makeContext(
  options: HttpOptions,
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
  actor: Actor,
): Context | Refusal {
  const given = request.headers["idempotency-key"]
  if (Array.isArray(given) || (given && given.length > KEY_MAX_LENGTH))
    return refuse("invalid_input", { field: "Idempotency-Key" })
  const body_hash = createHash("sha256")
    .update(JSON.stringify(request.body ?? null))
    .digest("hex")
  const key =
    given && endpoint.method === "POST"
      ? `http:${actor.staff_id}:${endpoint.id}:${request.url}:${given}`
      : null
  const now = options.clock.now()
  const base = { db: options.db, now, actor, key, body_hash, ip: addressOf(request), request_id: request.id }
  return {
    ...base,
    session_token: request.cookies[SESSION_COOKIE] ?? null,
    user_agent: request.headers["user-agent"],
    host: request.host,
    command: (work, { secret = false } = {}) =>
      runCommand({ ...base, key: secret ? null : key, action: endpoint.id }, work),
    cookie: (name) => request.cookies[name] ?? null,
    set_cookie(name, value, max_age_s) {
      const secure = request.protocol === "https"
      reply.setCookie(name, value ?? "", {
        path: "/",
        httpOnly: true,
        sameSite: "lax",
        secure,
        maxAge: value === null ? 0 : max_age_s,
      })
    },
  }
}

/** Why somebody may not pass a door, of the JSON API or a raw one; null where they may. */
export function turnedAway(
  actor: Actor | null,
  door: Pick<Endpoint, "permission" | "before_new_password">,
): Refusal | null {
  if (door.permission === "public") return null
  if (!actor) return refuse("not_signed_in")
  if (actor.one_time && !door.before_new_password) return refuse("new_password_needed")
  if (door.permission === "signed_in" || actor.can(door.permission)) return null
  return refuse("forbidden", { detail: { permission: door.permission } })
}

/** The caller's address; a proxy's word for it only where it is an address. */
export function addressOf(request: FastifyRequest): string {
  return isIP(request.ip) ? request.ip : (request.socket.remoteAddress ?? "")
}

/** What a request says of who sends it. */
export function credentialsOf(request: FastifyRequest): { session: string | null; bearer: string | null } {
  return {
    session: request.cookies[SESSION_COOKIE] ?? null,
    bearer: /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? null,
  }
}

/** SameSite keeps most of it out; the Origin header tells the rest. No header means no browser page. */
export function foreignOrigin(request: FastifyRequest): boolean {
  const origin = request.headers.origin
  if (!origin) return false
  try {
    return new URL(origin).host !== request.host
  } catch {
    return true
  }
}
