// Whether the packages that package-lock.json names are installed, and their installation. Plain JavaScript
// without imports from packages: it runs before there are any.
import { spawn } from "node:child_process"
import { existsSync, lstatSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

const OLDEST_NODE = [20, 19]

/** A sentence when this Node is too old, else null. */
export function nodeProblem(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split(".").map(Number)
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return null
  return `Node.js ${version} 太旧，需要 ${OLDEST_NODE.join(".")} 或更新的版本。Node.js ${version} is too old; ${OLDEST_NODE.join(".")} or newer is needed.`
}

/**
 * What is missing or of another version, by comparing the lock with the list npm leaves in node_modules when an
 * installation has come to its end. Optional packages may be missing (they are for other platforms).
 */
export function missingPackages(root = ROOT, { dev = true } = {}) {
  const wanted = packagesIn(join(root, "package-lock.json"))
  const found = packagesIn(join(root, "node_modules", ".package-lock.json"))
  if (!wanted) return []
  return Object.entries(wanted)
    .filter(([path, entry]) => path !== "" && !entry.optional && !entry.link && (dev || !entry.dev))
    .filter(([path, entry]) => found?.[path]?.version !== entry.version)
    .map(([path]) => path.replace(/^.*node_modules\//, ""))
}

function packagesIn(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).packages : null
}

/** Installs what is missing, telling how long it takes. Answers false (having said why) when that failed. */
export async function installPackages(root = ROOT, { dev = true } = {}) {
  const missing = missingPackages(root, { dev })
  if (missing.length === 0) return true
  if (isBorrowed(root)) {
    process.stderr.write(
      `node_modules 指向别处，缺 ${missing[0]} 等：请在它所在的目录安装。node_modules points elsewhere and lacks ${missing[0]}: install it there.\n`,
    )
    return false
  }
  const done = telling("正在安装依赖 (installing packages)")
  const flags = ["ci", "--no-audit", "--no-fund", "--loglevel=error", ...(dev ? ["--include=dev"] : [])]
  const { status, output } = await runNpm(root, flags)
  done()
  if (status === 0) return true
  process.stderr.write(
    `${output}\n依赖没有装好：请检查网络后重试。Installing the packages failed: check the network and try again.\n`,
  )
  return false
}

/** `npm ci` empties what a link points at, under the hands of whoever else uses it. */
function isBorrowed(root) {
  return lstatSync(join(root, "node_modules"), { throwIfNoEntry: false })?.isSymbolicLink() ?? false
}

function runNpm(root, args) {
  const own = process.env.npm_execpath
  const [file, first] = own?.endsWith("js") ? [process.execPath, [own]] : ["npm", []]
  return new Promise((resolve) => {
    const child = spawn(file, [...first, ...args], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      env: npmEnv(),
    })
    let output = ""
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk))
    child.on("error", (error) => resolve({ status: 1, output: `npm: ${error.message}` }))
    child.on("close", (status) => resolve({ status, output: output.trim() }))
  })
}

/** Called by `npm start`, npm hands us its settings as variables; the inner npm is to read its own. */
function npmEnv() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(lifecycle|package)_/.test(name)),
  )
}

const TELL_EVERY_MS = 5_000

/** Tells a person that something long goes on; call the answer when it is done. */
export function telling(what) {
  const began = Date.now()
  const seconds = () => `${((Date.now() - began) / 1000).toFixed(1)} s`
  process.stderr.write(`${what} …\n`)
  const timer = setInterval(() => process.stderr.write(`${what} … ${seconds()}\n`), TELL_EVERY_MS)
  return () => {
    clearInterval(timer)
    process.stderr.write(`${what}：${seconds()}\n`)
  }
}
