// npm test: everything — rules, database, stories, browser. Installs what is missing first; words after the command
// are handed to vitest (npm test -- src/modules/points). Ends with a plain line `N passed, N failed`.
import { spawn } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { buildConsole } from "./build.mjs"
import { installPackages, nodeProblem, ROOT } from "./packages.mjs"

const tooOld = nodeProblem()
if (tooOld) {
  process.stderr.write(`${tooOld}\n0 passed, 1 failed\n`)
  process.exit(1)
}
// The browser tests open the built console.
if (!(await installPackages()) || !(await buildConsole())) {
  process.stdout.write("0 passed, 1 failed\n")
  process.exit(1)
}

if (!process.env.SIYU_REAL_DATA) {
  process.stderr.write(
    "SIYU_REAL_DATA 未设置：真实数据的检查不运行。SIYU_REAL_DATA is not set: the checks on real data are left out.\n",
  )
}
if (!process.env.SIYU_MILLION) {
  process.stderr.write(
    "SIYU_MILLION 未设置：一百万客户的页面故事不运行。SIYU_MILLION is not set: the pages' story with a million customers is left out.\n",
  )
}

const folder = mkdtempSync(join(tmpdir(), "siyu-report-"))
const report = join(folder, "report.json")
const status = await runVitest()
const { passed, failed } = sum(status)
rmSync(folder, { recursive: true, force: true })
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exit(failed === 0 ? 0 : 1)

function runVitest() {
  const args = [
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ]
  const child = spawn(process.execPath, [join(ROOT, "node_modules/vitest/vitest.mjs"), ...args], {
    cwd: ROOT,
    stdio: "inherit",
  })
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal))
  return new Promise((resolve) => {
    child.on("exit", (code) => resolve(code ?? 1))
    child.on("error", () => resolve(1))
  })
}

/** A file that could not even be read, or a run that ended badly without a failed test, counts as one failure. */
function sum(status) {
  if (!existsSync(report)) return { passed: 0, failed: 1 }
  const result = JSON.parse(readFileSync(report, "utf8"))
  const broken = result.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  )
  const failed = result.numFailedTests + broken.length
  return { passed: result.numPassedTests, failed: failed === 0 && status !== 0 ? 1 : failed }
}
