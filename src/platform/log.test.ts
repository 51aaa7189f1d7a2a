import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { createLog } from "./log.ts"

const home = mkdtempSync(join(tmpdir(), "siyu-log-"))
afterAll(() => rmSync(home, { recursive: true, force: true }))

const read = (name: string) => readFileSync(join(home, "logs", name), "utf8")

describe("the log", () => {
  it("is JSON lines with request ids, readable by its owner only, without secrets at any depth", () => {
    const log = createLog({ home, name: "server", to: "file" })
    log
      .child({ request_id: "r1" })
      .info({ password: "p-secret", call: { token: "t-secret" }, people: 3 }, "asked")
    const text = read("server.log")
    expect(JSON.parse(text)).toMatchObject({ process: "server", request_id: "r1", people: 3, msg: "asked" })
    expect(text).not.toMatch(/p-secret|t-secret/)
    expect(statSync(join(home, "logs", "server.log")).mode & 0o077).toBe(0)
  })

  it("puts the old file aside at its limit and goes on in a new one", () => {
    writeFileSync(join(home, "logs", "full.log"), "x".repeat(20 * 1024 * 1024))
    const log = createLog({ home, name: "full", to: "file" })
    log.info("last of the old")
    log.info("first of the new")
    expect(read("full.log.1").endsWith('"msg":"last of the old"}\n')).toBe(true)
    expect(JSON.parse(read("full.log"))).toMatchObject({ msg: "first of the new" })
  })
})
