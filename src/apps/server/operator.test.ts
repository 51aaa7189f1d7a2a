import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { z } from "zod"
import { defineEndpoint } from "../../kernel/contract.ts"
import { type Db, openDb } from "../../platform/db.ts"
import { implement } from "../../platform/http/index.ts"
import { createLog } from "../../platform/log.ts"
import { freePort } from "../../platform/postgres/index.ts"
import { testDatabase, until } from "../../platform/testkit/index.ts"
import { registerHandlers } from "../../spine/facts/index.ts"
import { createServer } from "./create-server.ts"

const home = mkdtempSync(join(tmpdir(), "siyu-operator-"))
const open: { end(): Promise<unknown> }[] = []
afterAll(async () => {
  for (const one of open) await one.end()
  rmSync(home, { recursive: true, force: true })
})

const look = defineEndpoint({
  id: "test.look",
  method: "GET",
  path: "/api/look",
  permission: "public",
  summary: { zh: "看", en: "Look" },
  query: z.object({ q: z.string().optional(), sql: z.string().optional() }),
  answer: z.object({}),
})
const log = createLog({ home, name: "server", to: "file" })
const server = (db: Db) =>
  createServer({
    db,
    log,
    clock: { now: () => new Date() },
    routes: [
      implement(look, async (ctx, { query }) => {
        await ctx.db.query(query.sql ?? "select 1")
        return {}
      }),
    ],
  })
const lines = () =>
  readFileSync(join(home, "logs/server.log"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>)

describe("who runs the place", () => {
  it("sees by numbers how far readers are behind, what was given up, and who waits for a connection", async () => {
    const { db } = await testDatabase()
    const app = await server(db)
    await registerHandlers(db, [
      {
        name: "test.reader",
        types: ["a.b"],
        origins: "all",
        from: "start",
        batch: 1,
        handle: async () => {},
      },
    ])
    await app.inject("/api/look")
    const { body } = await app.inject("/metrics")
    for (const line of [
      'siyu_facts_behind{handler="test.reader"} 0',
      'siyu_facts_dead{handler="test.reader"} 0',
      "siyu_facts_held_seconds 0",
      "siyu_database_up 1",
      'siyu_database_connections{state="waiting"} 0',
      'siyu_http_requests_total{endpoint="test.look",status="200"} 1',
    ])
      expect(body).toContain(line)
    const writer = await db.connect()
    await writer.query("begin")
    await writer.query("select pg_current_xact_id()")
    await until(async () =>
      /siyu_facts_held_seconds (?!0\n)[\d.e-]+/.test((await app.inject("/metrics")).body),
    )
    await writer.query("rollback")
    writer.release()
  })

  it("is told that the database is away, by numbers too, and callers are asked to come again: it is no bug", async () => {
    const db = openDb({ url: `postgres://nobody:x@127.0.0.1:${await freePort()}/siyu` })
    open.push(db)
    const app = await server(db)
    const ready = await app.inject("/readyz")
    expect([ready.statusCode, ready.json()]).toMatchObject([
      503,
      { ready: false, code: "database_unreachable", reason: expect.stringContaining("cannot be reached") },
    ])
    const metrics = await app.inject("/metrics")
    expect([metrics.statusCode, metrics.body]).toEqual([200, expect.stringContaining("siyu_database_up 0")])
    const answer = await app.inject("/api/look")
    expect([answer.statusCode, answer.json().code, answer.headers["retry-after"]]).toEqual([
      503,
      "overloaded",
      "5",
    ])
    expect((await app.inject("/healthz")).statusCode).toBe(200)
  })

  it("is told when the database has no hand free, instead of waiting for its answer", async () => {
    const { db } = await testDatabase({ max: 1 })
    const app = await server(db)
    const held = await db.connect()
    expect((await app.inject("/readyz")).json()).toMatchObject({ ready: false, code: "database_busy" })
    held.release()
    expect((await app.inject("/readyz")).json()).toEqual({ ready: true })
  })

  it("finds a request by its id in the log, and nothing of what was searched for", async () => {
    const { db } = await testDatabase()
    const app = await server(db)
    const broken = await app.inject("/api/look?q=13800001234&sql=select%20nothing")
    expect(broken.statusCode).toBe(500)
    const mine = lines().filter((line) => line.request_id === broken.json().request_id)
    expect(mine.map(({ msg, endpoint, status }) => ({ msg, endpoint, status }))).toEqual([
      { msg: "a request failed" },
      { msg: "answered", endpoint: "/api/look", status: 500 },
    ])
    expect(readFileSync(join(home, "logs/server.log"), "utf8")).not.toContain("13800001234")
  })

  it("and everybody who asks hear in one sentence that the disk is full", async () => {
    const { db } = await testDatabase()
    const app = await server(db)
    const full = "do $$ begin raise exception 'no space' using errcode = '53100'; end $$"
    const answer = await app.inject(`/api/look?sql=${encodeURIComponent(full)}`)
    expect([answer.statusCode, answer.json()]).toMatchObject([
      503,
      { code: "disk_full", message: expect.stringContaining("磁盘已满"), message_en: expect.any(String) },
    ])
    expect(lines().at(-2)).toMatchObject({ msg: "the place cannot serve just now" })
  })
})
