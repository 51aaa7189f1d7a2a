import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { takeShopOrders } from "../../modules/orders/index.ts"
import {
  handlers as pointsHandlers,
  offers as pointsOffers,
  verifyPoints,
} from "../../modules/points/index.ts"
import { SEGMENTS_BACKUP } from "../../modules/segments/index.ts"
import { TAGS_BACKUP } from "../../modules/tags/index.ts"
import { verifyAudit } from "../../platform/audit.ts"
import { backup, restore } from "../../platform/backup/index.ts"
import { parentsFirst } from "../../platform/backup/tables.ts"
import { type Db, oneRow, rows, run, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import {
  drain,
  FACTS_BACKUP,
  type Fact,
  type FactHandler,
  registerHandlers,
} from "../../spine/facts/index.ts"
import { verify } from "../../spine/ledger/index.ts"
import { createRegistry } from "../../spine/offers/index.ts"
import { PLAYS_BACKUP } from "../../spine/plays/index.ts"
import { prepareTraits, TRAITS_BACKUP } from "../../spine/traits/index.ts"

const now = new Date("2026-11-23T04:00:00Z")
const rules = [...FACTS_BACKUP, ...TRAITS_BACKUP, ...PLAYS_BACKUP, ...TAGS_BACKUP, ...SEGMENTS_BACKUP]
const options = { rules, machine_now: now }
let db: Db
let folder: string
let made: string
beforeAll(async () => {
  db = await testDb()
  folder = await mkdtemp(join(tmpdir(), "siyu-backup-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

let serial = 0
async function sell(to: Db, count: number): Promise<void> {
  const orders = Array.from({ length: count }, () => {
    const n = ++serial
    return {
      order_no: `N${n}`,
      buyer: { shop_buyer_id: `B${n % 300}`, name: `客户\t${n}\\` },
      status: "paid",
      paid_at: "2026-11-20T10:00:00+08:00",
      amount_fen: 100 + n,
      lines: [{ sku: "a", name: "米粉\n两袋", qty: 1, price_fen: 100 + n }],
    }
  })
  for (let at = 0; at < count; at += 100)
    await tx(to, (t) => takeShopOrders(t, "live", orders.slice(at, at + 100), now))
}

/** Every row of every table; where facts stand is told apart, since it is numbered anew. */
async function state(of: Db): Promise<Record<string, string>> {
  const tables = await rows<{ name: string }>(
    of,
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
       and not relispartition and relname not in ('traits_changes', 'traits_floor')`,
  )
  const found: Record<string, string> = {}
  for (const { name } of tables) {
    const value = ["facts", "facts_cursors", "facts_parked"].includes(name)
      ? "to_jsonb(t) - 'tx' - 'id'"
      : name === "plays_follows"
        ? "to_jsonb(t) - 'position' - 'round'"
        : "to_jsonb(t)"
    found[name] = (
      await oneRow<{ digest: string }>(
        of,
        `select count(*) || ' ' || coalesce(md5(string_agg(md5((${value})::text), '' order by md5((${value})::text))), '') as digest from ${name} t`,
      )
    ).digest
  }
  return found
}

function counter(name: string) {
  const seen: string[] = []
  const handler: FactHandler = {
    name,
    types: ["order.paid"],
    origins: "all",
    from: "start",
    batch: 50,
    handle: async (_t, facts: Fact[]) =>
      void seen.push(...facts.map((f) => (f.payload as { order_no: string }).order_no)),
  }
  return { handler, seen }
}

describe("a backup", () => {
  const reader = counter("backup_reader")
  let before: Record<string, string>
  beforeEach(async () => {
    if (made) return
    await prepareTraits(db, createRegistry([pointsOffers]))
    const handlers = [reader.handler, ...pointsHandlers]
    await registerHandlers(db, handlers)
    await sell(db, 500)
    await drain(db, handlers, () => now)
    await sell(db, 200)
    await run(db, "insert into plays_follows values (gen_random_uuid(), 1, pg_current_snapshot(), 20780, 4)")
    before = await state(db)
    made = join(folder, "one")
    await backup(db, made, options)
  })

  it("restored after a thousand more orders is the state of the backup to the last row", async () => {
    await sell(db, 1_000)
    expect(await state(db)).not.toEqual(before)
    expect(await restore(db, made, options)).toMatchObject({ made_at: now.toISOString() })
    expect(await state(db)).toEqual(before)
    const { postings, findings } = await verify(db)
    expect([postings > 0, findings, await verifyPoints(db)]).toEqual([true, [], []])
    expect((await verifyAudit(db)).broken_at).toBeNull()
  })

  it("restored lets every reader go on where it stood: nothing twice, nothing skipped, in order", async () => {
    await restore(db, made, options)
    reader.seen.length = 0
    await sell(db, 3)
    await drain(db, [reader.handler], () => now)
    expect(reader.seen.length).toBe(203)
    expect(new Set(reader.seen).size).toBe(203)
    const later = counter("from_the_start")
    await registerHandlers(db, [later.handler])
    await drain(db, [later.handler], () => now)
    expect(later.seen.length).toBe(703)
    await restore(db, made, options)
  })

  it("goes into another database and can be used there at once: new orders find their customers and new numbers", async () => {
    const other = await testDb()
    await restore(other, made, options)
    expect(await state(other)).toEqual(before)
    await sell(other, 50)
    const { customers } = await oneRow<{ customers: number }>(
      other,
      "select count(*) as customers from customers_customers",
    )
    expect(customers).toBe(300)
    const follow = await oneRow(
      other,
      `select round, pg_snapshot_xmin(position) >= (select tx from traits_floor) as after_the_restore from plays_follows`,
    )
    expect(follow).toEqual({ round: 5, after_the_restore: true })
    await expect(other.query("truncate platform_audit")).rejects.toThrow("append-only")
  })

  it("waits for nobody, and holds the state of the moment at which it began", async () => {
    const writer = await db.connect()
    await writer.query("begin")
    await takeShopOrders(writer, "live", [], now)
    await writer.query("insert into platform_settings (name, value) values ('open', '1')")
    const during = await state(db)
    await backup(db, join(folder, "open"), options)
    await writer.query("rollback")
    writer.release()
    await restore(db, join(folder, "open"), options)
    expect(await state(db)).toEqual(during)
  })

  it("is readable by its owner alone, and never half there under its name", async () => {
    expect((await stat(made)).mode & 0o077).toBe(0)
    expect(await backup(db, made, options)).toMatchObject({ refused: "folder_exists" })
    expect((await readdir(folder)).filter((name) => name.endsWith(".part"))).toEqual([])
  })
})

describe("a backup that cannot be trusted changes nothing", () => {
  async function copy(name: string): Promise<string> {
    await rm(join(folder, name), { recursive: true, force: true })
    await backup(db, join(folder, name), options)
    return join(folder, name)
  }

  it.each([
    [
      "a changed file",
      async (at: string) => appendFile(join(at, "data/orders_orders.copy.gz"), "x"),
      "damaged_backup",
    ],
    ["a missing file", async (at: string) => rm(join(at, "data/orders_lines.copy.gz")), "damaged_backup"],
    [
      "a changed manifest",
      async (at: string) => {
        const path = join(at, "manifest.json")
        await writeFile(path, (await readFile(path, "utf8")).replace('"rows": 700', '"rows": 701'))
      },
      "damaged_backup",
    ],
    ["no manifest", async (at: string) => rm(join(at, "manifest.json")), "no_backup"],
  ])("%s", async (_what, spoil, code) => {
    const at = await copy("spoiled")
    const before = await state(db)
    await spoil(at)
    expect(await restore(db, at, options)).toMatchObject({ refused: code })
    expect(await state(db)).toEqual(before)
  })

  it("one of another schema, and one of a sandbox for a real company", async () => {
    const at = await copy("foreign")
    const other = await testDb()
    await other.query("insert into platform_migrations (name, checksum) values ('9999_later.sql', 'x')")
    expect(await restore(other, at, options)).toMatchObject({ refused: "other_schema" })
    await other.query("delete from platform_migrations where name = '9999_later.sql'")
    await other.query("insert into platform_stamp (kind) values ('real')")
    expect(await restore(other, at, options)).toMatchObject({ refused: "other_kind" })
  })
})

describe("tables", () => {
  it("are filled after those they refer to, and a ring is told", () => {
    expect(
      parentsFirst(
        ["a", "b", "c"],
        [
          ["a", "c"],
          ["c", "b"],
        ],
      ),
    ).toEqual(["b", "c", "a"])
    expect(() =>
      parentsFirst(
        ["a", "b"],
        [
          ["a", "b"],
          ["b", "a"],
        ],
      ),
    ).toThrow("ring")
  })
})
