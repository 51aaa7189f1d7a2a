import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { FastifyInstance } from "fastify"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { DAY_MS } from "../../kernel/day.ts"
import { newId } from "../../kernel/ids.ts"
import { type Db, oneRow } from "../../platform/db.ts"
import { type Actor, createHttp } from "../../platform/http/index.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { ordersKind } from "../orders/index.ts"
import { wizardDoors } from "./door.ts"
import { expireImports } from "./expiry.ts"
import { importKinds } from "./kinds.ts"
import { IMPORT_FILES_KEPT_DAYS, UPLOAD_STRAY_KEPT_MS, UPLOAD_UNRUN_KEPT_DAYS } from "./limits.ts"
import { routes } from "./routes.ts"
import { runNextImport } from "./run.ts"

const began = new Date("2026-11-23T04:00:00Z")
const later = (days: number, ms = 0) => new Date(began.getTime() + days * DAY_MS + ms)
let now = began
const lead: Actor = {
  kind: "staff",
  staff_id: newId(),
  name: "梁",
  role: "lead",
  can: () => true,
  scope: null,
}
const headers = { cookie: "siyu_session=x" }
type Json = Record<string, unknown>
const kinds = importKinds([ordersKind()])
let db: Db
let app: FastifyInstance
let folder: string

async function serve(): Promise<FastifyInstance> {
  const door = { now: () => now, actorOf: async () => lead }
  const made = await createHttp({ db, clock: door, routes: routes(kinds), resolveActor: door.actorOf })
  await wizardDoors(made, { db, kinds, folder, ...door })
  return made
}
beforeAll(async () => {
  db = await testDb()
  folder = await mkdtemp(join(tmpdir(), "siyu-uploads-"))
  app = await serve()
})
afterAll(() => rm(folder, { recursive: true, force: true }))
beforeEach(async () => {
  now = began
  await db.query("delete from imports_imports")
  for (const file of await readdir(folder)) await rm(join(folder, file))
})

const FILE = "客户,下单时间,金额\n甲,2026-01-05,12.50\n乙,2026-02-31,3.00\n"
const RUN = {
  dry_run: false,
  options: { mapping: { customer: "客户", at: "下单时间", amount: "金额" }, source: "一月" },
}
async function upload(): Promise<string> {
  const sent = await app.inject({
    method: "POST",
    url: "/api/imports/files?kind=orders&name=x.csv",
    headers: { ...headers, "content-type": "application/octet-stream" },
    payload: FILE,
  })
  return (sent.json() as { id: string }).id
}
async function ask(method: "GET" | "POST", path: string, payload: Json = {}) {
  const answer = await app.inject({
    method,
    url: `/api/imports/${path}`,
    headers,
    ...(method === "POST" ? { payload } : {}),
  })
  return {
    status: answer.statusCode,
    text: answer.body,
    ...(answer.body.startsWith("{") ? answer.json() : {}),
  }
}
const kept = async (id: string) => (await readdir(folder)).filter((file) => file.startsWith(id)).sort()

describe("the files of an import", () => {
  it("are deleted thirty days after its end, the failed rows and what a killed run left with them; the row stays, and a download says why there is none", async () => {
    const id = await upload()
    await ask("POST", `${id}/run`, RUN)
    await runNextImport(db, kinds, () => now)
    await writeFile(join(folder, `${id}.failed.csv.77.part`), "甲")
    expect(await ask("GET", id)).toMatchObject({
      state: "done",
      files_until: later(IMPORT_FILES_KEPT_DAYS).toISOString(),
      files_expired_at: null,
    })
    expect(await expireImports(db, later(IMPORT_FILES_KEPT_DAYS, -1))).toBe(0)
    expect((await ask("GET", `${id}/failed.csv`)).text).toContain("错误原因")
    expect(await kept(id)).toHaveLength(3)

    now = later(IMPORT_FILES_KEPT_DAYS)
    const other = await upload()
    expect(await expireImports(db, now)).toBe(1)
    expect(await kept(id)).toEqual([])
    expect(await kept(other)).toEqual([other])
    expect(await ask("GET", `${id}/failed.csv`)).toMatchObject({
      status: 410,
      code: "file_expired",
      message: expect.stringContaining("重新上传"),
    })
    expect(await ask("POST", `${id}/run`, RUN)).toMatchObject({ status: 410, code: "file_expired" })
    expect(await ask("GET", id)).toMatchObject({
      state: "done",
      counts: { imported: 1 },
      files_expired_at: now.toISOString(),
    })
    expect(await expireImports(db, now)).toBe(0)
  })

  it("are deleted seven days after the upload where nobody ran them", async () => {
    const id = await upload()
    expect(await ask("GET", id)).toMatchObject({ files_until: later(UPLOAD_UNRUN_KEPT_DAYS).toISOString() })
    expect(await expireImports(db, later(UPLOAD_UNRUN_KEPT_DAYS, -1))).toBe(0)
    expect(await expireImports(db, later(UPLOAD_UNRUN_KEPT_DAYS))).toBe(1)
    expect(await kept(id)).toEqual([])
    expect(await ask("POST", `${id}/run`, RUN)).toMatchObject({ status: 410, code: "file_expired" })
  })

  it("are never deleted under an import that waits or goes on, and one left paused for thirty days is stopped with its files", async () => {
    const id = await upload()
    await ask("POST", `${id}/run`, RUN)
    expect(await expireImports(db, later(400))).toBe(0)
    now = later(100)
    await ask("POST", `${id}/pause`)
    expect(await expireImports(db, later(100 + IMPORT_FILES_KEPT_DAYS, -1))).toBe(0)
    now = later(100 + IMPORT_FILES_KEPT_DAYS)
    expect(await expireImports(db, now)).toBe(1)
    expect(await ask("GET", id)).toMatchObject({
      state: "cancelled",
      ended_at: now.toISOString(),
      problem_words: { zh: expect.stringContaining("保留期限") },
    })
    expect(await ask("POST", `${id}/resume`)).toMatchObject({ status: 409, code: "not_now" })
  })

  it("that no import tells of, since their server was killed while they came, go at the next start; one that just comes stays", async () => {
    const known = await upload()
    const [stray, fresh] = [newId(), newId()]
    for (const file of [stray, fresh, "somebody's notes"]) await writeFile(join(folder, file), FILE)
    const old = new Date(Date.now() - UPLOAD_STRAY_KEPT_MS - 60_000)
    for (const file of [stray, known, "somebody's notes"]) await utimes(join(folder, file), old, old)
    await (await serve()).close()
    expect((await readdir(folder)).sort()).toEqual([known, fresh, "somebody's notes"].sort())
  })

  it("are in the audit from their upload on, without their names", async () => {
    const id = await upload()
    expect(
      await oneRow(db, "select actor_id, action, after from platform_audit where target = $1", [
        `import:${id}`,
      ]),
    ).toEqual({
      actor_id: lead.staff_id,
      action: "imports.upload",
      after: { kind: "orders", bytes: Buffer.byteLength(FILE) },
    })
  })
})
