import fc from "fast-check"
import type { FastifyInstance } from "fastify"
import { beforeAll, describe, expect, it } from "vitest"
import { receiveMessages } from "../../modules/groups/index.ts"
import { receiveShopOrders } from "../../modules/orders/index.ts"
import { type Db, oneRow } from "../../platform/db.ts"
import { createHttp } from "../../platform/http/index.ts"
import { signatureOf } from "../../platform/http/signed.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { openDoors } from "./doors.ts"

const SECRET = "a secret of both sides"
const now = new Date("2026-11-23T04:00:00Z")
let db: Db
let app: FastifyInstance
beforeAll(async () => {
  db = await testDb()
  app = await createHttp({ db, clock: { now: () => now }, routes: [], resolveActor: async () => null })
  await openDoors(app, [
    {
      path: "/callbacks/shop",
      body_limit_bytes: 100_000,
      receive: (headers, body) => receiveShopOrders({ db, secret: SECRET }, headers, body, now),
    },
    {
      path: "/callbacks/group-robot",
      body_limit_bytes: 100_000,
      receive: (headers, body) =>
        receiveMessages({ db, secret: SECRET, channel: "wecom" }, headers, body, now),
    },
    { path: "/callbacks/closed", body_limit_bytes: 10, receive: async () => ({ refused: "door_closed" }) },
  ])
})

const DOORS = [
  ["/callbacks/shop", "x-shop"],
  ["/callbacks/group-robot", "x-robot"],
] as const
function push(path: string, headers: string, body: string | Buffer, change: Record<string, string> = {}) {
  const timestamp = String(Math.floor(Date.now() / 1000))
  return app.inject({
    method: "POST",
    url: path,
    headers: {
      "content-type": "application/json",
      [`${headers}-timestamp`]: timestamp,
      [`${headers}-signature`]: signatureOf(SECRET, timestamp, body),
      ...change,
    },
    payload: body,
  })
}
const sentence = (code: string) => ({
  code,
  message: expect.stringMatching(/\p{Script=Han}/u),
  message_en: expect.stringMatching(/\w/),
})

describe.each(DOORS)("the signed door %s", (path, headers) => {
  it("tells whoever set it up wrong what to do, in both languages", async () => {
    expect((await push(path, headers, "{}", { [`${headers}-signature`]: "0" })).json()).toMatchObject(
      sentence("bad_signature"),
    )
    const old = "1700000000"
    const stale = {
      [`${headers}-timestamp`]: old,
      [`${headers}-signature`]: signatureOf(SECRET, old, "{}"),
    }
    expect((await push(path, headers, "{}", stale)).json()).toMatchObject(sentence("stale_timestamp"))
    expect((await push(path, headers, "{broken")).json()).toMatchObject({
      ...sentence("invalid_input"),
      field: "body",
    })
    expect((await push(path, headers, "x".repeat(200_000))).json()).toMatchObject(sentence("too_large"))
  })

  it("takes any well signed nonsense for what it is, and keeps nothing of it", async () => {
    const deep = `${"[".repeat(40_000)}${"]".repeat(40_000)}`
    const nonsense = fc.oneof(
      fc.json(),
      fc.string({ unit: "binary" }),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      fc.constantFrom(
        deep,
        `{"orders":${deep}}`,
        `{"messages":${deep}}`,
        '{"messages":[{"msg_id":"\\u0000"}]}',
        '{"orders":[{"order_no":"\\ud800"}]}',
        '{"__proto__":{"messages":[]}}',
      ),
    )
    await fc.assert(
      fc.asyncProperty(nonsense, async (body) => {
        const answer = await push(path, headers, body)
        expect(answer.statusCode).toBeLessThan(500)
        if (answer.statusCode >= 400) expect(answer.json()).toMatchObject(sentence(answer.json().code))
      }),
      { numRuns: 150 },
    )
    const { n } = await oneRow<{ n: number }>(
      db,
      "select (select count(*) from orders_orders) + (select count(*) from groups_messages) as n",
    )
    expect(n).toBe(0)
  })
})

it("a door without a secret says that it is closed", async () => {
  expect((await push("/callbacks/closed", "x", "")).json()).toMatchObject(sentence("door_closed"))
})
