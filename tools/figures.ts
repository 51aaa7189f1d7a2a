import { readFile, writeFile } from "node:fs/promises"
import { cpus, totalmem } from "node:os"
import { join } from "node:path"
import type { Result } from "../bench/row.ts"
import { ROOT } from "../src/platform/config.ts"
import type { Outcome } from "../test/chaos/scenario.ts"

// node --import tsx tools/figures.ts [--load TEXT] FILE…: takes what `npm run bench -- --json` and `npm run chaos -- NAME --json`
// printed, keeps each row's latest figure in docs/figures.json and writes the tables of docs/testing.md from it.

type Machine = { cores: number; memory_gb: number; node: string; load?: string }
type Figures = {
  bench: Record<string, Result & { measured_on: string; machine: Machine }>
  chaos: Record<string, Outcome & { measured_on: string; machine: Machine }>
}

const JSON_FILE = join(ROOT, "docs/figures.json")
const PAGE = join(ROOT, "docs/testing.md")

/** Pure: the figures with those of one output taken in. Bench prints a list, chaos one object in its last line. */
export function takeIn(figures: Figures, output: string, on: string, machine: Machine): Figures {
  const text = output.trim()
  const next: Figures = { bench: { ...figures.bench }, chaos: { ...figures.chaos } }
  if (text.startsWith("[")) {
    for (const row of JSON.parse(text) as Result[]) next.bench[row.row] = { ...row, measured_on: on, machine }
    return next
  }
  const outcome = JSON.parse(text.split("\n").at(-1) ?? "") as Outcome
  next.chaos[outcome.name] = { ...outcome, measured_on: on, machine }
  return next
}

/** Pure: the page with everything between the two marks of a table replaced. */
export function withTable(page: string, name: string, lines: readonly string[]): string {
  const begin = `<!-- ${name}: written by tools/figures.ts -->`
  const end = `<!-- end of ${name} -->`
  const from = page.indexOf(begin)
  const to = page.indexOf(end)
  if (from < 0 || to < from) throw new Error(`docs/testing.md has no place for the table ${name}`)
  return `${page.slice(0, from + begin.length)}\n\n${lines.join("\n")}\n\n${page.slice(to)}`
}

const cell = (value: unknown) => String(value ?? "—").replaceAll("|", "\\|")
const line = (cells: readonly unknown[]) => `| ${cells.map(cell).join(" | ")} |`
const ruled = (head: readonly string[], body: readonly string[]) => [
  line(head),
  `|${head.map(() => "---").join("|")}|`,
  ...body,
]
const where = (of: { measured_on: string; machine: Machine }) =>
  `${of.measured_on}, ${of.machine.cores} cores${of.machine.load ? `, ${of.machine.load}` : ""}`

export function benchTable({ bench }: Figures): string[] {
  return ruled(
    ["row", "ours", "anchor", "times better", "goal", "", "measured", "note"],
    Object.values(bench)
      .sort((a, b) => (a.row < b.row ? -1 : 1))
      .map((r) =>
        line([
          r.row,
          r.ours === null ? null : `${r.ours} ${r.unit}`,
          r.anchor === null ? null : `${r.anchor} ${r.unit}`,
          r.ratio,
          r.goal,
          r.met === null ? null : r.met ? "met" : "**missed**",
          where(r),
          [r.reason, r.note].filter(Boolean).join("; "),
        ]),
      ),
  )
}

export function chaosTable({ chaos }: Figures): string[] {
  return ruled(
    ["scenario", "kills", "acknowledged", "applied", "lost", "twice", "", "measured", "seconds"],
    Object.values(chaos)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((c) =>
        line([
          c.name,
          c.kills,
          c.acked,
          c.applied,
          c.lost,
          c.twice,
          c.ok ? "as promised" : "**not as promised**",
          where(c),
          c.seconds,
        ]),
      ),
  )
}

async function main(): Promise<void> {
  const args = process.argv.slice(2)
  const loadAt = args.indexOf("--load")
  const load = loadAt < 0 ? undefined : args[loadAt + 1]
  const files = args.filter((_, i) => loadAt < 0 || (i !== loadAt && i !== loadAt + 1))
  const machine: Machine = {
    cores: cpus().length,
    memory_gb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    ...(load ? { load } : {}),
  }
  let figures = JSON.parse(
    await readFile(JSON_FILE, "utf8").catch(() => '{"bench":{},"chaos":{}}'),
  ) as Figures
  const today = new Date().toISOString().slice(0, 10)
  for (const file of files) figures = takeIn(figures, await readFile(file, "utf8"), today, machine)
  await writeFile(JSON_FILE, `${JSON.stringify(figures, null, 2)}\n`)
  const page = await readFile(PAGE, "utf8")
  await writeFile(
    PAGE,
    withTable(withTable(page, "bench", benchTable(figures)), "chaos", chaosTable(figures)),
  )
}

if (import.meta.url === new URL(process.argv[1] ?? "", "file://").href) await main()
