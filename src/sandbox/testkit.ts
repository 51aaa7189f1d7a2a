import { mkdtempSync, rmSync } from "node:fs"
import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Config, readConfig } from "./config.ts"
import { decrypt, doorSignature, signature } from "./crypto.ts"
import { openSandbox, type Sandbox } from "./sandbox.ts"

/** For tests only: a sandbox on a free port with a home of its own, and a system that listens to it. */

export const CONTROL = "control-token"
export const START = "2026-03-02T09:00:00+08:00"

export function testConfig(env: Record<string, string> = {}): Config {
  const home = env.SANDBOX_HOME ?? mkdtempSync(join(tmpdir(), "sandbox-"))
  const base = {
    SANDBOX_SIZE: "200",
    SANDBOX_SCENARIO: "quiet",
    SANDBOX_START: START,
    SANDBOX_CONTROL_TOKEN: CONTROL,
  }
  const config = readConfig({ ...base, SANDBOX_CLOCK: "paused", ...env, SANDBOX_HOME: home })
  if ("wrong" in config) throw new Error(config.wrong.join("; "))
  return config
}

export type Answered = Record<string, unknown> & { errcode: number; errmsg: string }

export type Hand = Sandbox & {
  config: Config
  /** A WeCom call with a good token: POST when there is a body. */
  api: (path: string, body?: unknown, query?: Record<string, string>) => Promise<Answered>
  raw: (path: string, init?: RequestInit) => Promise<Response>
  control: <T = object>(path: string, body?: unknown) => Promise<T & { status: number }>
  step: (ms: number) => Promise<void>
  /** The next call asks for a token again: days have passed. */
  forgetToken: () => void
  end: () => Promise<void>
}

export async function openTestSandbox(env: Record<string, string> = {}, real?: () => number): Promise<Hand> {
  const config = testConfig(env)
  const sandbox = await openSandbox(config, real)
  const origin = `http://127.0.0.1:${sandbox.port}`
  let token = ""
  const raw = (path: string, init?: RequestInit) => fetch(origin + path, init)
  const control = async <T = object>(path: string, body?: unknown): Promise<T & { status: number }> => {
    const headers = { authorization: `Bearer ${CONTROL}` }
    const init = body === undefined ? { headers } : { headers, method: "POST", body: JSON.stringify(body) }
    const answer = await raw(`/sandbox/${path}`, init)
    return { ...((await answer.json()) as T), status: answer.status }
  }
  return {
    ...sandbox,
    config,
    raw,
    control,
    async api(path, body, query = {}) {
      if (token === "") {
        const asked = await raw(`/cgi-bin/gettoken?corpid=${config.corp_id}&corpsecret=${config.secret}`)
        token = ((await asked.json()) as { access_token: string }).access_token
      }
      const search = new URLSearchParams({ access_token: token, ...query })
      const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }
      const answer = await raw(`/cgi-bin/${path}?${search}`, init)
      return (await answer.json()) as Answered
    },
    async step(ms) {
      await control("clock", { step_ms: ms })
    },
    forgetToken() {
      token = ""
    },
    async end() {
      await sandbox.close()
      rmSync(config.home, { recursive: true, force: true })
    },
  }
}

export type Heard = {
  events: { xml: string; verified: boolean }[]
  orders: { origin: string; orders: Record<string, unknown>[]; key: string; signed: boolean }[]
  messages: { messages: Record<string, unknown>[]; key: string; signed: boolean }[]
}

/** A system that writes down what it hears. `answer` decides the status of each call. */
export async function openListener(
  config: () => Config,
  answer: (path: string, n: number) => number = () => 200,
) {
  const heard: Heard = { events: [], orders: [], messages: [] }
  let calls = 0
  const server = createServer((req, res) => {
    const parts: Buffer[] = []
    req.on("data", (part: Buffer) => parts.push(part))
    req.on("end", () => {
      const url = new URL(req.url ?? "/", "http://system")
      if (url.pathname === "/internal/quiet") {
        res.end(JSON.stringify({ quiet: true }))
        return
      }
      const status = answer(url.pathname, ++calls)
      const said = hear(config(), heard, req, url, Buffer.concat(parts).toString("utf8"), status)
      if (status === 0) req.socket.destroy()
      else res.writeHead(status).end(said)
    })
  })
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", () => done()))
  const { port } = server.address() as AddressInfo
  return {
    heard,
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections()
      return new Promise((done) => server.close(done))
    },
  }
}

function hear(
  config: Config,
  heard: Heard,
  req: IncomingMessage,
  url: URL,
  body: string,
  status: number,
): string {
  const header = (name: string) => String(req.headers[name] ?? "")
  if (url.pathname === "/callbacks/wecom") {
    const q = url.searchParams
    const encrypted = q.get("echostr") ?? /<Encrypt><!\[CDATA\[(.*?)\]\]><\/Encrypt>/.exec(body)?.[1] ?? ""
    const right = signature(config.callback_token, q.get("timestamp") ?? "", q.get("nonce") ?? "", encrypted)
    const opened = decrypt(config.callback_aes_key, encrypted)
    if (q.has("echostr")) return opened?.message ?? ""
    const verified = right === q.get("msg_signature") && opened?.receiver === config.corp_id
    if (status === 200) heard.events.push({ xml: opened?.message ?? "", verified })
  }
  const signed = (name: string, secret: string) =>
    header(`x-${name}-signature`) === doorSignature(secret, header(`x-${name}-timestamp`), body)
  const key = header("idempotency-key")
  if (url.pathname === "/callbacks/shop")
    heard.orders.push({ ...JSON.parse(body), key, signed: signed("shop", config.shop_secret) })
  if (url.pathname === "/callbacks/group-robot")
    heard.messages.push({ ...JSON.parse(body), key, signed: signed("robot", config.robot_secret) })
  return ""
}

/** Polls until it is so, for at most twenty seconds. */
export async function until(
  what: string,
  so: () => boolean | Promise<boolean>,
  within_ms = 20_000,
): Promise<void> {
  for (const end = Date.now() + within_ms; Date.now() < end; ) {
    if (await so()) return
    await new Promise((done) => setTimeout(done, 10))
  }
  throw new Error(`waited in vain: ${what}`)
}

export const field = (xml: string, name: string): string =>
  new RegExp(`<${name}>(?:<!\\[CDATA\\[)?(.*?)(?:\\]\\]>)?</${name}>`).exec(xml)?.[1] ?? ""
