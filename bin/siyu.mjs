#!/usr/bin/env node
// `npx siyu …` in a clone: hands over to src/apps/cli/main.ts, in this same process. Plain JavaScript, so that it
// can say what is missing before there are any packages.
import { missingPackages, nodeProblem, ROOT } from "../tools/packages.mjs"

const problem = nodeProblem() ?? (missingPackages(ROOT, { dev: false }).length > 0 ? notInstalled() : null)
if (problem) {
  process.stderr.write(`${problem}\n`)
  process.exit(1)
}
const { register } = await import("tsx/esm/api")
register()
await import("../src/apps/cli/main.ts")

function notInstalled() {
  return "依赖还没有装好：请先运行 npm ci（或 npm start）。The packages are not installed: run npm ci (or npm start) first."
}
