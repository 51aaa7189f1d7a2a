import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { newId } from "../../kernel/ids.ts"
import { type Db, oneRow, rows } from "../../platform/db.ts"
import { ordersKind } from "../orders/index.ts"
import { importKinds } from "./kinds.ts"
import { IMPORT_BATCH_ROWS } from "./limits.ts"
import { runNextImport } from "./run.ts"
import { claimImport, letGo } from "./store.ts"
import { headers, type Json, now, wizardOf } from "./wizard.test-kit.ts"

const kinds = importKinds([ordersKind()])
let wizard: Awaited<ReturnType<typeof wizardOf>>
let db: Db

beforeAll(async () => {
  wizard = await wizardOf(kinds)
  db = wizard.db
})
beforeEach(() => db.query("delete from imports_imports"))

/** Every order has a line in the first half of the file and one in the second; every thousandth row has no such day. */
const ROWS = 4 * IMPORT_BATCH_ROWS
const FAILED = Array.from({ length: ROWS / 1000 }, (_, n) => n * 1000 + 7)
const big = () => {
  const lines = ["客户,下单时间,金额,商品,订单号"]
  for (let n = 0; n < ROWS; n++) {
    const order = n % (ROWS / 2)
    const day = n % 1000 === 7 ? "2026-02-31" : "2026-01-05"
    lines.push(`甲${order % 300},${day},${(order % 90) + 1}.00,货${n},N${order}`)
  }
  return `${lines.join("\n")}\n`
}
const MAPPING = { customer: "客户", at: "下单时间", amount: "金额", product: "商品", order: "订单号" }

const get = (id: string) => wizard.read(id)
async function press(id: string, what: string, payload: Json = {}) {
  const answer = await wizard.app.inject({
    method: "POST",
    url: `/api/imports/${id}/${what}`,
    headers,
    payload,
  })
  const body = answer.json() as Json
  return { status: answer.statusCode, code: body.code, state: body.state }
}
async function queued(text: string, source: string): Promise<string> {
  const { body } = await wizard.upload("orders", text, `${source}.csv`)
  const { id } = body as { id: string }
  const options = { mapping: MAPPING, source }
  expect((await press(id, "run", { dry_run: false, options })).state).toBe("queued")
  return id
}
const runNext = () => runNextImport(db, kinds, () => now)
const booked = (source: string) =>
  oneRow<{ orders: number; fen: number; lines: number }>(
    db,
    `select count(*) as orders, coalesce(sum(paid_fen), 0) as fen, (select count(*) from orders_lines l
       join orders_orders using (customer_id, order_id) join orders_sources s using (source_id) where s.name = $1) as lines
     from orders_orders join orders_sources s using (source_id) where s.name = $1`,
    [source],
  )
const failedLines = async (id: string) =>
  (await wizard.app.inject({ method: "GET", url: `/api/imports/${id}/failed.csv`, headers })).body
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => Number(line.split(",").at(-2)))
const FILE = "客户,下单时间,金额,商品,订单号\n甲,2026-01-05,12.50,皂,1\n"

describe("a paused import", () => {
  it("stops between two batches and goes on from where it stood: what is in the books is what an import in one go brings", async () => {
    const id = await queued(big(), "停过")
    const going = runNext()
    await vi.waitFor(async () => expect((await get(id)).counts).not.toBeNull(), { timeout: 60_000 })
    expect((await press(id, "pause")).state).toBe("paused")
    await going
    const half = (await get(id)) as Json & { counts: { read: number; imported: number; failed: number } }
    expect(half).toMatchObject({ state: "paused", ended_at: null, has_failed_rows: true })
    expect(half.counts.read).toBeLessThan(ROWS)
    expect(half.counts.read % IMPORT_BATCH_ROWS).toBe(0)
    expect((await booked("停过")).lines).toBe(half.counts.imported)
    expect(await failedLines(id)).toHaveLength(half.counts.failed)

    expect((await press(id, "resume")).state).toBe("queued")
    expect(await runNext()).toBe(1)
    const whole = await queued(big(), "一口气")
    await runNext()
    const counts = { read: ROWS, imported: ROWS - FAILED.length, skipped: 0, failed: FAILED.length }
    expect(await get(id)).toMatchObject({ state: "done", counts })
    expect(await get(whole)).toMatchObject({ state: "done", counts })
    expect(await booked("停过")).toEqual(await booked("一口气"))
    // The heading is line 1.
    expect(await failedLines(id)).toEqual(FAILED.map((n) => n + 2))
    const { failures } = await get(id)
    expect(failures).toEqual((await get(whole)).failures)
  }, 180_000)

  it("stays paused through a restart, however long its runner's lease is over", async () => {
    const id = await queued(FILE, "过夜")
    await claimImport(db, newId(), 0)
    await press(id, "pause")
    expect(await runNext()).toBe(0)
    expect(await get(id)).toMatchObject({ state: "paused" })
    await press(id, "resume")
    expect(await runNext()).toBe(1)
    expect(await get(id)).toMatchObject({ state: "done", counts: { read: 1, imported: 1 } })
  })

  it("resumed before its runner has let go is taken up by nobody else until then, and goes on behind what that one counted", async () => {
    const id = await queued(FILE, "急")
    const held = { id, run_id: newId() }
    await claimImport(db, held.run_id, 60_000)
    await press(id, "pause")
    await press(id, "resume")
    expect(await claimImport(db, newId(), 60_000)).toBeUndefined()
    const counts = { read: 1, imported: 1, changed: 0, skipped: 0, failed: 0 }
    await letGo(db, held, { counts, failures: [], failed_path: null })
    expect(await claimImport(db, newId(), 60_000)).toMatchObject({ id, stood: counts })
  })

  it("pressed by two at once obeys one and tells the other that it is not so any more; the audit keeps what it was and became", async () => {
    const id = await queued(FILE, "两人")
    const twice = async (what: string) =>
      (await Promise.all([press(id, what), press(id, what)])).sort((a, b) => a.status - b.status)
    expect(await twice("pause")).toMatchObject([{ state: "paused" }, { status: 409, code: "not_now" }])
    expect(await twice("resume")).toMatchObject([{ state: "queued" }, { status: 409, code: "not_now" }])
    expect(
      await rows(
        db,
        "select action, before, after from platform_audit where target = $1 and action like any ('{imports.pause,imports.resume}') order by seq",
        [`import:${id}`],
      ),
    ).toEqual([
      { action: "imports.pause", before: { state: "queued" }, after: { state: "paused" } },
      { action: "imports.resume", before: { state: "paused" }, after: { state: "queued" } },
    ])
  })

  it("can be stopped for good; only then may its file be begun again", async () => {
    const id = await queued(FILE, "不要了")
    await press(id, "pause")
    const again = { dry_run: true, options: { mapping: MAPPING, source: "不要了" } }
    expect(await press(id, "run", again)).toMatchObject({ status: 409, code: "import_busy" })
    expect((await press(id, "cancel")).state).toBe("cancelled")
    expect(await press(id, "resume")).toMatchObject({ status: 409, code: "not_now" })
    expect(await get(id)).toMatchObject({ state: "cancelled", ended_at: now.toISOString() })
    expect((await press(id, "run", again)).state).toBe("queued")
  })
})
