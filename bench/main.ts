import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { openDb } from "../src/platform/db.ts"
import { migrate } from "../src/platform/migrate.ts"
import { openCluster } from "../src/platform/postgres/index.ts"
import { type BenchRow, conclude, type Measured, type Result } from "./row.ts"

const args = process.argv.slice(2)
const json = args.includes("--json")
const wanted = args.filter((a) => !a.startsWith("--"))
const say = (line: string) => process.stderr.write(`${line}\n`)

const folder = fileURLToPath(new URL("rows", import.meta.url))
const files = (await readdir(folder)).filter((f) => f.endsWith(".ts")).sort()
const all: BenchRow[] = (
  await Promise.all(files.map((f) => import(join(folder, f)) as Promise<{ rows: BenchRow[] }>))
).flatMap((m) => m.rows)
const chosen =
  wanted.length === 0 ? all : all.filter((r) => wanted.some((w) => r.row === w || r.row.startsWith(`${w}_`)))
if (chosen.length === 0) {
  say(`no such row; there are: ${all.map((r) => r.row).join(", ")}`)
  process.exit(2)
}

const home = await mkdtemp(join(tmpdir(), "siyu-bench-"))
const cluster = await openCluster({ home })
const results: Result[] = []
try {
  for (const row of chosen) results.push(await measureRow(row))
} finally {
  await cluster.stop()
  await rm(home, { recursive: true, force: true })
}
process.stdout.write(json ? `${JSON.stringify(results, null, 2)}\n` : table(results))

async function measureRow(row: BenchRow): Promise<Result> {
  const name = `bench_${row.row}`
  const admin = openDb({ url: cluster.adminUrl, max: 1 })
  await admin.query(`drop database if exists ${name} with (force)`)
  await admin.query(`create database ${name} owner siyu`)
  const url = new URL(cluster.url)
  url.pathname = `/${name}`
  const db = openDb({ url: url.href, max: 10 })
  try {
    await migrate(db)
    const place = {
      db,
      url: url.href,
      adminUrl: cluster.adminUrl,
      say: (line: string) => say(`  ${row.row}: ${line}`),
    }
    say(`${row.row} …`)
    await row.prepare?.(place)
    const rounds: Measured[] = []
    for (let n = 0; n < row.rounds; n++) {
      const one = await row.measure(place)
      say(
        `  ${row.row}: ours ${one.ours.toPrecision(4)}, anchor ${one.anchor?.toPrecision(4) ?? "none"} ${row.unit}`,
      )
      rounds.push(one)
    }
    return conclude(row, rounds)
  } catch (error) {
    return {
      row: row.row,
      unit: row.unit,
      ours: null,
      anchor: null,
      ratio: null,
      goal: "",
      met: null,
      reason: `did not run: ${(error as Error).message}`,
    }
  } finally {
    await db.end()
    await admin.query(`drop database if exists ${name} with (force)`)
    await admin.end()
  }
}

function table(list: Result[]): string {
  const cells = list.map((r) => [
    r.row,
    r.unit,
    String(r.ours ?? "—"),
    String(r.anchor ?? "—"),
    r.ratio === null ? "—" : `${r.ratio} x`,
    r.goal,
    r.met === null ? "—" : r.met ? "met" : "missed",
    r.reason ?? r.note ?? "",
  ])
  const head = ["row", "unit", "ours", "anchor", "ratio", "goal", "met", "note"]
  const width = head.map((h, i) => Math.max(h.length, ...cells.map((c) => c[i]!.length)))
  return `${[head, ...cells]
    .map((c) =>
      c
        .map((text, i) => text.padEnd(width[i]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n")}\n`
}
