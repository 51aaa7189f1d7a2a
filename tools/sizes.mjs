// The console's budgets, gzipped: what a first visit loads, and each further chunk. Exit code 1 when one is over.
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { ROOT } from "./packages.mjs"

const OUT = join(ROOT, "dist/console")
const KB = 1000
const FIRST_VISIT_KB = 260
const SHARED_KB = 250
const PAGE_KB = 60

if (!existsSync(join(OUT, "index.html"))) {
  process.stdout.write("sizes: there is no built console\n")
  process.exit(existsSync(join(ROOT, "src/apps/console/index.html")) ? 1 : 0)
}

const page = readFileSync(join(OUT, "index.html"), "utf8")
const first = [...page.matchAll(/(?:src|href)="\/?([^"]+\.(?:js|css))"/g)].map((match) => match[1])
const assets = readdirSync(OUT, { recursive: true, encoding: "utf8" }).filter((name) =>
  /\.(js|css)$/.test(name),
)
const gz = (name) => gzipSync(readFileSync(join(OUT, name)), { level: 9 }).length / KB
const importers = (name) => {
  const base = name.split("/").at(-1)
  return assets.filter((other) => other !== name && readFileSync(join(OUT, other), "utf8").includes(base))
    .length
}

const rows = [["first visit", first.reduce((total, name) => total + gz(name), 0), FIRST_VISIT_KB]]
for (const name of assets.filter((asset) => !first.includes(asset))) {
  // A chunk that several others import is shared, one that a single place opens is a page. The drawing of charts is shared too,
  // though only the frame around a chart opens it: it comes when the first chart comes into sight.
  const shared = importers(name) > 1 || /(^|\/)chart-canvas-/.test(name)
  rows.push([name, gz(name), shared ? SHARED_KB : PAGE_KB])
}
let over = 0
for (const [name, size, limit] of rows) {
  const fits = size <= limit
  if (!fits) over++
  if (!fits || size > limit / 2)
    process.stdout.write(`${fits ? "✓" : "✗"} ${name}: ${size.toFixed(0)} of ${limit} kB\n`)
}
process.stdout.write(`sizes: ${rows.length} checked, ${over} over\n`)
process.exit(over === 0 ? 0 : 1)
