import { symlink } from "node:fs/promises"
import { join } from "node:path"
import type { FastifyInstance } from "fastify"
import { beforeAll, describe, expect, it, vi } from "vitest"
import { newId } from "../../kernel/ids.ts"
import { type Db, oneRow, rows } from "../../platform/db.ts"
import type { Actor } from "../../platform/http/index.ts"
import { ordersKind } from "../orders/index.ts"
import { holdImport } from "./hold.ts"
import { importKinds } from "./kinds.ts"
import { IMPORTS_LATELY_MS } from "./limits.ts"
import { runNextImport } from "./run.ts"
import { claimImport, endImport, importById, keepProgress } from "./store.ts"
import { headers, type Json, lead, now, wizardOf } from "./wizard.test-kit.ts"

let now_ms = now.getTime()
const kinds = importKinds([ordersKind()])
let wizard: Awaited<ReturnType<typeof wizardOf>>
let db: Db
let app: FastifyInstance
let folder: string
let who: Actor | null = lead

beforeAll(async () => {
  wizard = await wizardOf(kinds, { clock: () => new Date(now_ms), who: () => who })
  ;({ db, app, folder } = wizard)
})

const FILE =
  "客户,下单时间,金额,备注\n甲,2026-01-05,12.50,a\n乙,2026-02-31,3.00,b\n丙,2026-03-01,-4.00,c\n甲,2026-03-02,7.5,d\n"
const upload = (text: string | Buffer, name = "一月.csv") => wizard.upload("orders", text, name)
async function run(id: unknown, dry_run: boolean, mapping: Json) {
  const payload = { dry_run, options: { mapping, source: "一月" } }
  const answer = await app.inject({ method: "POST", url: `/api/imports/${id}/run`, headers, payload })
  if (answer.statusCode === 200) await runNextImport(db, kinds, () => now)
  return { status: answer.statusCode, code: (answer.json() as Json).code, row: await wizard.read(id) }
}
const MAPPING = { customer: "客户", at: "下单时间", amount: "金额" }

