import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { ROOT, readConfig, secretKey } from "./config.ts"

const home = mkdtempSync(join(tmpdir(), "siyu-config-"))
afterAll(() => rmSync(home, { recursive: true, force: true }))

const WECOM = { WECOM_CORP_ID: "ww0123456789abcdef", WECOM_SECRET: "s" }

describe("the settings", () => {
  it("need none: a sandbox company on the loopback, kept below the clone", () => {
    expect(readConfig({})).toMatchObject({
      home: join(ROOT, ".siyu"),
      host: "127.0.0.1",
      role: "all",
      database_url: null,
      sandbox: true,
      wecom: null,
    })
  })

  it("take relative homes from the clone's root and leave absolute ones alone", () => {
    expect(readConfig({ SIYU_HOME: "data/one" }).home).toBe(join(ROOT, "data/one"))
    expect(readConfig({ SIYU_HOME: "/srv/siyu/" }).home).toBe("/srv/siyu")
  })

  it("read an empty variable as one that is not set", () => {
    expect(readConfig({ PORT: "", DATABASE_URL: "", SIYU_SANDBOX: "" })).toMatchObject({
      database_url: null,
      sandbox: true,
    })
  })

  it.each([
    ["PORT", "eighty"],
    ["PORT", "70000"],
    ["PORT", "-1"],
    ["HOST", "two words"],
    ["DATABASE_URL", "mysql://x/y"],
    ["SIYU_ROLE", "boss"],
    ["SIYU_SANDBOX", "maybe"],
    ["SIYU_OWNER_PASSWORD", "short"],
    ["SIYU_SECRET_KEY", "short"],
    ["WECOM_CALLBACK_AES_KEY", "a".repeat(42)],
    ["WECOM_API_BASE", "http://example.com"],
    ["WECOM_API_BASE", "https://example.com/cgi-bin"],
    ["SIYU_TRUST_PROXY", "everybody"],
    ["SIYU_TRUST_PROXY", "0.0.0.0/0"],
    ["SIYU_TRUST_PROXY", "10.0.0.0/33"],
    ["LOG", "printer"],
  ])("name the variable in one sentence in both languages when %s is %j", (name, value) => {
    expect(() => readConfig({ ...WECOM, [name]: value })).toThrow(
      expect.objectContaining({
        code: "damaged_setting",
        zh: expect.stringContaining(name),
        en: expect.stringContaining(name),
      }),
    )
  })

  it("believe no proxy but those that are named", () => {
    expect(readConfig({}).trust_proxy).toEqual([])
    expect(readConfig({ SIYU_TRUST_PROXY: "loopback" }).trust_proxy).toContain("127.0.0.0/8")
    expect(readConfig({ SIYU_TRUST_PROXY: "10.0.0.0/8, 2001:db8::1" }).trust_proxy).toEqual([
      "10.0.0.0/8",
      "2001:db8::1",
    ])
  })

  it("switch the sandbox off for a real company, and take any 43 letters or digits as its key", () => {
    const key = "z".repeat(43)
    const config = readConfig({
      ...WECOM,
      WECOM_CALLBACK_TOKEN: "tok",
      WECOM_CALLBACK_AES_KEY: key,
      WECOM_API_BASE: "http://127.0.0.1:8080/",
    })
    expect(config.sandbox).toBe(false)
    expect(config.wecom).toMatchObject({
      callback_aes_key: key,
      api_base: "http://127.0.0.1:8080",
      agent_id: null,
    })
    expect(readConfig(WECOM).wecom).toMatchObject({
      api_base: "https://qyapi.weixin.qq.com",
      oauth_base: "https://open.weixin.qq.com",
    })
  })

  it("say what else a company needs, instead of starting deaf", () => {
    expect(() => readConfig({ WECOM_CORP_ID: "ww1" })).toThrow(/WECOM_SECRET/)
    expect(() => readConfig({ ...WECOM, WECOM_CALLBACK_TOKEN: "t" })).toThrow(/WECOM_CALLBACK_AES_KEY/)
    expect(() => readConfig({ ...WECOM, WECOM_CALLBACK_AES_KEY: "k".repeat(43) })).toThrow(
      /WECOM_CALLBACK_TOKEN/,
    )
  })

  it("ask for a common key when several processes share a database, and keep a generated one otherwise", () => {
    const shared = { DATABASE_URL: "postgres://u:p@db/siyu", SIYU_ROLE: "worker" }
    expect(() => readConfig(shared)).toThrow(/SIYU_SECRET_KEY/)
    expect(secretKey(readConfig({ ...shared, SIYU_SECRET_KEY: "0123456789abcdef" }))).toBe("0123456789abcdef")
    const own = readConfig({ SIYU_HOME: home })
    expect(secretKey(own)).toHaveLength(32)
    expect(secretKey(own)).toBe(secretKey(own))
  })
})
