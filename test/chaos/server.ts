import { type ChildProcess, spawn } from "node:child_process"
import { ROOT } from "../../src/platform/config.ts"
import { eventually } from "./scenario.ts"

const READY_MS = 120_000

/** What leads a process group of its own: `npm start`, or one server process. */
export type Group = {
  said(): string
  /** Signal 9 to the whole group, as when the machine loses its power, except for PostgreSQL, which has a session of its own. */
  kill(): Promise<void>
  stop(): Promise<void>
}

function group(child: ChildProcess): Group & { alive(): boolean } {
  let text = ""
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-20_000)
    })
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()))
  const alive = () => child.exitCode === null && child.signalCode === null
  const send = async (signal: NodeJS.Signals) => {
    if (alive() && child.pid) process.kill(-child.pid, signal)
    await ended
  }
  return { said: () => text, alive, kill: () => send("SIGKILL"), stop: () => send("SIGTERM") }
}

/** `npm start`; answers when `/readyz` does. */
export async function npmStart(home: string, port: number, env: Record<string, string>): Promise<Group> {
  const leader = group(
    spawn("npm", ["start"], {
      cwd: ROOT,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, SIYU_HOME: home, PORT: String(port), ...env },
    }),
  )
  await readyOrKilled(leader, "the server serves", async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`)
    return answer.status === 200
  })
  return leader
}

/** A server process of role worker; answers when it says that it is ready. */
export async function startWorker(env: Record<string, string>): Promise<Group> {
  const leader = group(
    spawn(process.execPath, ["--import", "tsx", "src/apps/server/main.ts"], {
      cwd: ROOT,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, SIYU_ROLE: "worker", ...env },
    }),
  )
  await readyOrKilled(leader, "the worker works", async () => leader.said().includes("The worker is ready"))
  return leader
}

async function readyOrKilled(
  leader: Group & { alive(): boolean },
  what: string,
  check: () => Promise<boolean>,
): Promise<void> {
  try {
    await eventually(
      what,
      async () => {
        if (leader.alive()) return check()
        return { ended: true }
      },
      READY_MS,
    )
    if (!leader.alive()) throw new Error(`it ended at its start:\n${leader.said()}`)
  } catch (error) {
    await leader.kill()
    throw error
  }
}
