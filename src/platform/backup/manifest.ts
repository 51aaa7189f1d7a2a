import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { pipeline } from "node:stream/promises"
import { createGunzip } from "node:zlib"
import { z } from "zod"
import { type Refusal, refuse } from "../../kernel/result.ts"

const name = z.string().regex(/^[a-z_][a-z0-9_.]{0,62}$/)

export const manifestSchema = z.object({
  format: z.literal("siyu-backup-1"),
  made_at: z.iso.datetime(),
  /** `sandbox` or `real`; null where the database was never started. */
  kind: z.string().nullable(),
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })),
  tables: z.array(
    z.object({
      table: name,
      columns: z.array(z.object({ name, type: z.string().regex(/^[a-z0-9_ "()[\],A-Z]{1,80}$/) })),
      rows: z.number().int().nonnegative(),
      /** Of the packed file, and of its content. */
      sha256: z.string(),
      file: z.string().regex(/^data\/[a-z0-9_]+\.copy\.gz$/),
    }),
  ),
  sequences: z.array(z.object({ name, last_value: z.number().int().nullable() })),
})
export type Manifest = z.infer<typeof manifestSchema>

export type ManifestRefusal = Refusal<"no_backup" | "damaged_backup">

/** Reads a backup's manifest and checks every file against it: bytes, and rows. */
export async function readBackup(folder: string): Promise<Manifest | ManifestRefusal> {
  let text: string
  try {
    text = await readFile(join(folder, "manifest.json"), "utf8")
  } catch {
    return refuse("no_backup")
  }
  let manifest: Manifest
  try {
    const { seal, ...content } = JSON.parse(text) as Manifest & { seal?: string }
    if (seal !== sealOf(content)) return refuse("damaged_backup", { detail: { file: "manifest.json" } })
    manifest = manifestSchema.parse(content)
  } catch {
    return refuse("damaged_backup", { detail: { file: "manifest.json" } })
  }
  for (const table of manifest.tables) {
    const found = await examine(join(folder, table.file))
    if (!found || found.sha256 !== table.sha256 || found.rows !== table.rows)
      return refuse("damaged_backup", { detail: { file: table.file } })
  }
  return manifest
}

export function sealOf(content: object): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("hex")
}

async function examine(path: string): Promise<{ sha256: string; rows: number } | null> {
  const hash = createHash("sha256")
  let count = 0
  try {
    await pipeline(
      createReadStream(path),
      async function* (source: AsyncIterable<Buffer>) {
        for await (const chunk of source) {
          hash.update(chunk)
          yield chunk
        }
      },
      createGunzip(),
      async (source: AsyncIterable<Buffer>) => {
        for await (const chunk of source) for (const byte of chunk) if (byte === NEWLINE) count++
      },
    )
  } catch {
    return null
  }
  return { sha256: hash.digest("hex"), rows: count }
}

/** COPY's text format writes one line a row; line ends inside values are escaped. */
const NEWLINE = 10
