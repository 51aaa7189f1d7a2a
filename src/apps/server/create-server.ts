import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import fastifyStatic, { type SetHeadersResponse } from "@fastify/static"
import type { FastifyBaseLogger, FastifyInstance } from "fastify"
import { resolveActor } from "../../modules/staff/index.ts"
import type { Clock } from "../../platform/clock.ts"
import type { Db } from "../../platform/db.ts"
import { createHttp, openapi, type Route } from "../../platform/http/index.ts"
import { isDiskFull } from "../../platform/transient.ts"
import { createMetrics } from "./metrics.ts"

export const VERSION = "0.1.0"
const CONSOLE = fileURLToPath(new URL("../../../dist/console", import.meta.url))
const SIDEBAR = fileURLToPath(new URL("../../../dist/sidebar", import.meta.url))

export type ServerOptions = {
  db: Db
  clock: Clock
  log?: FastifyBaseLogger
  routes: readonly Route[]
  trust_proxy?: readonly string[]
  /** Doors that are no JSON API: callbacks, uploads. */
  doors?: (app: FastifyInstance) => Promise<void> | void
}

/** The whole door of one server process, not yet listening. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const metrics = createMetrics(options.db)
  const app = await createHttp({
    db: options.db,
    clock: options.clock,
    routes: options.routes,
    resolveActor: (credentials) => resolveActor(options.db, credentials),
    ...(options.log ? { log: options.log } : {}),
    ...(options.trust_proxy ? { trust_proxy: options.trust_proxy } : {}),
    observe: metrics.observe,
  })
  app.get("/healthz", async () => ({ alive: true }))
  app.get("/readyz", async (request, reply) => {
    const reason = await notReady(options.db, request.log)
    return reason === null ? { ready: true } : reply.code(503).send({ ready: false, ...reason })
  })
  app.get("/metrics", async (_request, reply) => reply.type(metrics.contentType).send(await metrics.read()))
  const document = openapi(
    options.routes.map((r) => r.endpoint),
    VERSION,
  )
  app.get("/api/openapi.json", async () => document)
  await options.doors?.(app)
  await serveConsole(app)
  return app
}

/** A database that takes longer for nothing at all serves nobody. */
const READY_WITHIN_MS = 2_000

/** Why requests cannot be served just now; null when they can. The database's own words stay in the log. */
async function notReady(db: Db, log: FastifyBaseLogger): Promise<{ code: string; reason: string } | null> {
  const late = new Promise<"late">((resolve) => {
    setTimeout(() => resolve("late"), READY_WITHIN_MS).unref()
  })
  try {
    const answer = await Promise.race([db.query("select 1"), late])
    if (answer !== "late") return null
    return { code: "database_busy", reason: "数据库没有及时应答。The database does not answer in time." }
  } catch (error) {
    log.warn({ err: error }, "not ready")
    return isDiskFull(error)
      ? { code: "disk_full", reason: "数据库所在的磁盘已满。The database's disk is full." }
      : { code: "database_unreachable", reason: "连不上数据库。The database cannot be reached." }
  }
}

/** The built console; any page address gives the same page, which finds its own way. */
async function serveConsole(app: FastifyInstance): Promise<void> {
  if (!existsSync(CONSOLE)) {
    app.get("/", async (_request, reply) =>
      reply
        .type("text/html; charset=utf-8")
        .send(
          "<!doctype html><html lang=zh-CN><title>私域 Siyu</title><p>页面还没有构建：请运行 npm run build。The console is not built yet: npm run build.",
        ),
    )
    return
  }
  const files = {
    // One route a file: any other address is the page itself, by the route below.
    wildcard: false,
    cacheControl: false,
    setHeaders: (reply: SetHeadersResponse, path: string) => {
      reply.setHeader(
        "cache-control",
        path.endsWith(".html") ? "no-cache" : "public, max-age=31536000, immutable",
      )
    },
  }
  await app.register(fastifyStatic, { ...files, root: CONSOLE })
  // The page beside a chat is an app of its own.
  if (existsSync(SIDEBAR)) {
    await app.register(fastifyStatic, { ...files, root: SIDEBAR, prefix: "/sidebar/", decorateReply: false })
    app.get("/sidebar", async (_request, reply) =>
      reply.header("cache-control", "no-cache").sendFile("index.html", SIDEBAR),
    )
  }
  app.get("/*", async (request, reply) => {
    const path = request.url.split("?")[0] ?? ""
    if (
      path.startsWith("/api/") ||
      path.startsWith("/callbacks/") ||
      path.startsWith("/assets/") ||
      path.startsWith("/sidebar/")
    )
      return reply.callNotFound()
    return reply.header("cache-control", "no-cache").sendFile("index.html")
  })
}
