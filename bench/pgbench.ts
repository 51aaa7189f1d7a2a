import { execFile } from "node:child_process"
import { access, readdir } from "node:fs/promises"
import { delimiter, join } from "node:path"
import { promisify } from "node:util"
import { openDb } from "../src/platform/db.ts"
import type { Place } from "./row.ts"

const run = promisify(execFile)
const DEBIAN = "/usr/lib/postgresql"
const NAME = "bench_pgbench"
const SCALE = 50
const prepared = new Set<string>()

/** Where the machine has pgbench; null where it has none (the embedded PostgreSQL brings none). */
async function findPgbench(): Promise<string | null> {
  const versions = await readdir(DEBIAN).catch(() => [])
  const folders = [
    ...(process.env.PATH ?? "").split(delimiter),
    ...versions.sort((a, b) => Number(b) - Number(a)).map((v) => join(DEBIAN, v, "bin")),
  ]
  for (const folder of folders) {
    const path = join(folder, "pgbench")
    const found = await access(path).then(
      () => true,
      () => false,
    )
    if (found) return path
  }
  return null
}

/** Transactions a second of `pgbench -c 8 -j 2 -M prepared -s 50` on the row's cluster; null where there is no pgbench. */
export async function pgbenchTps(place: Place, seconds: number): Promise<number | null> {
  const program = await findPgbench()
  if (!program) return null
  const url = new URL(place.adminUrl)
  url.pathname = `/${NAME}`
  if (!prepared.has(url.href)) {
    const admin = openDb({ url: place.adminUrl, max: 1 })
    await admin.query(`drop database if exists ${NAME} with (force)`)
    await admin.query(`create database ${NAME}`)
    await admin.end()
    place.say(`filling pgbench -s ${SCALE}`)
    await run(program, ["-i", "-q", "-s", String(SCALE), url.href])
    prepared.add(url.href)
  }
  const args = ["-c", "8", "-j", "2", "-M", "prepared", "-T", String(seconds), url.href]
  const { stdout } = await run(program, args)
  return Number(/tps = ([\d.]+)/.exec(stdout)?.[1] ?? Number.NaN)
}
