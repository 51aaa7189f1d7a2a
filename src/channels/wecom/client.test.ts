import { describe, expect, it } from "vitest"
import { z } from "zod"
import { openDb } from "../../platform/db.ts"
import { testDatabase } from "../../platform/testkit/index.ts"
import { openClient } from "./client.ts"
import { failureOf } from "./errors.ts"
import { PACE_CHUNK, PACE_MINUTE } from "./limits.ts"
import { freePace, pgPace } from "./pace.ts"
import { CORP, memoryTokenStore, testClient, testPlatform } from "./testkit/index.ts"
import { openTokens } from "./token.ts"
import { pgTokenStore } from "./token-store.ts"
import { openWire, readBase } from "./wire.ts"

const any = z.record(z.string(), z.unknown())
const read = { repeatable: true } as const
const sealer = {
  seal: (text: string) => Buffer.from(text).toString("base64"),
  open: (text: string) => Buffer.from(text, "base64").toString(),
}

describe("the address of the platform", () => {
  it.each(["https://qyapi.weixin.qq.com", "http://127.0.0.1:9", "http://localhost:9", "http://[::1]:9"])(
    "%s may be called",
    (base) => expect(readBase(base).origin).toBe(new URL(base).origin),
  )
  it.each([
    "http://qyapi.weixin.qq.com",
    "http://10.0.0.1",
    "http://127.0.0.1.evil.test",
    "ftp://127.0.0.1",
    "https://qyapi.weixin.qq.com/cgi-bin",
    "https://user:pass@qyapi.weixin.qq.com",
  ])("%s may not", (base) => expect(() => readBase(base)).toThrow(/WECOM_API_BASE/))
})

describe("the token", () => {
  it("is fetched once for a hundred callers", async () => {
    const platform = await testPlatform()
    platform.on("x", () => ({}))
    const client = testClient(platform.base)
    await Promise.all(Array.from({ length: 100 }, () => client.call("x", any, read)))
    expect(platform.count("gettoken")).toBe(1)
    expect(platform.count("x")).toBe(100)
  })
  it("that ended early is renewed once for all who were refused, and each call is repeated once", async () => {
    const platform = await testPlatform()
    platform.on("x", ({ query }) => (query.get("access_token") === "token-1" ? { errcode: 42001 } : {}))
    const client = testClient(platform.base)
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.call("x", any, read)))
    expect(answers.every((answer) => answer.ok)).toBe(true)
    expect(platform.count("gettoken")).toBe(2)
    expect(platform.count("x")).toBe(40)
  })
  it("that is refused again and again is not fetched for ever", async () => {
    const platform = await testPlatform()
    platform.on("x", () => ({ errcode: 40014, errmsg: "invalid access_token" }))
    const answer = await testClient(platform.base).call("x", any, read)
    expect(answer).toMatchObject({ ok: false, failure: { class: "retry_later", code: "40014" } })
    expect(platform.count("gettoken")).toBe(2)
    expect(platform.count("x")).toBe(2)
  })
  it("is never asked for again with a wrong secret, which would have our address banned", async () => {
    const platform = await testPlatform()
    platform.on("gettoken", () => ({ errcode: 40001, errmsg: "invalid credential" }))
    const store = memoryTokenStore()
    for (let i = 0; i < 3; i++) {
      const answer = await testClient(platform.base, store).call("x", any, read)
      expect(answer).toMatchObject({ ok: false, failure: { class: "stop", code: "40001" } })
    }
    expect(platform.count("gettoken")).toBe(1)
    expect(platform.count("x")).toBe(0)
  })
  it("is shared by processes through the database: one fetch, sealed at rest, renewed once", async () => {
    const { db, url } = await testDatabase()
    const other = openDb({ url, max: 2 })
    const platform = await testPlatform()
    let bad = ""
    platform.on("x", ({ query }) => (query.get("access_token") === bad ? { errcode: 42001 } : {}))
    const clients = [db, other].map((pool) => {
      const wire = openWire(platform.base)
      const tokens = openTokens({ ...CORP, store: pgTokenStore(pool, sealer), wire })
      return openClient({ wire, tokens, pace: freePace() })
    })
    const callAll = () => Promise.all(clients.flatMap((c) => [1, 2, 3, 4].map(() => c.call("x", any, read))))
    await callAll()
    expect(platform.count("gettoken")).toBe(1)
    const { rows } = await db.query("select sealed from wecom_tokens")
    expect(JSON.stringify(rows)).not.toContain("token-1")
    bad = "token-1"
    expect((await callAll()).every((answer) => answer.ok)).toBe(true)
    expect(platform.count("gettoken")).toBe(2)
    await other.end()
  })
  it("and the secret stand in no answer and no error", async () => {
    const platform = await testPlatform()
    platform.on("x", (_call, n) => (n % 2 ? "cut" : { http: 500, text: "oops" }))
    const answer = await testClient(platform.base).call("x", any, { repeatable: false })
    const text = JSON.stringify(answer)
    expect(text).toContain("lost")
    expect(text).not.toContain("token-1")
    expect(text).not.toContain(CORP.secret)
  })
})

