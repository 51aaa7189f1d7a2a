import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { AUTHORIZE_PATH, authorize } from "./authorize.ts"
import { SandboxClock } from "./clock.ts"
import type { Config } from "./config.ts"
import { handleControl } from "./control/index.ts"
import type { Control } from "./control/route.ts"
import { Doors } from "./doors.ts"
import { Engine } from "./engine.ts"
import { Journal } from "./journal.ts"
import { limits } from "./limits.ts"
import { Pusher, verifyAddress } from "./pusher.ts"
import { robotSend } from "./robot.ts"
import { Store } from "./store.ts"
import { WireGateway } from "./wire/gateway.ts"
import { World } from "./world/world.ts"

export type Sandbox = { port: number; world: World; clock: SandboxClock; close: () => Promise<void> }

/** Opens the world under its home and serves it on loopback. `onFatal`: the disk takes no more. */
export async function openSandbox(
  config: Config,
  real: () => number = Date.now,
  onFatal: (error: Error) => void = () => undefined,
): Promise<Sandbox> {
  const store = new Store()
  let journal: Journal | undefined
  const start_ms = config.start_ms ?? Math.floor(real() / 1000) * 1000
  const load = () => {
    journal = new Journal(config.home, (op) => store.load(op))
  }
  const world = new World(store, load, {
    seed: config.seed,
    size: config.size,
    scenario: config.scenario,
    start_ms,
  })
  const kept = world.meta("clock")
  const clock = kept ? new SandboxClock(kept, real) : SandboxClock.startingAt(start_ms, real)
  if (!kept && config.clock !== undefined) clock.set(config.clock)
  const seen_ms = world.meta("seen_ms") ?? start_ms
  if (kept && clock.now() < seen_ms) clock.set({ shop_ms: seen_ms })
  world.patience = () => clock.patience()
  if (config.system_url) world.t.meta.put("system_url", config.system_url.replace(/\/$/, ""))

  const flush = (): void => {
    const ops = store.take()
    try {
      if (ops.length > 0) journal?.write(ops)
      if ((journal?.size_bytes ?? 0) > limits.journal_bytes_before_snapshot) journal?.snapshot(store.all())
    } catch (error) {
      // What is in memory and not on disk must not be built upon: whoever runs us ends the process.
      onFatal(error as Error)
      throw error
    }
    pump()
  }
  world.t.meta.put("clock", clock.snapshot())
  const pusher = new Pusher(world, config, flush, pump)
  const doors = new Doors(world, config, Date.now, flush, pump)
  let pumping = false
  function pump(): void {
    if (pumping) return
    pumping = true
    setImmediate(() => {
      pumping = false
      pusher.pump(clock.mode === "lockstep" ? 1 : limits.callback_parallel)
      doors.pump()
    })
  }

  let clicking = 0
  const system = (): string => world.meta("system_url") ?? ""
  const engine = new Engine(world, clock, {
    settled: () => pusher.waiting === 0 && doors.waiting === 0 && clicking === 0,
    quiet: (shop_ms) => askQuiet(system(), shop_ms),
    click: (_person, link) => {
      clicking++
      void follow(link, system()).finally(() => clicking--)
    },
    clockMoved: () => world.t.meta.put("clock", clock.snapshot()),
    flush,
  })
  const wire = new WireGateway({ world, clock, config }, flush)
  const control: Control = {
    world,
    clock,
    engine,
    config,
    counters: () => ({
      api_calls: wire.calls,
      callbacks: pusher.counts,
      door_problem: doors.last_problem,
      memory_mb: Math.round(process.memoryUsage().rss / 1e6),
    }),
    async setSystem(url) {
      const clean = url.replace(/\/$/, "")
      world.t.meta.put("system_url", clean)
      return { system_url: clean, ...(clean === "" ? {} : await verifyAddress(config, clean)) }
    },
  }

  const server = createServer((req, res) => {
    handle(req, res).catch((error: unknown) => {
      process.stderr.write(
        `${JSON.stringify({ level: "error", path: req.url?.split("?")[0], error: String(error) })}\n`,
      )
      if (!res.headersSent) res.writeHead(500)
      res.end()
    })
  })
  server.keepAliveTimeout = 30_000

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? "/", "http://sandbox")
    const body = await readBody(req)
    if (body === null) {
      res.writeHead(413, { connection: "close" }).end()
      return
    }
    if (url.pathname.startsWith("/sandbox/")) return handleControl(control, req, res, url, body, flush)
    if (url.pathname === "/robot/send" && req.method === "POST") {
      const reply = robotSend(world, config, clock.now(), req, body.toString("utf8"))
      flush()
      res.writeHead(reply.status, { "content-type": "application/json; charset=UTF-8" })
      res.end(JSON.stringify(reply.body))
      return
    }
    if (url.pathname === AUTHORIZE_PATH && req.method === "GET") {
      authorize(world, config, res, url)
      flush()
      return
    }
    return wire.handle(req, res, url, body)
  }

  flush()
  await listen(server, config.port)
  engine.start()
  pump()
  return {
    port: (server.address() as AddressInfo).port,
    world,
    clock,
    async close() {
      engine.stop()
      pusher.stop()
      doors.stop()
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      world.t.meta.put("clock", clock.snapshot())
      flush()
      journal?.close()
      journal = undefined
    },
  }
}

async function readBody(req: IncomingMessage): Promise<Buffer | null> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of req as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > limits.body_bytes) return null
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((done, failed) => {
    server.once("error", failed)
    server.listen(port, "127.0.0.1", () => done())
  })
}

/** The system tells whether it is at rest; the shop moment goes along. One that cannot be asked is not quiet. */
async function askQuiet(system_url: string, shop_ms: number): Promise<boolean> {
  try {
    const answer = await fetch(`${system_url}/internal/quiet?shop_ms=${shop_ms}`, {
      signal: AbortSignal.timeout(limits.quiet_timeout_ms),
    })
    const body = (await answer.json()) as { quiet?: boolean }
    return answer.ok && body.quiet === true
  } catch {
    return false
  }
}

/** A person opens a link; only links of the system are really asked for. */
async function follow(link: string, system_url: string): Promise<void> {
  if (system_url === "" || !URL.canParse(link) || new URL(link).origin !== new URL(system_url).origin) return
  try {
    const headers = { "user-agent": "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.50 Language/zh_CN" }
    const answer = await fetch(link, { headers, redirect: "manual", signal: AbortSignal.timeout(5_000) })
    await answer.arrayBuffer()
  } catch {
    // Somebody's phone had no network; nothing follows from it.
  }
}
