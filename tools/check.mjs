// npm run check: types, lint and format, borders, dead code, and a lock that can be installed on every platform.
// All of them run, so that one look tells everything; the exit code is 1 when any failed.
import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { installPackages, ROOT } from "./packages.mjs"

const bin = (name) => join(ROOT, "node_modules/.bin", name)
const CHECKS = [
  ["types", bin("tsgo"), ["-p", "tsconfig.json", "--noEmit"]],
  ["lint and format", bin("biome"), ["check", "--error-on-warnings", "."]],
  ["borders", bin("depcruise"), ["--config", ".dependency-cruiser.cjs", "--output-type", "err", "src"]],
  ["dead code", bin("knip"), ["--no-progress"]],
]

if (!(await installPackages())) process.exit(1)
const failed = []
for (const [name, file, args] of CHECKS) if (!(await passes(name, file, args))) failed.push(name)
const lost = missingPlatforms()
if (lost.length > 0) failed.push("lock")
for (const line of lost) process.stderr.write(`lock: ${line}\n`)
process.stdout.write(failed.length === 0 ? "check: all is well\n" : `check: failed: ${failed.join(", ")}\n`)
process.exit(failed.length === 0 ? 0 : 1)

function passes(name, file, args) {
  const began = Date.now()
  const child = spawn(file, args, { cwd: ROOT, stdio: "inherit" })
  return new Promise((resolve) => {
    const done = (ok) => {
      process.stdout.write(`${ok ? "✓" : "✗"} ${name} ${((Date.now() - began) / 1000).toFixed(1)} s\n`)
      resolve(ok)
    }
    child.on("error", () => done(false))
    child.on("exit", (code) => done(code === 0))
  })
}

/** Packages for other platforms that npm left out of the lock: there, `npm ci` would fail or lack a binary. */
function missingPlatforms() {
  const packages = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")).packages
  const present = Object.keys(packages)
  return Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => /(win32|windows|darwin)/.test(name))
      .filter((name) => !present.some((at) => at.endsWith(`node_modules/${name}`)))
      .map((name) => `${path || "package.json"} wants ${name}, which the lock lacks`),
  )
}
