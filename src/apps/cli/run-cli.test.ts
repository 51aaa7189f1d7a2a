import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { systemClock } from "../../platform/clock.ts"
import type { Db } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { commands } from "./commands/index.ts"
import { runCli } from "./run-cli.ts"

let db: Db
let folder: string
beforeAll(async () => {
  db = await testDb()
  folder = await mkdtemp(join(tmpdir(), "siyu-cli-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function siyu(...argv: string[]) {
  let out = ""
  let err = ""
  const code = await runCli(
    argv,
    { out: (text) => (out += text), err: (text) => (err += text) },
    { withDatabase: (work) => work(db, systemClock), signal: new AbortController().signal },
  )
  return { code, out, err }
}

/** With --json stdout is one document and nothing else. */
async function answered(...argv: string[]): Promise<{ code: number; json: Record<string, unknown> }> {
  const { code, out } = await siyu(...argv, "--json")
  expect(out.trim().split("\n")).toHaveLength(1)
  return { code, json: JSON.parse(out) as Record<string, unknown> }
}

const MAP = "customer=客户,at=日期,amount=金额"

describe("the command line", () => {
  it("lists its commands, explains each, and says 2 to what it does not know", async () => {
    expect((await siyu("--help")).code).toBe(0)
    for (const command of commands) {
      const { code, out } = await siyu(...command.name.split(" "), "--help")
      expect([code, out.startsWith(`siyu ${command.name}`)]).toEqual([0, true])
    }
    expect((await siyu()).code).toBe(2)
    expect((await answered("nonsense")).json).toMatchObject({ refused: "wrong_call" })
    for (const wrong of [
      ["rfm", "--as-of", "2024-02-31", "--out", "x"],
      ["rfm", "--as-of", "2024-02-01", "--rule", "best", "--out", "x"],
      ["import", "orders", "x", "--map", "customer=a"],
      ["import", "orders", "--map", MAP],
      ["import", "orders", "x", "--map", MAP, "--delimiter", "%"],
      ["import", "orders", "x", "--map", MAP, "--colour", "red"],
      ["export", "orders"],
      ["export", "customers", "--out", "x.csv"],
    ]) {
      const { code, json } = await answered(...wrong)
      expect([wrong.join(" "), code, json.refused]).toEqual([wrong.join(" "), 2, "wrong_call"])
    }
  })

  it("imports a file, scores it and exports it, failed rows with their reasons, formulas inert", async () => {
    const file = join(folder, "orders.csv")
    await writeFile(
      file,
      "客户,日期,金额\n=甲,2024-01-05,10\n乙,2024-02-31,1\n丙姐13812345678,2024-01-07,0\n",
    )
    const errors = join(folder, "errors.csv")
    const first = await answered("import", "orders", file, "--map", MAP, "--errors", errors)
    expect(first.code).toBe(0)
    expect(first.json).toMatchObject({ read: 3, imported: 2, skipped: 0, failed: 1, source: "orders.csv" })
    expect(await readFile(errors, "utf8")).toContain("乙,2024-02-31,1,3,")
    expect((await answered("import", "orders", file, "--map", MAP)).json).toMatchObject({
      imported: 0,
      skipped: 2,
    })
    const out = join(folder, "rfm.csv")
    expect((await answered("rfm", "--as-of", "2024-01-31", "--out", out)).json).toMatchObject({
      customers: 2,
    })
    expect((await readFile(out, "utf8")).split("\n")[1]).toBe("=甲,26,1,1000,1,1,5")
    const exported = join(folder, "export.csv")
    expect((await answered("export", "orders", "--out", exported)).json).toEqual({ out: exported, rows: 2 })
    expect(await readFile(exported, "utf8")).toContain(",'=甲,2024-01-05 00:00:00,10.00,")
    const sheet = join(folder, "customers.xlsx")
    expect(
      (await answered("export", "customers", "--out", sheet, "--reason", "月底对账")).json,
    ).toMatchObject({ rows: 2 })
    expect((await readFile(sheet)).subarray(0, 2).toString()).toBe("PK")
    const people = join(folder, "customers.csv")
    await answered("export", "customers", "--out", people, "--reason", "月底对账")
    expect(await readFile(people, "utf8")).toContain(",丙姐138****5678,")
  })

  it("says 1 and why where nothing was done", async () => {
    const nowhere = await answered("import", "orders", join(folder, "nowhere.csv"), "--map", MAP)
    expect([nowhere.code, nowhere.json.refused]).toEqual([1, "file_not_found"])
    const file = join(folder, "other.csv")
    await writeFile(file, "顾客,日期,金额\n甲,2024-01-05,10\n")
    const missing = await answered("import", "orders", file, "--map", MAP)
    expect([missing.code, missing.json.refused, missing.json.field]).toEqual([
      1,
      "missing_column",
      "customer",
    ])
    expect((await answered("restore", join(folder, "nothing"))).json).toMatchObject({ refused: "no_backup" })
  })

  it("makes tokens and people with one-time passwords, on record", async () => {
    const token = await answered("token", "create", "--scopes", "orders.write")
    expect(Object.keys(token.json)).toEqual(["id", "token"])
    expect(await answered("token", "revoke", String(token.json.id))).toMatchObject({ code: 0 })
    expect(await answered("token", "revoke", String(token.json.id))).toMatchObject({ code: 1 })
    const added = await answered("user", "add", "--login", "wangli", "--name", "王莉", "--role", "lead")
    expect(added.json.one_time_password).toEqual(expect.any(String))
    expect(await answered("user", "add", "--login", "wangli", "--name", "王莉")).toMatchObject({ code: 1 })
    expect((await answered("user", "disable", "wangli")).code).toBe(0)
    expect((await answered("ledger", "verify")).json).toMatchObject({ sound: true, audit: { checked: 6 } })
  })

  it("names a migration that was edited after it ran here", async () => {
    const name = "0200_staff.sql"
    const set = (checksum: string) =>
      db.query("update platform_migrations set checksum = $2 where name = $1", [name, checksum])
    const was = await db.query("select checksum from platform_migrations where name = $1", [name])
    await set("another")
    const { code, json } = await answered("doctor")
    expect([code, json.findings]).toEqual([
      1,
      expect.arrayContaining([
        { check: "migrations", ok: false, detail: expect.stringMatching(/edited.*0200_staff\.sql$/) },
      ]),
    ])
    await set(was.rows[0].checksum)
  })

  it("finds itself well, backs up and restores", async () => {
    expect((await answered("doctor")).json).toMatchObject({ well: true })
    const made = join(folder, "backup")
    const { json } = await answered("backup", made)
    expect((await answered("restore", made)).json).toMatchObject({ tables: json.tables, rows: json.rows })
    expect(await answered("backup", made)).toMatchObject({ code: 1, json: { refused: "folder_exists" } })
  })
})
