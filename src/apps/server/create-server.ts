import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import fastifyStatic from "@fastify/static"
import type { FastifyBaseLogger, FastifyInstance } from "fastify"
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client"
import { resolveActor } from "../../modules/staff/index.ts"
import type { Clock } from "../../platform/clock.ts"
import type { Db } from "../../platform/db.ts"
import { createHttp, openapi, type Route } from "../../platform/http/index.ts"
import { lag } from "../../spine/facts/index.ts"

export const VERSION = "0.1.0"
const CONSOLE = fileURLToPath(new URL("../../../dist/console", import.meta.url))

export type ServerOptions = {
  db: Db
  clock: Clock
  log?: FastifyBaseLogger
  routes: readonly Route[]
  trust_proxy?: readonly string[]
  /** Doors that are no JSON API: callbacks, uploads. */
  doors?: (app: FastifyInstance) => Promise<void> | void
  /** Why requests cannot be served just now; null when they can. */
  notReady?: () => string | null
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
  app.get("/readyz", async (_request, reply) => {
    const reason = options.notReady?.() ?? (await databaseProblem(options.db))
    return reason === null ? { ready: true } : reply.code(503).send({ ready: false, reason })
  })
  app.get("/metrics", async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  )
  const document = openapi(
    options.routes.map((r) => r.endpoint),
    VERSION,
  )
  app.get("/api/openapi.json", async () => document)
  await options.doors?.(app)
  await serveConsole(app)
  return app
}

async function databaseProblem(db: Db): Promise<string | null> {
  try {
    await db.query("select 1")
    return null
  } catch (error) {
    return `database: ${(error as Error).message}`
  }
}

/** The built console; any page address gives the same page, which finds its own way. */
async function serveConsole(app: FastifyInstance): Promise<void> {
  if (!existsSync(CONSOLE)) {
    app.get("/", async (_request, reply) =>
      reply
        .type("text/html; charset=utf-8")
        .send(
          "<!doctype html><html lang=zh-CN><title>私域 Siyu</title><p>页面还没有构建:请运行 npm run build。The console is not built yet: npm run build.",
        ),
    )
    return
  }
  await app.register(fastifyStatic, {
    root: CONSOLE,
    // One route a file: any other address is the page itself, by the route below.
    wildcard: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      reply.setHeader(
        "cache-control",
        path.endsWith(".html") ? "no-cache" : "public, max-age=31536000, immutable",
      )
    },
  })
  app.get("/*", async (request, reply) => {
    const path = request.url.split("?")[0] ?? ""
    if (path.startsWith("/api/") || path.startsWith("/callbacks/") || path.startsWith("/assets/"))
      return reply.callNotFound()
    return reply.header("cache-control", "no-cache").sendFile("index.html")
  })
}

const LATENCY_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]

function createMetrics(db: Db) {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    name: "siyu_http_requests_total",
    help: "Requests of the JSON API by endpoint and status",
    labelNames: ["endpoint", "status"],
    registers: [registry],
  })
  const latency = new Histogram({
    name: "siyu_http_seconds",
    help: "Time to answer by endpoint",
    labelNames: ["endpoint"],
    buckets: LATENCY_BUCKETS_S,
    registers: [registry],
  })
  const waiting = new Gauge({
    name: "siyu_facts_parked",
    help: "Facts that wait for another try or for somebody's hand, by handler",
    labelNames: ["handler"],
    registers: [registry],
    async collect() {
      for (const row of await lag(db)) this.set({ handler: row.handler }, row.parked)
    },
  })
  return {
    registry,
    waiting,
    observe(endpoint: string, status: number, duration_ms: number) {
      requests.inc({ endpoint, status: String(status) })
      latency.observe({ endpoint }, duration_ms / 1000)
    },
  }
}