describe("the import wizard", () => {
  it("guesses the columns, tries the file out without a trace, then takes the good rows and gives the bad ones back with reasons", async () => {
    const sent = await upload(FILE)
    expect(sent.body).toMatchObject({
      headings: ["客户", "下单时间", "金额", "备注"],
      guess: MAPPING,
      source: "一月",
    })
    const tried = await run(sent.body.id, true, MAPPING)
    expect(tried.row).toMatchObject({
      state: "checked",
      counts: { read: 4, imported: 2, skipped: 0, failed: 2 },
    })
    expect((await oneRow<{ n: number }>(db, "select count(*) as n from orders_orders")).n).toBe(0)
    expect((tried.row.failures as { line: number }[]).map((f) => f.line)).toEqual([3, 4])
    const done = await run(sent.body.id, false, MAPPING)
    expect(done.row).toMatchObject({ state: "done", counts: { read: 4, imported: 2, skipped: 0, failed: 2 } })
    const failed = await app.inject({
      method: "GET",
      url: `/api/imports/${sent.body.id}/failed.csv`,
      headers,
    })
    expect(failed.body.trim().split("\n")).toHaveLength(3)
    expect(failed.body).toContain("错误原因")
    const again = await run(sent.body.id, false, MAPPING)
    expect(again.row).toMatchObject({ counts: { imported: 0, skipped: 2, failed: 2 } })
  })

  it("is told of from its start until three days after its end, with the rows that the dry run counted", async () => {
    await db.query("delete from imports_imports")
    const jobs = async (at = now) => {
      now_ms = at.getTime()
      const answer = await app.inject({ method: "GET", url: "/api/imports/jobs", headers })
      now_ms = now.getTime()
      return (answer.json() as { rows: Json[] }).rows
    }
    const { body } = await upload(FILE, "二月.csv")
    expect(await jobs()).toEqual([])
    await run(body.id, true, MAPPING)
    expect(await jobs()).toMatchObject([{ file_name: "二月.csv", state: "checked", expected_rows: null }])
    await run(body.id, false, MAPPING)
    expect(await jobs()).toMatchObject([
      {
        state: "done",
        dry_run: false,
        expected_rows: 4,
        counts: { read: 4, failed: 2 },
        has_failed_rows: true,
      },
    ])
    expect(await jobs(new Date(now.getTime() + IMPORTS_LATELY_MS))).toEqual([])
    await db.query("update imports_imports set state = 'running', ended_at = null")
    expect(await jobs(new Date(now.getTime() + IMPORTS_LATELY_MS))).toHaveLength(1)
    await db.query("delete from imports_imports")
  })

  it("stands in the history with who sent it, page by page, and a stopped one with its end", async () => {
    await db.query("delete from imports_imports")
    await db.query(
      `insert into staff_members (id, name, role, status, created_at) values ($1, '梁燕', 'lead', 'active', $2)`,
      [lead.staff_id, now],
    )
    const ids: unknown[] = []
    for (const [n, name] of ["一.csv", "二.csv", "三.csv"].entries()) {
      const { id } = (await upload(FILE, name)).body
      await db.query("update imports_imports set created_at = $2 where id = $1", [
        id,
        new Date(now.getTime() + Math.max(n, 1)),
      ])
      ids.push(id)
    }
    const list = async (query: string) =>
      (await app.inject({ method: "GET", url: `/api/imports${query}`, headers })).json() as {
        rows: Json[]
        next_cursor: string | null
      }
    const first = await list("?limit=2")
    expect(first.rows[0]).toMatchObject({ file_name: "三.csv", by_name: "梁燕", state: "uploaded" })
    const rest = await list(`?limit=2&cursor=${first.next_cursor}`)
    expect(rest.next_cursor).toBeNull()
    // two that came in one moment stand on different pages, each once
    expect([...first.rows, ...rest.rows].map((row) => row.id).sort()).toEqual([...ids].sort())
    await app.inject({ method: "POST", url: `/api/imports/${ids[0]}/cancel`, headers, payload: {} })
    const read = await app.inject({ method: "GET", url: `/api/imports/${ids[0]}`, headers })
    expect(read.json()).toMatchObject({ state: "cancelled", ended_at: now.toISOString() })
    await db.query("update imports_imports set state = 'failed', problem = 'damaged_file' where id = $1", [
      ids[1],
    ])
    const failed = (await list("")).rows.find((row) => row.id === ids[1])
    expect(failed).toMatchObject({ problem_words: { zh: expect.stringContaining("损坏") } })
    await db.query("delete from imports_imports")
  })

  it("tells the audit of a stop what it was; one that was over already is not called stopped, and whoever pressed is told", async () => {
    const stop = async (id: unknown) =>
      (
        await app.inject({ method: "POST", url: `/api/imports/${id}/cancel`, headers, payload: {} })
      ).json() as Json
    const told = (id: unknown) =>
      rows(db, "select before, after from platform_audit where target = $1 and action = 'imports.cancel'", [
        `import:${id}`,
      ])
    const over = (await upload(FILE, "完.csv")).body.id
    await run(over, false, MAPPING)
    expect(await stop(over)).toMatchObject({ code: "not_now", detail: { state: "done" } })
    expect(await told(over)).toEqual([])
    const waiting = (await upload(FILE, "等.csv")).body.id
    expect(await stop(waiting)).toMatchObject({ state: "cancelled" })
    expect(await told(waiting)).toEqual([{ before: { state: "uploaded" }, after: { state: "cancelled" } }])
  })

  it("fails alone when its progress cannot be written: no rejection that nobody hears ends the server", async () => {
    const unheard: unknown[] = []
    const hear = (reason: unknown) => unheard.push(reason)
    process.on("unhandledRejection", hear)
    await db.query(`create function broken() returns trigger language plpgsql as $$ begin
      if new.state = 'running' and new.counts is not null then raise exception 'broken'; end if; return new; end $$`)
    await db.query(
      "create trigger broken before update on imports_imports for each row execute function broken()",
    )
    const rows = Array.from({ length: 12_000 }, (_, n) => `甲${n % 50},2026-01-05 10:00,${n}.00\n`)
    const { body } = await upload(`客户,下单时间,金额\n${rows.join("")}`, "多行.csv")
    const options = { mapping: MAPPING, source: "多行" }
    const payload = { dry_run: true, options }
    await app.inject({ method: "POST", url: `/api/imports/${body.id}/run`, headers, payload })
    await expect(runNextImport(db, kinds, () => now)).rejects.toThrow("broken")
    const read = await app.inject({ method: "GET", url: `/api/imports/${body.id}`, headers })
    expect(read.json()).toMatchObject({ state: "failed", problem: "internal_error" })
    await db.query("drop trigger broken on imports_imports")
    process.off("unhandledRejection", hear)
    expect(unheard).toEqual([])
  })

  it("fails with a word about the disk, and takes nobody along, where failed rows find no room", async () => {
    const { body } = await upload(FILE, "满.csv")
    await symlink("/dev/full", join(folder, `${body.id}.failed.csv.${process.pid}.part`))
    const payload = { dry_run: true, options: { mapping: MAPPING, source: "满" } }
    await app.inject({ method: "POST", url: `/api/imports/${body.id}/run`, headers, payload })
    await expect(runNextImport(db, kinds, () => now)).rejects.toThrow("ENOSPC")
    const read = await app.inject({ method: "GET", url: `/api/imports/${body.id}`, headers })
    expect(read.json()).toMatchObject({ state: "failed", problem: "disk_full" })
  })

  it("belongs to one runner: one that was silent too long neither goes on with it nor ends it under the other", async () => {
    await db.query("delete from imports_imports")
    const { body } = await upload(FILE, "两个.csv")
    const id = String(body.id)
    await db.query("update imports_imports set state = 'queued', options = '{}' where id = $1", [id])
    const [first, second] = [
      { id, run_id: newId() },
      { id, run_id: newId() },
    ]
    expect(await claimImport(db, first.run_id, 0)).toMatchObject({ id })
    expect(await claimImport(db, second.run_id, 60_000)).toMatchObject({ id })
    const counts = { read: 4, imported: 2, changed: 0, skipped: 0, failed: 2 }
    expect(await keepProgress(db, first, counts, 60_000)).toBe(false)
    const end = { state: "done" as const, counts, problem: null, failures: [], failed_path: null, now }
    await endImport(db, first, end)
    expect(await importById(db, id, null)).toMatchObject({ state: "running", counts: null })
    await endImport(db, second, end)
    expect(await importById(db, id, null)).toMatchObject({ state: "done", counts })
  })

  it("keeps its place by the clock while a slow file says nothing of progress, and lets go when it is stopped", async () => {
    const { body } = await upload(FILE, "慢.csv")
    const held = { id: String(body.id), run_id: newId() }
    await db.query("update imports_imports set state = 'queued', options = '{}' where id = $1", [held.id])
    await claimImport(db, held.run_id, 0)
    const hold = holdImport(db, held, { lease_ms: 60_000, beat_ms: 5 })
    const ahead = () =>
      oneRow<{ held: boolean }>(
        db,
        "select lease_until > clock_timestamp() as held from imports_imports where id = $1",
        [held.id],
      )
    await vi.waitFor(async () => expect(await ahead()).toEqual({ held: true }))
    expect(await claimImport(db, newId(), 60_000)).toBeUndefined()
    await db.query("update imports_imports set state = 'cancelled' where id = $1", [held.id])
    await vi.waitFor(() => expect(hold.signal.aborted).toBe(true))
    await hold.release()
    await db.query("delete from imports_imports")
  })

  it("reads a GB18030 file, and says of what is no table or empty that it is so", async () => {
    const gb = Buffer.from([
      0xbf, 0xcd, 0xbb, 0xa7, 0x2c, 0xbd, 0xf0, 0xb6, 0xee, 0x0a, 0xbc, 0xd7, 0x2c, 0x31, 0x0a,
    ])
    expect((await upload(gb)).body).toMatchObject({ headings: ["客户", "金额"] })
    expect((await upload("")).body.code).toBe("empty_file")
    expect((await upload(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0, 0]), "旧.xls")).body.code).toBe(
      "old_excel_format",
    )
  })

  it("refuses an import without its columns, a second start while it runs, a stranger, and a page of another site", async () => {
    const { body } = await upload(FILE)
    expect((await run(body.id, true, { customer: "客户" })).code).toBe("column_needed")
    await db.query(
      "update imports_imports set state = 'running', lease_until = clock_timestamp() + interval '1 min' where id = $1",
      [body.id],
    )
    expect((await run(body.id, false, MAPPING)).code).toBe("import_busy")
    const foreign = await app.inject({
      method: "POST",
      url: "/api/imports/files?kind=orders&name=x.csv",
      headers: { ...headers, origin: "https://elsewhere.example", "content-type": "text/csv" },
      payload: FILE,
    })
    expect(foreign.statusCode).toBe(403)
    who = null
    expect((await upload(FILE)).status).toBe(401)
    who = lead
  })
})
