// Builds the console into dist/console and the sidebar into dist/sidebar, unless both were built from exactly these sources.
import { spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join, relative, sep } from "node:path"
import { fileURLToPath } from "node:url"
import { installPackages, ROOT, telling } from "./packages.mjs"

const PAGE = "src/apps/console/index.html"
const OUT = "dist/console"
const STAMP = `${OUT}/.built-from`

/** Everything the browser's code may be made of (see the borders in ARCHITECTURE.md). */
const SOURCES = ["src/apps/console", "src/apps/sidebar", "src/ui", "src/kernel"]
const SHARED = /(^|\/)(contract|shared)\.ts$/
const CONFIGS = ["vite.config.ts", "vite.sidebar.config.ts"]
const SINGLE = [...CONFIGS, "package-lock.json", "tsconfig.json"]

/** Answers false when the build failed. `force` builds even when nothing changed. */
export async function buildConsole({ force = false } = {}) {
  if (!existsSync(join(ROOT, PAGE))) return true
  const sources = digest()
  if (!force && readStamp() === sources) return true
  const done = telling("正在构建页面 (building the console)")
  const built = []
  for (const config of CONFIGS) built.push(await runVite(config))
  done()
  const failed = built.find(({ status }) => status !== 0)
  if (failed) {
    const { output } = failed
    process.stderr.write(`${output}\n页面构建失败。The console could not be built.\n`)
    return false
  }
  writeFileSync(join(ROOT, STAMP), sources)
  return true
}

function digest() {
  const files = [
    ...SOURCES.flatMap((folder) =>
      filesBelow(join(ROOT, folder), /(?<!\.test)\.(tsx?|css|html|svg|json|png|woff2?)$/),
    ),
    ...filesBelow(join(ROOT, "src"), SHARED),
    ...SINGLE.map((name) => join(ROOT, name)).filter(existsSync),
  ]
  const hash = createHash("sha256")
  for (const file of [...new Set(files)].sort()) {
    hash
      .update(`${relative(ROOT, file)}\0`)
      .update(readFileSync(file))
      .update("\0")
  }
  return hash.digest("hex")
}

function filesBelow(folder, named) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => named.test(path.split(sep).join("/")))
}

function readStamp() {
  const file = join(ROOT, STAMP)
  const there = ["dist/console", "dist/sidebar"].every((out) => existsSync(join(ROOT, out, "index.html")))
  return existsSync(file) && there ? readFileSync(file, "utf8") : null
}

function runVite(config) {
  const vite = join(ROOT, "node_modules/vite/bin/vite.js")
  const args = [vite, "build", "--config", config, "--logLevel", "warn"]
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] })
    let output = ""
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk))
    child.on("error", (error) => resolve({ status: 1, output: error.message }))
    child.on("close", (status) => resolve({ status, output: output.trim() }))
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const ok = (await installPackages()) && (await buildConsole({ force: true }))
  process.exitCode = ok ? 0 : 1
}
