import { createHash } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { type Db, rows, run } from "./db.ts"

export type Migration = { name: string; sql: string; checksum: string }

/** The database holds migrations that this version does not know: it was used by a newer one. */
export class NewerDatabase extends Error {
  constructor(readonly unknown: string[]) {
    super(
      `这个数据库属于更新的版本(${unknown[0]}),请升级 Siyu 后再启动。The database belongs to a newer version of Siyu (${unknown[0]}); upgrade Siyu and start again.`,
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

/** Brings the schema up to this version, forward only, each file in a transaction of its own. Gives the names applied now. */
export async function migrate(db: Db, migrations: Migration[] = readMigrations()): Promise<string[]> {
  const client = await db.connect()
  try {
    await client.query("select pg_advisory_lock($1)", [LOCK])
    await run(
      client,
      `create table if not exists platform_migrations (
         name text collate "C" primary key, checksum text not null, applied_at timestamptz not null default now())`,
    )
    const done = new Map(
      (
        await rows<{ name: string; checksum: string }>(
          client,
          "select name, checksum from platform_migrations",
        )
      ).map((r) => [r.name, r.checksum]),
    )
    const known = new Set(migrations.map((m) => m.name))
    const unknown = [...done.keys()].filter((name) => !known.has(name))
    if (unknown.length > 0) throw new NewerDatabase(unknown)
    const applied: string[] = []
    for (const migration of migrations) {
      if (done.has(migration.name)) continue
      await client.query("begin")
      try {
        await client.query(migration.sql)
        await run(client, "insert into platform_migrations (name, checksum) values ($1, $2)", [
          migration.name,
          migration.checksum,
        ])
        await client.query("commit")
      } catch (error) {
        await client.query("rollback")
        throw new Error(`migration ${migration.name} failed: ${(error as Error).message}`, { cause: error })
      }
      applied.push(migration.name)
    }
    return applied
  } finally {
    await client.query("select pg_advisory_unlock_all()").catch(() => undefined)
    client.release()
  }
}
