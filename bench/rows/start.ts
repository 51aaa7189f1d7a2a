import { spawn } from "node:child_process"
import { once } from "node:events"
import { copyFile, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { ROOT } from "../../src/platform/config.ts"
import { freePort } from "../../src/platform/postgres/index.ts"
import type { BenchRow, Measured, Place } from "../row.ts"
import { sessionOf, startServer } from "../server-process.ts"

const CUSTOMERS = 2_000
const LIMIT_MS = 300_000
const PASSWORD = "bench-password-1"

let installation = "not measured"

/** `npm ci` of the same packages into an empty folder, from wherever npm gets them on this machine. */
async function install({ say }: Place): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "siyu-bench-install-"))
  try {
    for (const file of ["package.json", "package-lock.json"])
      await copyFile(join(ROOT, file), join(folder, file))
    const started = performance.now()
    const child = spawn("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
    })
    const [code] = (await once(child, "exit")) as [number | null]
    installation =
      code === 0 ? `${((performance.now() - started) / 1000).toFixed(0)} s` : "failed on this machine"
    say(`installation of the packages: ${installation}`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** From `npm start` on an empty home to a page that is served and a list of 2,000 customers that came in over the wire. */
async function measure({ say }: Place): Promise<Measured> {
  const home = await mkdtemp(join(tmpdir(), "siyu-bench-start-"))
  const started = performance.now()
  const since = () => (performance.now() - started) / 1000
  const server = await startServer(["npm", "start"], await freePort(), {
    SIYU_HOME: home,
    SIYU_OWNER_PASSWORD: PASSWORD,
  })
  try {
    const page = await fetch(`${server.origin}/`)
    if (page.status !== 200) throw new Error(`the page answers ${page.status}`)
    const served = since()
    const headers = await sessionOf(server.origin, PASSWORD)
    let total = 0
    while (total < CUSTOMERS) {
      if (since() * 1000 > LIMIT_MS) throw new Error(`only ${total} customers after ${since().toFixed(0)} s`)
      const answer = await fetch(`${server.origin}/api/customers?with_total=true&limit=1`, { headers })
      total = ((await answer.json()) as { total: number }).total
      if (total < CUSTOMERS) await new Promise((resolve) => setTimeout(resolve, 250))
    }
    const ours = since()
    say(`page after ${served.toFixed(1)} s, ${total} customers after ${ours.toFixed(1)} s`)
    return {
      ours,
      anchor: null,
      note: `npm start on an empty home; the page is served after ${served.toFixed(1)} s; installing the packages before: ${installation}`,
    }
  } finally {
    await server.stop()
    await rm(home, { recursive: true, force: true })
  }
}

export const rows: BenchRow[] = [
  { row: "start_usable", unit: "s", goal: { at_most: 60 }, rounds: 1, prepare: install, measure },
]
