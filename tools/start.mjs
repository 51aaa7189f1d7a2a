// npm start: installs and builds what is missing, then runs the server in the foreground, in npm's own process
// group. Ends after all it started has ended, with the server's exit code. --dev reloads on change.
import { spawn } from "node:child_process"
import { join } from "node:path"
import { buildConsole } from "./build.mjs"
import { installPackages, nodeProblem, ROOT } from "./packages.mjs"

const SERVER = "src/apps/server/main.ts"
const DEV = process.argv.includes("--dev")
const PARENT_LOOK_MS = 500

const tooOld = nodeProblem()
if (tooOld) {
  process.stderr.write(`${tooOld}\n`)
  process.exit(1)
}

const dev = process.env.NODE_ENV !== "production"
if (!(await installPackages(ROOT, { dev })) || !(DEV || (await buildConsole()))) process.exit(1)

const server = ["--import", "tsx", ...(DEV ? ["--watch-path=src", "--watch-preserve-output"] : []), SERVER]
const commands = DEV
  ? [server, [join(ROOT, "node_modules/vite/bin/vite.js"), "--clearScreen", "false"]]
  : [server]
const children = commands.map((args) =>
  spawn(process.execPath, args, {
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, SIYU_STARTED_BY: String(process.pid) },
  }),
)

// A terminal's Ctrl-C reaches the whole group, a signal to npm only us: the server takes both for one.
const passOn = (signal) => {
  for (const child of children) child.kill(signal)
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.on(signal, () => passOn(signal === "SIGHUP" ? "SIGTERM" : signal))

// npm killed outright cannot tell us: then what it started is not wanted any more.
const parent = process.ppid
if (process.env.npm_lifecycle_event) {
  const look = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(look)
    passOn("SIGTERM")
  }, PARENT_LOOK_MS)
  look.unref()
}

let first = null
await Promise.all(
  children.map(
    (child) =>
      new Promise((resolve) => {
        const ended = (code) => {
          first ??= code
          // In --dev one without the other is of no use.
          passOn("SIGTERM")
          resolve()
        }
        child.on("exit", (code, signal) => ended(code ?? (signal ? 128 : 1)))
        child.on("error", (error) => {
          process.stderr.write(`${error.message}\n`)
          ended(1)
        })
      }),
  ),
)
process.exit(first ?? 0)
