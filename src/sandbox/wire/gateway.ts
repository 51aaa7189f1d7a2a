import type { IncomingMessage, ServerResponse } from "node:http"
import { injectedError } from "../faults.ts"
import { type Answer, type Ctx, type Endpoint, fail, isFailure, type Json } from "./endpoint.ts"
import { errmsg } from "./errors.ts"
import { endpoints } from "./index.ts"
import { RateWindows } from "./rate.ts"
import { checkToken } from "./tokens.ts"

const GET_TOKEN = "/cgi-bin/gettoken"

function parseBody(body: Buffer): Json | null {
  if (body.length === 0) return {}
  try {
    const value: unknown = JSON.parse(body.toString("utf8"))
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : null
  } catch {
    return null
  }
}

/** What every call goes through, in the platform's order: path, token, rights, limits, arguments. */
export class WireGateway {
  private readonly windows = new RateWindows()
  private readonly in_flight = new Map<string, number>()
  private readonly pairs = new Set<string>()
  private readonly base: Omit<Ctx, "at" | "body" | "content_type">
  private readonly flush: () => void
  calls = 0

  constructor(base: Omit<Ctx, "at" | "body" | "content_type">, flush: () => void) {
    this.base = base
    this.flush = flush
  }

  async handle(req: IncomingMessage, res: ServerResponse, url: URL, body: Buffer): Promise<void> {
    const faults = this.base.world.meta("faults").api
    if (faults.down) {
      req.socket.destroy()
      return
    }
    const endpoint = endpoints.get(url.pathname)
    if (!endpoint) {
      res.writeHead(404).end()
      return
    }
    const n = ++this.calls
    const content_type = req.headers["content-type"] ?? ""
    const raw: Json = Object.fromEntries(url.searchParams)
    const multipart = content_type.startsWith("multipart/")
    const parsed = endpoint.method === "GET" || multipart ? {} : parseBody(body)
    const all = { ...raw, ...parsed }
    let answer = this.refused(endpoint, raw.access_token, n)
    if (!answer) {
      const pair = endpoint.pair(all)
      const lock = pair === null ? null : `${endpoint.path} ${pair}`
      const flying = this.in_flight.get(endpoint.path) ?? 0
      if (lock !== null && this.pairs.has(lock))
        answer = fail(endpoint.path.endsWith("send_welcome_msg") ? 41096 : 45035)
      else if (faults.max_concurrent > 0 && flying >= faults.max_concurrent) answer = fail(45033)
      else {
        this.in_flight.set(endpoint.path, flying + 1)
        if (lock !== null) this.pairs.add(lock)
        if (faults.latency_ms > 0) await new Promise((done) => setTimeout(done, faults.latency_ms))
        answer = this.run(endpoint, req.method ?? "GET", parsed === null ? null : all, body, content_type)
        this.in_flight.set(endpoint.path, (this.in_flight.get(endpoint.path) ?? 1) - 1)
        if (lock !== null) this.pairs.delete(lock)
      }
    }
    // Written before it is answered: what was acknowledged is there after kill -9.
    this.flush()
    const shown = isFailure(answer)
      ? { errcode: answer.failed, errmsg: errmsg(answer.failed, answer.hint, n), ...endpoint.empty }
      : { errcode: 0, errmsg: "ok", ...answer }
    res.writeHead(200, { "content-type": "application/json; charset=UTF-8" }).end(JSON.stringify(shown))
  }

  private refused(endpoint: Endpoint, token: unknown, n: number): Answer | null {
    const { world } = this.base
    const faults = world.meta("faults")
    if (endpoint.path !== GET_TOKEN) {
      const wrong = checkToken(this.base, token)
      if (wrong !== 0) return fail(wrong)
    }
    if (faults.api.ip_not_trusted) return fail(60020)
    if (faults.api.not_allowed && endpoint.path.includes("/externalcontact/")) return fail(48002)
    const injected = injectedError(faults, world.seed, endpoint.path, n)
    if (injected) {
      world.t.meta.put("faults", { ...faults, api: { ...faults.api, errors: injected.errors } })
      return fail(injected.errcode)
    }
    return this.windows.over(endpoint.path, world.patience(), faults.api) ? fail(45009) : null
  }

  private run(
    endpoint: Endpoint,
    method: string,
    all: Json | null,
    body: Buffer,
    content_type: string,
  ): Answer {
    if (endpoint.method === "POST" && method !== "POST") return fail(40058, "POST expected")
    if (all === null) return fail(40058, "Warning: wrong json format.")
    return endpoint.call({ ...this.base, at: this.base.clock.now(), body, content_type }, all)
  }
}
