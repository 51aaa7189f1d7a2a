import { createCipheriv, randomBytes } from "node:crypto"
import { getSignature, encrypt as sealByLibrary } from "@wecom/crypto"
import fc from "fast-check"
import fastify from "fastify"
import { beforeAll, beforeEach, describe, expect, it } from "vitest"
import { type Db, oneRow } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { aesKey, open, signatureOf } from "./crypto.ts"
import { openDoor } from "./door.ts"
import { readEvent } from "./event.ts"
import { REPLAY_WINDOW_MS } from "./limits.ts"
import { CALLBACK_PATH, wecomRoutes } from "./routes.ts"
import { CORP, contactEvent, eventXml } from "./testkit/index.ts"

let db: Db
const NOW = new Date(1_767_225_600_000)
const AT = NOW.getTime() / 1000
const door = openDoor(CORP)

beforeAll(async () => {
  db = await testDb()
})
beforeEach(async () => {
  await db.query("truncate wecom_callbacks")
})

const stored = async () => (await oneRow<{ n: number }>(db, "select count(*)::int n from wecom_callbacks")).n

function push(message: string, change: { corp?: string; at_s?: number; key?: string } = {}) {
  const encrypt = sealByLibrary(change.key ?? CORP.callback_aes_key, message, change.corp ?? CORP.corp_id)
  return signed(encrypt, change.at_s)
}
function signed(encrypt: string, at_s = AT) {
  const [timestamp, nonce] = [String(at_s), "nonce77"]
  return {
    query: { timestamp, nonce, msg_signature: getSignature(CORP.callback_token, timestamp, nonce, encrypt) },
    body: `<xml><ToUserName><![CDATA[${CORP.corp_id}]]></ToUserName><Encrypt><![CDATA[${encrypt}]]></Encrypt></xml>`,
  }
}
const receive = ({ query, body }: { query: Record<string, string>; body: string }) =>
  door.receive(db, query, body, NOW)
const added = contactEvent("add_external_contact", "guide_07", "wmPerson1", AT, {
  WelcomeCode: "WC1",
  State: "store_12",
})

describe("the published vectors", () => {
  const key = aesKey(CORP.callback_aes_key)!
  it.each([
    [
      "8848123456789",
      "j6vsOpBNQ16EYTy8Pn5HPaw8jwPROwlYiejaPuogNMbgsTecxAAor8rfzZw+AkSu37nlhK4R0lDJoIqTi6VpEQ==",
      "ad5462749a04c2a630570254c72f506e4c367160",
    ],
    [
      "<xml><MsgType><![CDATA[event]]></MsgType><Note><![CDATA[你好]]></Note></xml>",
      "j6vsOpBNQ16EYTy8Pn5HPQWtofqjWxSoIfyLOibBIpswroR7OknKfUsdp1RsolubfLST/kxwWxA8/JnEFHGZZAeO5Z/AEkva5TJ4ZrUS2h3y/GDcax517gZB0Uxczhd9854qvsFLQf2dtK0f1D5HZkL4p4FUkl5MLSOPdFU9Ngw=",
      "2e92d4a4beb43a78f86049a1d33f4d4bf4cfe468",
    ],
  ])("opens and signs %s", (message, encrypt, signature) => {
    expect(open(key, encrypt)).toEqual({ message, receive_id: "ww0123456789abcdef" })
    expect(signatureOf("sandboxToken01", "1767225600", "nonce77", encrypt)).toBe(signature)
  })
  it("any 43 letters and digits are a key, also those that a strict base64 reader refuses", () => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    const text = fc.string({ unit: fc.constantFrom(...alphabet), minLength: 43, maxLength: 43 })
    fc.assert(
      fc.property(text, fc.string({ unit: "binary" }), (secret, message) => {
        const opened = open(aesKey(secret)!, sealByLibrary(secret, message, "corp"))
        return opened?.message === message && opened.receive_id === "corp"
      }),
    )
    expect(aesKey("short")).toBeNull()
    expect(aesKey("+".repeat(43))).toBeNull()
  })
})

