import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { ROOT } from "../src/platform/config.ts"

const READY_MS = 180_000
const STOP_MS = 20_000

export type ServerProcess = {
  origin: string
  /** Of the server process itself, in MB; null where the platform does not tell. */
  memory_mb(): number | null
  stop(): Promise<void>
}

/** Starts a real process of ours in a group of its own and waits until `/readyz` is 200. */
export async function startServer(
  command: readonly string[],
  port: number,
  env: Record<string, string>,
): Promise<ServerProcess> {
  const [file, ...args] = command
  const child = spawn(file!, args, {
    cwd: ROOT,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, PORT: String(port), ...env },
  })
  let said = ""
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4_000)
    })
  const alive = () => child.exitCode === null && child.signalCode === null
  const stop = async () => {
    if (!alive() || !child.pid) return
    const gone = once(child, "exit")
    process.kill(-child.pid, "SIGTERM")
    const kill = setTimeout(() => alive() && child.pid && process.kill(-child.pid, "SIGKILL"), STOP_MS)
    await gone
    clearTimeout(kill)
  }
  const origin = `http://127.0.0.1:${port}`
  const end = Date.now() + READY_MS
  for (;;) {
    const status = await fetch(`${origin}/readyz`).then(
      (answer) => answer.status,
      () => 0,
    )
    if (status === 200) break
    if (!alive() || Date.now() > end) {
      await stop()
      throw new Error(`the server did not come up: ${said}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    origin,
    memory_mb() {
      if (process.platform !== "linux") return null
      const kb = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]
      return kb ? Number(kb) / 1024 : null
    },
    stop,
  }
}

/** Signs in and gives the headers of a session. */
export async function sessionOf(origin: string, password: string): Promise<Record<string, string>> {
  const response = await fetch(`${origin}/api/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ login: "owner", password }),
  })
  if (!response.ok) throw new Error(`cannot sign in: ${await response.text()}`)
  return {
    cookie: response.headers.getSetCookie()[0]?.split(";")[0] ?? "",
    "content-type": "application/json",
  }
}
