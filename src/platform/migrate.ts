import { createHash } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { type Db, rows, run, type Tx } from "./db.ts"
import { StartProblem } from "./postgres/problem.ts"

export type Migration = { name: string; sql: string; checksum: string }

/** The database holds migrations that this version does not know: it was used by a newer one. */
export class NewerDatabase extends Error {
  constructor(readonly unknown: string[]) {
    super(
      `这个数据库属于更新的版本（${unknown[0]}），请升级 Siyu 后再启动。The database belongs to a newer version of Siyu (${unknown[0]}); upgrade Siyu and start again.`,
    )
  }
}

const SOURCE = fileURLToPath(new URL("..", import.meta.url))
const LOCK = 7_318_001

/** All `migrations/*.sql` below src, in the order of their file names (numbers are global). */
export function readMigrations(root: string = SOURCE): Migration[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => /(^|[\\/])migrations[\\/][^\\/]+\.sql$/.test(path))
    .map((path) => {
      const sql = readFileSync(join(root, path), "utf8")
      return {
        name: path.split(/[\\/]/).at(-1)!,
        sql,
        checksum: createHash("sha256").update(sql).digest("hex"),
      }
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** How a migration waits for tables that others work with: briefly, since everybody queues behind it, and again. */
export const LOCK_WAIT = { wait_ms: 1_000, tries: 30, rest_ms: 500 }
const LOCKED = new Set(["55P03", "40P01"])
/** First line of a file whose statements cannot run in a transaction, such as an index that is built while others write. */
const ONE_BY_ONE = /^-- one by one\b/

/**
 * Brings the schema up to this version, forward only, each file in a transaction of its own: one that fails leaves nothing, and
 * the next start begins with it. Gives the names applied now.
 */
export async function migrate(
  db: Db,
  migrations: Migration[] = readMigrations(),
  lock = LOCK_WAIT,
): Promise<string[]> {
  const client = await db.connect()
  try {
    await client.query("select pg_advisory_lock($1)", [LOCK])
    await client.query(`set lock_timeout = ${lock.wait_ms}`)
    await run(
      client,
      `create table if not exists platform_migrations (
         name text collate "C" primary key, checksum text not null, applied_at timestamptz not null default now())`,
    )
    const done = await rows<{ name: string }>(client, "select name from platform_migrations")
    const known = new Set(migrations.map((m) => m.name))
    const unknown = done.map((r) => r.name).filter((name) => !known.has(name))
    if (unknown.length > 0) throw new NewerDatabase(unknown)
    const before = new Set(done.map((r) => r.name))
    const applied: string[] = []
    for (const migration of migrations) {
      if (before.has(migration.name)) continue
      await applyPatiently(client, migration, lock)
      applied.push(migration.name)
    }
    return applied
  } finally {
    await client.query("reset lock_timeout; select pg_advisory_unlock_all()").catch(() => undefined)
    client.release()
  }
}

async function applyPatiently(client: Tx, migration: Migration, lock: typeof LOCK_WAIT): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await apply(client, migration)
    } catch (error) {
      // A lost connection has rolled back by itself, and its own error is the one to tell.
      await client.query("rollback").catch(() => undefined)
      const locked = LOCKED.has((error as { code?: string }).code ?? "")
      if (!locked || attempt >= lock.tries) throw failed(migration, error, locked)
      await pause(lock.rest_ms)
    }
  }
}

async function apply(client: Tx, { name, sql, checksum }: Migration): Promise<void> {
  const note = () =>
    run(client, "insert into platform_migrations (name, checksum) values ($1, $2)", [name, checksum])
  if (ONE_BY_ONE.test(sql)) {
    for (const statement of sql.split(/;\s*$/m).filter((part) => /^\s*[a-z]/im.test(bare(part))))
      await client.query(statement)
    await note()
    return
  }
  await client.query("begin")
  await client.query(sql)
  await note()
  await client.query("commit")
}

const bare = (sql: string) => sql.replace(/--.*$/gm, "")

function failed({ name, sql }: Migration, error: unknown, locked: boolean): StartProblem {
  const { message } = error as Error
  if (locked)
    return new StartProblem(
      "migration_failed",
      `升级数据表时 ${name} 一直等不到别的连接放开数据表，什么都没有改：请结束占用的事务（siyu doctor 会指出）后再启动。`,
      `Migration ${name} found its tables held by others all the time and changed nothing: end the transaction that holds them (siyu doctor names it) and start again.`,
      error,
    )
  const [zh, en] = ONE_BY_ONE.test(sql)
    ? ["再次启动会从它重新做起", "the next start does it over"]
    : ["它已全部撤销，其它数据没有动", "it was undone as a whole and nothing else was touched"]
  return new StartProblem(
    "migration_failed",
    `升级数据表时 ${name} 失败（${message}）；${zh}。`,
    `Migration ${name} failed (${message}); ${en}.`,
    error,
  )
}