describe("checking our address", () => {
  const echo = (encrypt: string) => ({ ...signed(encrypt).query, echostr: encrypt })
  it("answers the plain text alone", () => {
    const encrypt = sealByLibrary(CORP.callback_aes_key, "8848123456789", CORP.corp_id)
    expect(door.verifyUrl(echo(encrypt), NOW)).toEqual({ status: 200, body: "8848123456789" })
  })
  it("a stranger learns nothing", () => {
    const encrypt = sealByLibrary(CORP.callback_aes_key, "8848123456789", "wwOther")
    expect(door.verifyUrl(echo(encrypt), NOW)).toEqual({ status: 403, body: "" })
    expect(door.verifyUrl({}, NOW)).toEqual({ status: 403, body: "" })
    expect(
      door.verifyUrl({ msg_signature: ["a"], timestamp: "1", nonce: "n", echostr: "x" }, NOW).status,
    ).toBe(403)
  })
})

describe("an event that comes in", () => {
  it("is stored once however often it is pushed", async () => {
    expect(await receive(push(added))).toEqual({ status: 200, stored: true })
    expect(await receive(push(added))).toEqual({ status: 200, stored: false })
    const row = await oneRow<{ copies: number; urgent: boolean; subject: string }>(
      db,
      "select copies, urgent, subject from wecom_callbacks",
    )
    expect(row).toEqual({ copies: 2, urgent: true, subject: "contact wmPerson1" })
  })
  it("is another one for another person in the same second", async () => {
    await receive(push(added))
    await receive(push(contactEvent("add_external_contact", "guide_07", "wmPerson2", AT)))
    expect(await stored()).toBe(2)
  })
  it("is the same however its XML is spaced and ordered", () => {
    const plain = `<xml>\n <Event>change_external_tag</Event> <CreateTime>5</CreateTime><Id><![CDATA[ab]]></Id></xml>`
    const other = `<xml><CreateTime><![CDATA[5]]></CreateTime><Id>ab</Id><Event><![CDATA[change_external_tag]]></Event></xml>`
    expect(readEvent(plain)?.key).toBe(readEvent(other)?.key)
  })
  it("is taken in the JSON form too", async () => {
    const { query, body } = push(added)
    const encrypt = /CDATA\[([^\]]+)\]\]><\/Encrypt>/.exec(body)![1]!
    expect(await receive({ query, body: JSON.stringify({ tousername: CORP.corp_id, encrypt }) })).toEqual({
      status: 200,
      stored: true,
    })
  })
  it("of an unknown kind is kept", async () => {
    expect(await receive(push(eventXml({ CreateTime: AT, Event: "brand_new", ChangeType: "x" })))).toEqual({
      status: 200,
      stored: true,
    })
  })
  it("with a NUL or a lone surrogate in it does not break the door", async () => {
    const odd = eventXml({ CreateTime: AT, Event: "change_external_tag", Id: "a\u0000b" })
    expect((await receive(push(odd))).status).toBeLessThan(500)
  })
})

