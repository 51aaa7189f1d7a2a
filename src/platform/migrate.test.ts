import { afterEach, describe, expect, it } from "vitest"
import { type Db, maybeRow, oneRow, rows, tx } from "./db.ts"
import { type Migration, migrate, readMigrations } from "./migrate.ts"
import { testDb, until } from "./testkit/index.ts"

const known = readMigrations()
const next = (sql: string, name = "0999_next.sql"): Migration[] => [
  ...known,
  { name, sql, checksum: `of ${sql}` },
]
const QUICK = { wait_ms: 50, tries: 3, rest_ms: 10 }
const PATIENT = { wait_ms: 200, tries: 200, rest_ms: 20 }

const exists = async (db: Db, table: string) =>
  (await oneRow<{ t: string | null }>(db, "select to_regclass($1)::text as t", [table])).t !== null
const noted = (db: Db) =>
  maybeRow(db, "select checksum from platform_migrations where name = '0999_next.sql'")

let release: (() => Promise<void>) | null = null
afterEach(async () => {
  await release?.()
  release = null
})
/** Reads a table in a transaction that stays open until the test lets it go. */
async function holdOpen(db: Db, table: string): Promise<void> {
  const client = await db.connect()
  await client.query("begin")
  await client.query(`select 1 from ${table} limit 1`)
  release = async () => {
    release = null
    await client.query("rollback")
    client.release()
  }
}

describe("the schema", () => {
  it("is the same when it is brought up a second time", async () => {
    const db = await testDb()
    const shape = () => rows(db, "select oid, relname, relfilenode from pg_class order by oid")
    const before = await shape()
    expect(await migrate(db)).toEqual([])
    expect(await shape()).toEqual(before)
  })

  it("is brought up once by two servers that start together", async () => {
    const db = await testDb()
    const list = next("create table platform_late (id int)")
    const applied = await Promise.all([migrate(db, list), migrate(db, list)])
    expect(applied.flat()).toEqual(["0999_next.sql"])
  })

  it("keeps nothing of a migration that fails, says so in one sentence, and takes the mended one", async () => {
    const db = await testDb()
    const half = next("create table platform_late (id int); insert into platform_late values (1 / 0)")
    await expect(migrate(db, half)).rejects.toMatchObject({
      code: "migration_failed",
      zh: expect.stringMatching(/0999_next.sql.*撤销/),
      en: expect.stringMatching(/^Migration 0999_next.sql failed \(division by zero\); it was undone/),
    })
    expect([await exists(db, "platform_late"), await noted(db)]).toEqual([false, undefined])
    expect(await migrate(db, next("create table platform_late (id int)"))).toEqual(["0999_next.sql"])
  })

  it("is refused by an older version, which names what it does not know", async () => {
    const db = await testDb()
    await migrate(db, next("create table platform_late (id int)"))
    await expect(migrate(db)).rejects.toThrow(/0999_next.sql.*newer version of Siyu \(0999_next.sql\)/)
  })
})

describe("a table that somebody works with", () => {
  it("is changed as soon as it is free, and until then the others are let through", async () => {
    const db = await testDb()
    await holdOpen(db, "staff_members")
    const running = migrate(db, next("alter table staff_members add column nickname text"), PATIENT)
    await until(async () =>
      maybeRow(
        db,
        "select 1 from pg_locks where relation = 'staff_members'::regclass and not granted and mode = 'AccessExclusiveLock'",
      ),
    )
    for (let n = 0; n < 5; n++) await rows(db, "select id from staff_members limit 1")
    expect(await noted(db)).toBeUndefined()
    await release?.()
    expect(await running).toEqual(["0999_next.sql"])
  })

  it("and never let go is named as the reason, with nothing changed and the waiting undone", async () => {
    const db = await testDb({ max: 3 })
    await holdOpen(db, "staff_members")
    const list = next("create table platform_late (id int); alter table staff_members add column x text")
    await expect(migrate(db, list, QUICK)).rejects.toMatchObject({
      code: "migration_failed",
      en: expect.stringContaining("held by others"),
    })
    expect(await exists(db, "platform_late")).toBe(false)
    const waits = await Promise.all(
      [1, 2].map(() => tx(db, (t) => oneRow<{ lock_timeout: string }>(t, "show lock_timeout"))),
    )
    expect(waits.map((w) => w.lock_timeout)).toEqual(["0", "0"])
  })
})

describe("statements that no transaction can hold", () => {
  const INDEX = `-- one by one
drop index concurrently if exists staff_members_by_name;
-- Serves nobody but this test; it is only here.
create index concurrently staff_members_by_name on staff_members (name);
`
  const valid = (db: Db) =>
    maybeRow<{ indisvalid: boolean }>(
      db,
      "select indisvalid from pg_index where indexrelid = to_regclass('staff_members_by_name')",
    )

  it("run one by one, and are done over after one of them failed", async () => {
    const db = await testDb()
    await expect(migrate(db, next(`${INDEX}select 1 / 0;\n`))).rejects.toMatchObject({
      en: expect.stringContaining("does it over"),
    })
    expect(await noted(db)).toBeUndefined()
    expect(await migrate(db, next(INDEX))).toEqual(["0999_next.sql"])
    expect(await valid(db)).toEqual({ indisvalid: true })
  })
})
