import type { FastifyInstance } from "fastify"
import { beforeAll, describe, expect, it } from "vitest"
import { z } from "zod"
import { defineEndpoint } from "../../kernel/contract.ts"
import { refuse } from "../../kernel/result.ts"
import type { Db } from "../db.ts"
import { testDb } from "../testkit/index.ts"
import { createHttp, implement } from "./index.ts"
import { networkOf, triesByAddress } from "./per-address.ts"

const TRIES = { tries: 3, back_after_ms: 1_000 }
const knock = defineEndpoint({
  id: "test.knock",
  method: "POST",
  path: "/api/knock",
  permission: "public",
  per_address: TRIES,
  summary: { zh: "敲门", en: "Knock" },
  body: z.object({ right: z.boolean() }),
  answer: z.object({ ip: z.string() }),
})
const route = implement(knock, async (ctx, { body }) => {
  if (!body.right) return refuse("not_signed_in")
  ctx.set_cookie("siyu_session", "value", 60)
  return { ip: ctx.ip }
})

let db: Db
let now_ms = 0
let believing: FastifyInstance
let distrustful: FastifyInstance
beforeAll(async () => {
  db = await testDb()
  const base = {
    db,
    clock: { now: () => new Date() },
    routes: [route],
    resolveActor: async () => null,
    machine_now_ms: () => now_ms,
  }
  believing = await createHttp({ ...base, trust_proxy: ["10.0.0.0/8"] })
  distrustful = await createHttp(base)
})

const call = async (app: FastifyInstance, from: string, headers: Record<string, string> = {}, right = true) =>
  app.inject({ method: "POST", url: "/api/knock", remoteAddress: from, headers, payload: { right } })
const FORWARDED = { "x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https" }

describe("behind a TLS proxy", () => {
  it("the caller's address and https are taken from a named proxy: the cookie is Secure, the browser stays on https", async () => {
    const answer = await call(believing, "10.1.2.3", FORWARDED)
    expect(answer.json()).toEqual({ ip: "203.0.113.7" })
    expect(answer.cookies[0]).toMatchObject({ secure: true, httpOnly: true })
    expect(answer.headers["strict-transport-security"]).toMatch(/^max-age=\d+$/)
  })

  it("forged headers of anybody else are ignored, and so is what a caller put before the proxy's own word", async () => {
    for (const answer of [
      await call(believing, "192.0.2.1", FORWARDED),
      await call(distrustful, "192.0.2.1", FORWARDED),
    ]) {
      expect(answer.json()).toEqual({ ip: "192.0.2.1" })
      expect(answer.cookies[0]?.secure).toBeUndefined()
      expect(answer.headers["strict-transport-security"]).toBeUndefined()
    }
    const chained = await call(believing, "10.1.2.3", { "x-forwarded-for": "127.0.0.1, 203.0.113.7" })
    expect(chained.json()).toEqual({ ip: "203.0.113.7" })
    const nonsense = await call(believing, "10.1.2.3", { "x-forwarded-for": "'; drop table" })
    expect(nonsense.json()).toEqual({ ip: "10.1.2.3" })
  })

  it("a page is at home under the name that the proxy was asked for", async () => {
    const headers = {
      ...FORWARDED,
      cookie: "siyu_session=x",
      origin: "https://siyu.example",
      "x-forwarded-host": "siyu.example",
    }
    expect((await call(believing, "10.1.2.3", headers)).statusCode).toBe(200)
    expect((await call(distrustful, "10.1.2.3", headers)).statusCode).toBe(403)
  })
})

describe("tries by address", () => {
  it("run out for who guesses, with the time to wait, and for nobody else", async () => {
    const guess = () => call(distrustful, "198.51.100.1", {}, false)
    for (let n = 0; n < TRIES.tries; n++) expect((await guess()).statusCode).toBe(401)
    const over = await guess()
    expect(over.statusCode).toBe(429)
    expect(over.json()).toMatchObject({ code: "too_many_requests" })
    expect(over.headers["retry-after"]).toBe("1")
    expect((await call(distrustful, "198.51.100.2", {}, false)).statusCode).toBe(401)
    now_ms += TRIES.back_after_ms
    expect((await guess()).statusCode).toBe(401)
    expect((await guess()).statusCode).toBe(429)
  })

  it("are not used up by who gets in, however often", async () => {
    for (let n = 0; n < 3 * TRIES.tries; n++)
      expect((await call(distrustful, "198.51.100.3")).statusCode).toBe(200)
  })

  it("are counted for a bounded number of addresses, the quiet ones forgotten first", () => {
    const tries = triesByAddress(TRIES, 100)
    for (let n = 0; n < TRIES.tries; n++) tries.take("198.51.100.1", 0)
    for (let n = 0; n < 99; n++) tries.take(`192.0.2.${n}`, 0)
    expect(tries.take("198.51.100.1", 0)).toBeGreaterThan(0)
    for (let n = 0; n < 1_000; n++) tries.take(`10.0.${n >> 8}.${n & 255}`, 0)
    expect(tries.size()).toBe(100)
    expect(tries.take("198.51.100.1", 0)).toBe(0)
  })

  it("are one for the whole network of an IPv6 address, and for all spellings of an IPv4 one", () => {
    expect(networkOf("2001:db8:0:1::1")).toBe(networkOf("2001:0DB8:0000:0001:ffff:1:2:3"))
    expect(networkOf("2001:db8:0:2::1")).not.toBe(networkOf("2001:db8:0:1::1"))
    expect(networkOf("::ffff:192.0.2.1")).toBe("192.0.2.1")
    expect(networkOf("::1")).toBe("0:0:0:0::/64")
  })
})
