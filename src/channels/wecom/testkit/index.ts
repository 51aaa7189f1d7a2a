import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { afterAll } from "vitest"
import type { Happening } from "../../protocol/index.ts"
import { type Client, openClient } from "../client.ts"
import { freePace } from "../pace.ts"
import { openTokens } from "../token.ts"
import type { StoredToken, TokenStore } from "../token-store.ts"
import { openWire } from "../wire.ts"

export type Call = { path: string; query: URLSearchParams; body: Record<string, unknown>; raw: string }
type Reply = Record<string, unknown> | { http: number; text?: string } | "cut" | "hang"
type Handler = (call: Call, n: number) => Reply | Promise<Reply>

/** A platform for tests, on a real socket: answers by path what the test says, and remembers every call. */
export type Platform = {
  base: string
  calls: Call[]
  count(path: string): number
  on(path: string, handler: Handler): void
}

export async function testPlatform(): Promise<Platform> {
  const handlers = new Map<string, Handler>()
  const calls: Call[] = []
  const counts = new Map<string, number>()
  const server: Server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy())
  })
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? "/", "http://test")
    const path = url.pathname.replace("/cgi-bin/", "")
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const raw = Buffer.concat(chunks).toString()
    const json = (request.headers["content-type"] ?? "").includes("json") && raw !== ""
    const call: Call = { path, query: url.searchParams, body: json ? JSON.parse(raw) : {}, raw }
    calls.push(call)
    const n = (counts.get(path) ?? 0) + 1
    counts.set(path, n)
    const reply = await (handlers.get(path) ?? (() => ({ http: 404, text: "" })))(call, n)
    if (reply === "cut") return void response.destroy()
    if (reply === "hang") return
    if ("http" in reply)
      return void response.writeHead(reply.http as number).end((reply.text as string) ?? "")
    response
      .writeHead(200, { "content-type": "application/json; charset=UTF-8" })
      .end(JSON.stringify({ errcode: 0, errmsg: "ok", ...reply }))
  }
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  handlers.set("gettoken", (_call, n) => ({ access_token: `token-${n}`, expires_in: 7200 }))
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    count: (path) => counts.get(path) ?? 0,
    on: (path, handler) => void handlers.set(path, handler),
  }
}

/** Shares tokens inside one process: for tests that need no database. */
export function memoryTokenStore(): TokenStore {
  const tokens = new Map<string, StoredToken>()
  const refused = new Map<string, string>()
  const locks = new Map<string, number>()
  return {
    get: async (key) => tokens.get(key),
    set: async (key, token) => {
      tokens.set(key, token)
      locks.delete(key)
    },
    lock: async (key, _owner, lease_ms) => {
      if ((locks.get(key) ?? 0) > Date.now()) return false
      locks.set(key, Date.now() + lease_ms)
      return true
    },
    unlock: async (key) => void locks.delete(key),
    drop: async (key, bad) => {
      if (tokens.get(key)?.token === bad) tokens.delete(key)
    },
    refuse: async (key, reason) => void refused.set(key, reason),
    refused: async (key) => refused.get(key),
  }
}

export const CORP = {
  corp_id: "ww0123456789abcdef",
  secret: "a-secret-that-nobody-may-read",
  callback_token: "sandboxToken01",
  callback_aes_key: "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY",
} as const

export function testClient(base: string, store = memoryTokenStore()): Client {
  const wire = openWire(base)
  const tokens = openTokens({ corp_id: CORP.corp_id, secret: CORP.secret, store, wire })
  return openClient({ wire, tokens, pace: freePace() })
}

/** An event's XML as the platform writes it: texts in CDATA, numbers bare. */
export function eventXml(fields: Record<string, string | number | string[]>): string {
  const all = { ToUserName: CORP.corp_id, FromUserName: "sys", MsgType: "event", ...fields }
  const parts = Object.entries(all).map(([name, value]) => {
    if (Array.isArray(value))
      return `<${name}>${value.map((v) => `<Item><![CDATA[${v}]]></Item>`).join("")}</${name}>`
    return `<${name}>${typeof value === "number" ? value : `<![CDATA[${value}]]>`}</${name}>`
  })
  return `<xml>${parts.join("")}</xml>`
}

export function contactEvent(
  change: string,
  account: string,
  external: string,
  at_s: number,
  extra: Record<string, string> = {},
): string {
  return eventXml({
    CreateTime: at_s,
    Event: "change_external_contact",
    ChangeType: change,
    UserID: account,
    ExternalUserID: external,
    ...extra,
  })
}

/** A sink that keeps what it is told. */
export function memorySink(): {
  told: Happening[]
  sink: (_tx: unknown, happenings: Happening[]) => Promise<void>
} {
  const told: Happening[] = []
  return {
    told,
    sink: async (_tx, happenings) => {
      told.push(...happenings)
    },
  }
}