describe("what must not come in", () => {
  const key = aesKey(CORP.callback_aes_key)!
  const raw = (plain: Buffer) => {
    const cipher = createCipheriv("aes-256-cbc", key, key.subarray(0, 16)).setAutoPadding(false)
    return Buffer.concat([cipher.update(plain), cipher.final()]).toString("base64")
  }
  const padded = (length: number, pad: number, declared = 4) => {
    const plain = Buffer.alloc(length, pad)
    randomBytes(16).copy(plain)
    plain.writeUInt32BE(declared, 16)
    return plain
  }
  const bomb = `<!DOCTYPE xml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><xml><Event>&b;</Event></xml>`
  const sealed = sealByLibrary(CORP.callback_aes_key, added, CORP.corp_id)
  const attacks: [string, () => { query: Record<string, string>; body: string }, number][] = [
    [
      "a wrong signature",
      () => ({ ...push(added), query: { ...push(added).query, msg_signature: "0".repeat(40) } }),
      403,
    ],
    ["no signature", () => ({ ...push(added), query: {} }), 403],
    [
      "another signed time",
      () => ({ ...push(added), query: { ...push(added).query, timestamp: String(AT + 1) } }),
      403,
    ],
    ["a time long ago, well signed", () => push(added, { at_s: AT - 86_400 }), 403],
    ["a time to come, well signed", () => push(added, { at_s: AT + 86_400 }), 403],
    ["another company's event", () => push(added, { corp: "wwOther" }), 403],
    ["no company", () => push(added, { corp: "" }), 403],
    ["another company inside", () => push(added.replace(CORP.corp_id, "wwOther")), 403],
    ["another key", () => push(added, { key: "A".repeat(43) }), 403],
    ["a truncated cipher", () => signed(sealed.slice(0, 20)), 403],
    [
      "a cipher cut at a block",
      () => signed(Buffer.from(sealed, "base64").subarray(0, 32).toString("base64")),
      403,
    ],
    ["no base64", () => signed("!!!!"), 403],
    ["a pad of nought", () => signed(raw(padded(64, 0))), 403],
    ["a pad of 33", () => signed(raw(padded(64, 33))), 403],
    ["an uneven pad", () => signed(raw(Buffer.concat([padded(48, 7), Buffer.alloc(16, 9)]))), 403],
    ["a length beyond the end", () => signed(raw(padded(64, 1, 0xffffffff))), 403],
    ["an outer DOCTYPE", () => ({ ...push(added), body: bomb }), 400],
    [
      "a repeated DOCTYPE",
      () => ({ ...push(added), body: "<!DOCTYPE a>".repeat(500) + push(added).body }),
      400,
    ],
    ["billion laughs inside", () => push(bomb), 400],
    ["an inner ENTITY in odd spelling", () => push(`<!  eNtItY x "y">${added}`), 400],
    ["no XML at all", () => ({ ...push(added), body: "hello" }), 400],
    ["an empty body", () => ({ ...push(added), body: "" }), 400],
    ["half a document", () => push(added.slice(0, 80)), 400],
    ["a numeric entity flood", () => push(`<xml><Event>${"&#x41;".repeat(8_000)}</Event></xml>`), 400],
    ["deep nesting", () => push(`<xml>${"<a>".repeat(2_000)}${"</a>".repeat(2_000)}</xml>`), 400],
    ["prototype names", () => push("<xml><__proto__><Event>x</Event></__proto__></xml>"), 400],
    ["a body over 64 KB", () => ({ ...push(added), body: " ".repeat(70_000) + push(added).body }), 413],
  ]
  it.each(attacks)("%s: refused at once, nothing stored", async (_name, attack, status) => {
    const one = attack()
    const begun = performance.now()
    expect(await receive(one)).toMatchObject({ status, stored: false })
    expect(performance.now() - begun).toBeLessThan(200)
    expect(await stored()).toBe(0)
  })
  it("whatever bytes are signed, the door neither breaks nor stores them", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 0, maxLength: 200 }), async (bytes) => {
        const answer = await receive(signed(Buffer.from(bytes).toString("base64")))
        expect(answer.status).toBeGreaterThanOrEqual(400)
        expect(answer.status).toBeLessThan(500)
      }),
      { numRuns: 300 },
    )
    expect(await stored()).toBe(0)
  })
  it("settings that are none are told at the start", () => {
    expect(() => openDoor({ ...CORP, callback_aes_key: "x" })).toThrow(/43/)
    expect(() => openDoor({ ...CORP, callback_token: "x y" })).toThrow(/32/)
  })
})

