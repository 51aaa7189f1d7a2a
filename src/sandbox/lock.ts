import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"

export type Lock = { held: () => boolean; release: () => void }

const WAIT_MS = 4_000

function read(path: string): { pid: number; token: string } | null {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as { pid: number; token: string }
  } catch {
    // No lock, or one cut short by a kill: nobody holds it.
    return null
  }
}

/** Whether that process is alive and a sandbox; a number reused by a stranger is not. */
function isSandbox(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("sandbox")
  } catch {
    // No /proc on this system: the living number must do.
    return true
  }
}

/**
 * One process a home. A sandbox whose parent was killed needs up to a second to notice: the new one waits for it, and then
 * refuses in one sentence rather than write into the same journal.
 */
export async function holdHome(home: string): Promise<Lock | { refused: string }> {
  mkdirSync(home, { recursive: true })
  const path = join(home, "sandbox.lock")
  const token = `${process.pid}-${Date.now()}`
  for (const until = Date.now() + WAIT_MS; ; ) {
    const other = read(path)
    if (!other || other.pid === process.pid || !isSandbox(other.pid)) break
    if (Date.now() > until) return { refused: `another sandbox (process ${other.pid}) is running in ${home}` }
    await new Promise((done) => setTimeout(done, 100))
  }
  writeFileSync(path, JSON.stringify({ pid: process.pid, token }))
  return {
    held: () => read(path)?.token === token,
    release: () => {
      if (read(path)?.token === token) rmSync(path, { force: true })
    },
  }
}
