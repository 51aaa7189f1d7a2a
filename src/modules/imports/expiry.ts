import { readdir, rm, stat } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import { DAY_MS } from "../../kernel/day.ts"
import { type Db, tx } from "../../platform/db.ts"
import {
  IMPORT_EXPIRY_BATCH,
  IMPORT_FILES_KEPT_DAYS,
  UPLOAD_STRAY_KEPT_MS,
  UPLOAD_UNRUN_KEPT_DAYS,
} from "./limits.ts"
import { expiredForUpdate, filesExpired, knownImports } from "./store.ts"

type Ages = {
  state: string
  created_at: Date
  paused_at: Date | null
  ended_at: Date | null
}

/** Until when the files of an import are kept; null while it is under way. One that nobody ran is kept shorter. */
export function filesUntil({ state, created_at, paused_at, ended_at }: Ages): Date | null {
  if (state === "uploaded") return later(created_at, UPLOAD_UNRUN_KEPT_DAYS)
  const since = state === "paused" ? paused_at : ended_at
  return since && later(since, IMPORT_FILES_KEPT_DAYS)
}

const later = (at: Date, days: number) => new Date(at.getTime() + days * DAY_MS)

/**
 * Deletes the files of imports whose time is over: what was uploaded and the rows that failed. The import's row stays and says so;
 * one that was left paused is thereby stopped. Gives how many.
 */
export async function expireImports(db: Db, now: Date): Promise<number> {
  return tx(db, async (t) => {
    const due = await expiredForUpdate(t, {
      unrun_before: later(now, -UPLOAD_UNRUN_KEPT_DAYS),
      ended_before: later(now, -IMPORT_FILES_KEPT_DAYS),
      limit: IMPORT_EXPIRY_BATCH,
    })
    // The files go first: cut short in between, the next round finds nothing to delete and writes it down.
    for (const folder of new Set(due.map(({ path }) => dirname(path))))
      await removeOf(folder, new Set(due.map(({ path }) => basename(path))))
    await filesExpired(
      t,
      due.map(({ id }) => id),
      now,
    )
    return due.length
  })
}

/** Deletes what begins with these names; what a killed run left half written is called after its upload. */
async function removeOf(folder: string, names: ReadonlySet<string>): Promise<void> {
  for (const file of await filesIn(folder)) {
    if (names.has(file.split(".")[0]!)) await rm(join(folder, file), { force: true })
  }
}

/** Deletes uploads of which no import tells: their server was killed before it could write them down. In machine time, as files are. */
export async function removeStrays(db: Db, folder: string): Promise<void> {
  const files = await filesIn(folder)
  const idOf = (file: string) => file.split(".")[0]!
  const ids = [...new Set(files.map(idOf))].filter((id) => UUID.test(id))
  const known = new Set(await knownImports(db, ids))
  const strays = new Set(ids.filter((id) => !known.has(id)))
  for (const file of files) {
    if (!strays.has(idOf(file))) continue
    const path = join(folder, file)
    const changed = (await stat(path).catch(gone))?.mtimeMs ?? Date.now()
    if (Date.now() - changed > UPLOAD_STRAY_KEPT_MS) await rm(path, { force: true })
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const filesIn = async (folder: string) => (await readdir(folder).catch(gone)) ?? []

function gone(error: unknown): null {
  if ((error as { code?: string }).code === "ENOENT") return null
  throw error
}
