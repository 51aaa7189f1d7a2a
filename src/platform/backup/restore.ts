import { createReadStream } from "node:fs"
import { join } from "node:path"
import { pipeline } from "node:stream/promises"
import { createGunzip } from "node:zlib"
import { from as copyFrom } from "pg-copy-streams"
import { isRefused, type Refusal, refuse } from "../../kernel/result.ts"
import { type Db, maybeRow, rows, type Tx } from "../db.ts"
import { type Manifest, type ManifestRefusal, readBackup } from "./manifest.ts"
import { quoted, type TableRule, type TableShape, tableShapes } from "./tables.ts"

export type RestoreResult = { made_at: string; tables: number; rows: number }
export type RestoreRefusal = ManifestRefusal | Refusal<"other_schema" | "other_kind">

/**
 * Puts back what a backup holds, in one transaction: until it commits everything is as it was, and afterwards everything is as
 * it was at the backup. All files are checked first. Refused for a backup of another schema, and between a sandbox and a real
 * company. Facts are numbered anew in their order and cursors with them, so another cluster may take them.
 */
export async function restore(
  db: Db,
  folder: string,
  options: { rules: readonly TableRule[]; onTable?(table: string, rows: number): void },
): Promise<RestoreResult | RestoreRefusal> {
  const manifest = await readBackup(folder)
  if (isRefused(manifest)) return manifest
  const client = await db.connect()
  let broken: Error | undefined
  try {
    await client.query("begin")
    await client.query("set local idle_in_transaction_session_timeout = 0")
    const refusal = (await schemaProblem(client, manifest)) ?? (await kindProblem(client, manifest))
    if (refusal) {
      await client.query("rollback")
      return refusal
    }
    await fill(client, folder, manifest, options)
    await client.query("commit")
    await client.query("analyze")
    const total = manifest.tables.reduce((sum, t) => sum + t.rows, 0)
    return { made_at: manifest.made_at, tables: manifest.tables.length, rows: total }
  } catch (error) {
    await client.query("rollback").catch((e: Error) => {
      broken = e
    })
    throw error
  } finally {
    client.release(broken)
  }
}

async function schemaProblem(client: Tx, manifest: Manifest): Promise<RestoreRefusal | null> {
  const have = await rows<{ name: string; checksum: string }>(
    client,
    "select name, checksum from platform_migrations order by name",
  )
  const text = (list: { name: string; checksum: string }[]) => list.map((m) => `${m.name} ${m.checksum}`)
  const [ours, theirs] = [text(have), text(manifest.migrations)]
  const differs = ours.find((m) => !theirs.includes(m)) ?? theirs.find((m) => !ours.includes(m))
  return differs ? refuse("other_schema", { detail: { migration: differs.split(" ")[0] } }) : null
}

async function kindProblem(client: Tx, manifest: Manifest): Promise<RestoreRefusal | null> {
  const stamp = await maybeRow<{ kind: string }>(client, "select kind from platform_stamp")
  if (!stamp || stamp.kind === manifest.kind) return null
  return refuse("other_kind", { detail: { here: stamp.kind, backup: manifest.kind } })
}

async function fill(
  client: Tx,
  folder: string,
  manifest: Manifest,
  options: { rules: readonly TableRule[]; onTable?(table: string, rows: number): void },
): Promise<void> {
  const shapes = await tableShapes(client, options.rules)
  const guarded = await guardedTables(client)
  for (const table of guarded) await client.query(`alter table ${quoted(table)} disable trigger user`)
  await client.query(`truncate ${shapes.map((s) => quoted(s.table)).join(", ")}`)
  for (const shape of shapes) {
    const kept = manifest.tables.find((t) => t.table === shape.table)
    if (!kept) continue
    await addMissingColumns(client, shape, kept)
    await fillTable(client, folder, kept)
    options.onTable?.(kept.table, kept.rows)
  }
  for (const shape of shapes) if (shape.after) await client.query(shape.after)
  await raiseSequences(client, manifest)
  for (const table of guarded) await client.query(`alter table ${quoted(table)} enable trigger user`)
}

/** Tables that refuse changes by a trigger: their owner may lift it for this transaction; no superuser is needed. */
async function guardedTables(client: Tx): Promise<string[]> {
  const found = await rows<{ table: string }>(
    client,
    `select distinct c.relname as table from pg_trigger t join pg_class c on c.oid = t.tgrelid
     where not t.tgisinternal and t.tgenabled <> 'D' and t.tgparentid = 0 and c.relnamespace = 'public'::regnamespace
     order by 1`,
  )
  return found.map((r) => r.table)
}

/** Upwards only: a sequence does not come back with a transaction that fails. */
async function raiseSequences(client: Tx, manifest: Manifest): Promise<void> {
  await rows(
    client,
    `select setval(format('%I', s.sequencename)::regclass, greatest(s.last_value, b.last_value))
     from unnest($1::text[], $2::bigint[]) as b (name, last_value)
     join pg_sequences s on s.schemaname = 'public' and s.sequencename = b.name
     where b.last_value is not null`,
    [manifest.sequences.map((s) => s.name), manifest.sequences.map((s) => s.last_value)],
  )
}

async function addMissingColumns(
  client: Tx,
  shape: TableShape,
  kept: Manifest["tables"][number],
): Promise<void> {
  for (const column of kept.columns.filter((c) => !shape.columns.some((have) => have.name === c.name)))
    await client.query(`alter table ${quoted(shape.table)} add column ${quoted(column.name)} ${column.type}`)
}

async function fillTable(client: Tx, folder: string, kept: Manifest["tables"][number]): Promise<void> {
  const columns = kept.columns.map((c) => quoted(c.name)).join(", ")
  await pipeline(
    createReadStream(join(folder, kept.file)),
    createGunzip(),
    client.query(copyFrom(`copy ${quoted(kept.table)} (${columns}) from stdin`)),
  )
}
