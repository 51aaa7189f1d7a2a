// The budgets of the pages, gzipped: what a first visit loads, and each further chunk. Exit code 1 when one is over.
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { ROOT } from "./packages.mjs"

const OUT = join(ROOT, "dist/console")
const SIDEBAR = join(ROOT, "dist/sidebar")
const KB = 1000
const FIRST_VISIT_KB = 260
/** Opened anew at every chat: React, and little beside it. */
const SIDEBAR_KB = 100
/** The library of WeCom's client, which comes only inside that client. */
const SIDEBAR_LATER_KB = 25
const SHARED_KB = 250
const PAGE_KB = 60

if (![OUT, SIDEBAR].every((out) => existsSync(join(out, "index.html")))) {
  process.stdout.write("sizes: the pages are not built\n")
  process.exit(existsSync(join(ROOT, "src/apps/console/index.html")) ? 1 : 0)
}

const filesOf = (out) =>
  readdirSync(out, { recursive: true, encoding: "utf8" }).filter((name) => /\.(js|css)$/.test(name))
const gz = (out, name) => gzipSync(readFileSync(join(out, name)), { level: 9 }).length / KB
/** What the page names, wherever below the origin it is handed out. */
const firstOf = (out) => {
  const page = readFileSync(join(out, "index.html"), "utf8")
  const named = [...page.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map((match) => match[1])
  return filesOf(out).filter((file) => named.some((name) => name.endsWith(file)))
}
const sum = (out, names) => names.reduce((total, name) => total + gz(out, name), 0)

const assets = filesOf(OUT)
const first = firstOf(OUT)
const importers = (name) => {
  const base = name.split("/").at(-1)
  return assets.filter((other) => other !== name && readFileSync(join(OUT, other), "utf8").includes(base))
    .length
}

const rows = [["first visit", sum(OUT, first), FIRST_VISIT_KB]]
for (const name of assets.filter((asset) => !first.includes(asset))) {
  // A chunk that several others import is shared, one that a single place opens is a page. The drawing of charts is shared too,
  // though only the frame around a chart opens it: it comes when the first chart comes into sight.
  const shared = importers(name) > 1 || /(^|\/)chart-canvas-/.test(name)
  rows.push([name, gz(OUT, name), shared ? SHARED_KB : PAGE_KB])
}
const beside = firstOf(SIDEBAR)
rows.push(["sidebar", sum(SIDEBAR, beside), SIDEBAR_KB])
for (const name of filesOf(SIDEBAR).filter((file) => !beside.includes(file)))
  rows.push([`sidebar ${name}`, gz(SIDEBAR, name), SIDEBAR_LATER_KB])
let over = 0
for (const [name, size, limit] of rows) {
  const fits = size <= limit
  if (!fits) over++
  if (!fits || size > limit / 2)
    process.stdout.write(`${fits ? "✓" : "✗"} ${name}: ${size.toFixed(0)} of ${limit} kB\n`)
}
process.stdout.write(`sizes: ${rows.length} checked, ${over} over\n`)
process.exit(over === 0 ? 0 : 1)