describe("each class of error", () => {
  it("busy, conflict and too many at once are asked again, gently, and then given up for later", async () => {
    const platform = await testPlatform()
    const client = testClient(platform.base)
    const ask = async (errcode: number) => {
      platform.on(`well-${errcode}`, (_call, n) => (n < 3 ? { errcode } : {}))
      platform.on(`ill-${errcode}`, () => ({ errcode }))
      const [well, ill] = await Promise.all([
        client.call(`well-${errcode}`, any, read),
        client.call(`ill-${errcode}`, any, read),
      ])
      expect(well.ok).toBe(true)
      expect(ill).toMatchObject({ ok: false, failure: { class: "retry_later" } })
      expect(platform.count(`ill-${errcode}`)).toBe(3)
    }
    await Promise.all([-1, 6000, 45033, 45035].map(ask))
  })
  it("45009 waits for the window, and nobody calls in it", async () => {
    const { db } = await testDatabase()
    const platform = await testPlatform()
    platform.on("x", () => ({ errcode: 45009 }))
    const make = () => {
      const wire = openWire(platform.base)
      const tokens = openTokens({ ...CORP, store: memoryTokenStore(), wire })
      return openClient({ wire, tokens, pace: pgPace(db) })
    }
    const first = await make().call("x", any, { ...read, patience_ms: 0 })
    expect(first).toMatchObject({ ok: false, failure: { class: "wait_window", code: "45009" } })
    const second = await make().call("x", any, { ...read, patience_ms: 0 })
    expect(second).toMatchObject({ ok: false, failure: { class: "wait_window", code: "pace" } })
    expect(platform.count("x")).toBe(1)
  })
  it("a right that is missing stops, a wrong argument is to be fixed, a code nobody knows too", () => {
    expect(failureOf(48002, "").class).toBe("stop")
    expect(failureOf(40058, "").class).toBe("fix")
    expect(failureOf(123456, "").class).toBe("fix")
    expect(failureOf(41063, "")).toMatchObject({ class: "retry_later", retry_after_ms: 3_000 })
    expect(failureOf(41050, "").class).toBe("never")
  })
})

describe("a line that fails", () => {
  it("while sending leaves the outcome unknown, and the call is not repeated", async () => {
    const platform = await testPlatform()
    for (const fault of ["cut", { http: 502 }, { errcode: -1 }, { http: 200, text: "no json" }] as const) {
      platform.on("send", () => fault)
      const before = platform.count("send")
      const answer = await testClient(platform.base).call("send", any, { repeatable: false })
      expect(answer).toMatchObject({ ok: false, lost: true })
      expect(platform.count("send")).toBe(before + 1)
    }
  })
  it("that hangs ends after the time-out", async () => {
    const platform = await testPlatform()
    platform.on("send", () => "hang")
    const answer = await testClient(platform.base).call("send", any, { repeatable: false, timeout_ms: 100 })
    expect(answer).toMatchObject({ ok: false, lost: true, detail: "send: TimeoutError" })
  })
  it("before anything was sent is no unknown outcome", async () => {
    const answer = await testClient("http://127.0.0.1:9").call("send", any, { repeatable: false })
    expect(answer).toMatchObject({ ok: false, lost: false, failure: { class: "retry_later" } })
  })
  it("while reading is asked again", async () => {
    const platform = await testPlatform()
    platform.on("get", (_call, n) => (n < 3 ? "cut" : { value: 7 }))
    expect(await testClient(platform.base).call("get", any, read)).toMatchObject({
      ok: true,
      body: { value: 7 },
    })
  })
})

describe("the pace", () => {
  it("of several processes together stays below the published minute, and uses nearly all of it", async () => {
    const { db } = await testDatabase()
    const paces = [pgPace(db), pgPace(db), pgPace(db)]
    let passed = 0
    const greedy = paces.map(async (pace) => {
      while (!(await pace.take("x", 0))) passed++
    })
    await Promise.all(greedy)
    expect(passed).toBeGreaterThanOrEqual(PACE_MINUTE.burst * 0.95)
    expect(passed).toBeLessThanOrEqual(
      PACE_MINUTE.burst + 60_000 / PACE_MINUTE.interval_ms / 6 + 3 * PACE_CHUNK,
    )
    expect(await pgPace(db).take("y", 0)).toBeUndefined()
  })
})