describe("over HTTP", () => {
  const app = fastify()
  let woken = 0
  const refusals: string[] = []
  beforeAll(async () => {
    wecomRoutes(app, {
      db,
      door,
      now: () => NOW,
      onStored: () => void woken++,
      onRefused: (code) => refusals.push(code),
    })
    app.post("/api/other", async () => ({ ok: true }))
    await app.ready()
  })
  const url = (query: Record<string, string>) => `${CALLBACK_PATH}?${new URLSearchParams(query)}`
  it("an event is 200 with nothing in it, and wakes the worker once", async () => {
    const { query, body } = push(added)
    for (const type of ["text/xml", "application/json", "application/x-www-form-urlencoded"]) {
      const answer = await app.inject({
        method: "POST",
        url: url(query),
        body,
        headers: { "content-type": type },
      })
      expect([answer.statusCode, answer.body]).toEqual([200, ""])
    }
    expect(woken).toBe(1)
  })
  it("the address check is the plain text with nothing round it", async () => {
    const encrypt = sealByLibrary(CORP.callback_aes_key, "8848", CORP.corp_id)
    const answer = await app.inject({
      method: "GET",
      url: url({ ...signed(encrypt).query, echostr: encrypt }),
    })
    expect([answer.statusCode, answer.body]).toEqual([200, "8848"])
  })
  it("what was made of a true push by changing it is refused, all of it looks the same from outside, and nothing is stored", async () => {
    const { query, body } = push(added)
    const sealed = /CDATA\[([^\]]+)\]\]><\/Encrypt>/.exec(body)![1]!
    const bytes = Buffer.from(sealed, "base64")
    const place = fc.nat(bytes.length - 1)
    const flipped = fc.tuple(place, fc.integer({ min: 1, max: 255 })).map(([at, mask]) => {
      const copy = Buffer.from(bytes)
      copy[at]! ^= mask
      return copy.toString("base64")
    })
    const cut = place.map((n) => bytes.subarray(0, n).toString("base64"))
    // The block before the last decides how the padding reads; whoever signs it holds the token, but not the key.
    const badPad = fc.integer({ min: 1, max: 255 }).map((mask) => {
      const copy = Buffer.from(bytes)
      copy[copy.length - 17]! ^= mask
      return copy.toString("base64")
    })
    const asked = (encrypt: string, changed: Partial<typeof query> = {}) => ({
      query: { ...query, ...changed },
      body: body.replace(sealed, encrypt),
    })
    const text = fc.string({ maxLength: 60 })
    const changed = fc.oneof(
      flipped.map((encrypt) => asked(encrypt)),
      cut.map((encrypt) => asked(encrypt)),
      cut.map((encrypt) => signed(encrypt)),
      badPad.map((encrypt) => signed(encrypt)),
      text.map((msg_signature) => asked(sealed, { msg_signature })),
      text.filter((nonce) => nonce !== query.nonce).map((nonce) => asked(sealed, { nonce })),
      fc
        .nat()
        .filter((at) => at !== AT)
        .map((at) => asked(sealed, { timestamp: String(at) })),
      fc.integer({ min: REPLAY_WINDOW_MS / 1000 + 1, max: 1e9 }).map((late) => signed(sealed, AT - late)),
      text.filter((corp) => corp !== CORP.corp_id).map((corp) => push(added, { corp })),
    )
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(changed, async (one) => {
        const answer = await app.inject({ method: "POST", url: url(one.query), body: one.body })
        const { date: _, ...headers } = answer.headers
        seen.add(JSON.stringify([answer.statusCode, answer.body, headers]))
        expect(answer.statusCode).toBe(one.body.includes("<Encrypt><![CDATA[]]>") ? 400 : 403)
      }),
      { numRuns: Number(process.env.SIYU_FUZZ_CALLBACKS ?? 400) },
    )
    expect([...seen].filter((one) => one.startsWith("[403"))).toHaveLength(1)
    expect(await stored()).toBe(0)
  })
  it("10 MB are refused before they are read", async () => {
    const { query } = push(added)
    const answer = await app.inject({ method: "POST", url: url(query), body: Buffer.alloc(10_000_000, 65) })
    expect(answer.statusCode).toBe(413)
    expect(refusals).toContain("body_too_large")
  })
  it("the rest of the server still takes JSON only", async () => {
    const answer = await app.inject({
      method: "POST",
      url: "/api/other",
      body: "<xml/>",
      headers: { "content-type": "text/xml" },
    })
    expect(answer.statusCode).toBe(415)
  })
})
