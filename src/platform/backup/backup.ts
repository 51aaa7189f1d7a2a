import { createHash } from "node:crypto"
import { createWriteStream } from "node:fs"
import { access, mkdir, rename, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { pipeline } from "node:stream/promises"
import { createGzip } from "node:zlib"
import { to as copyTo } from "pg-copy-streams"
import { type Refusal, refuse } from "../../kernel/result.ts"
import { type Db, maybeRow, rows, type Tx } from "../db.ts"
import { type Manifest, sealOf } from "./manifest.ts"
import { sequences, type TableRule, type TableShape, tableShapes } from "./tables.ts"

export type BackupResult = { folder: string; tables: number; rows: number }

/**
 * Writes everything into a new folder, as of one moment: one REPEATABLE READ transaction that writes nothing, so that nobody
 * waits for it. The folder gets its name when it is whole, and only its owner may read it.
 */
export async function backup(
  db: Db,
  folder: string,
  options: { rules: readonly TableRule[]; machine_now: Date; onTable?(table: string, rows: number): void },
): Promise<BackupResult | Refusal<"folder_exists">> {
  if (await exists(folder)) return refuse("folder_exists")
  const part = `${folder}.${process.pid}.part`
  await mkdir(join(part, "data"), { recursive: true, mode: 0o700 })
  const client = await db.connect()
  let broken: Error | undefined
  try {
    await client.query("begin isolation level repeatable read, read only")
    const manifest = await writeAll(client, part, options)
    await client.query("commit")
    await writeFile(
      join(part, "manifest.json"),
      JSON.stringify({ ...manifest, seal: sealOf(manifest) }, null, 1),
      {
        mode: 0o600,
      },
    )
    await rename(part, folder)
    const total = manifest.tables.reduce((sum, t) => sum + t.rows, 0)
    return { folder, tables: manifest.tables.length, rows: total }
  } catch (error) {
    await client.query("rollback").catch((e: Error) => {
      broken = e
    })
    await rm(part, { recursive: true, force: true })
    throw error
  } finally {
    client.release(broken)
  }
}

async function writeAll(
  client: Tx,
  part: string,
  options: { rules: readonly TableRule[]; machine_now: Date; onTable?(table: string, rows: number): void },
): Promise<Manifest> {
  const stamp = await maybeRow<{ kind: string }>(client, "select kind from platform_stamp")
  const migrations = await rows<{ name: string; checksum: string }>(
    client,
    "select name, checksum from platform_migrations order by name",
  )
  const tables: Manifest["tables"] = []
  for (const shape of await tableShapes(client, options.rules)) {
    if (shape.columns.length === 0) continue
    const written = await writeTable(client, shape, part)
    tables.push(written)
    options.onTable?.(shape.table, written.rows)
  }
  return {
    format: "siyu-backup-1",
    made_at: options.machine_now.toISOString(),
    kind: stamp?.kind ?? null,
    migrations,
    tables,
    sequences: await sequences(client),
  }
}

async function writeTable(client: Tx, shape: TableShape, part: string): Promise<Manifest["tables"][number]> {
  const file = `data/${shape.table}.copy.gz`
  const copy = client.query(copyTo(`copy (${shape.select}) to stdout`))
  const hash = createHash("sha256")
  await pipeline(
    copy,
    createGzip({ level: 1 }),
    async function* (source: AsyncIterable<Buffer>) {
      for await (const chunk of source) {
        hash.update(chunk)
        yield chunk
      }
    },
    createWriteStream(join(part, file), { mode: 0o600 }),
  )
  return {
    table: shape.table,
    columns: shape.columns,
    rows: copy.rowCount ?? 0,
    sha256: hash.digest("hex"),
    file,
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch {
    return false
  }
}
