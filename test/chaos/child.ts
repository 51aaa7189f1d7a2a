import { type ChildProcess, spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { ROOT } from "../../src/platform/config.ts"

/** A process of ours that speaks a JSON object a line, can be killed like a power cut, and is started again by hand. */
export type Child = {
  pid: number
  /** Resolves with the first line. */
  ready: Promise<void>
  send(message: object): void
  kill(): Promise<void>
  /** Asks it to end in order. */
  stop(): Promise<void>
}

export function startChild(
  script: string,
  env: Record<string, string>,
  hear: (line: string) => void = () => undefined,
): Child {
  const child = spawn(process.execPath, ["--import", "tsx", script], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "inherit"],
  })
  // What a killed process has not read is lost; whoever sent it sends it again.
  child.stdin.on("error", () => undefined)
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()))
  let first: () => void = () => undefined
  const ready = new Promise<void>((resolve, reject) => {
    first = resolve
    child.once("exit", (code, signal) => reject(new Error(`${script} ended at its start: ${signal ?? code}`)))
  })
  ready.catch(() => undefined)
  createInterface({ input: child.stdout }).on("line", (line) => {
    first()
    hear(line)
  })
  return {
    pid: child.pid ?? 0,
    ready,
    send: (message) => void child.stdin.write(`${JSON.stringify(message)}\n`),
    kill: () => end(child, "SIGKILL", ended),
    stop: () => end(child, "SIGTERM", ended),
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals, ended: Promise<void>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal)
  await ended
}

/** A child that is always there: killed, it is started again. */
export function keptChild(start: () => Child): {
  current(): Child
  killAndRevive(): Promise<void>
  stop(): Promise<void>
} {
  let child = start()
  return {
    current: () => child,
    async killAndRevive() {
      await child.kill()
      child = start()
      await child.ready
    },
    stop: () => child.stop(),
  }
}
