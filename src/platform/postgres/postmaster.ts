import { spawn } from "node:child_process"
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { createServer } from "node:net"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import type { Binaries } from "./binaries.ts"
import { startProblem } from "./initialise.ts"
import { carriesMark, isAlive, markOf, type Place, processesOf } from "./place.ts"
import { programEnv } from "./run.ts"
import { settingsText } from "./settings.ts"

/** How often a start is tried again for a port that was taken in between, or a dead server's leftovers. */
const START_TRIES = 8
/** How many of them insist on the port that was asked for. */
const SAME_PORT_TRIES = 5
/** Recovery after a kill may replay up to max_wal_size; beyond this something else is wrong. */
const RECOVERY_MS = 10 * 60_000
const POLL_MS = 20
/** How long an immediate shutdown may take before the processes are killed. */
const IMMEDIATE_MS = 1_000
const LOG_BYTES = 8 * 1024 * 1024

export interface Postmaster {
  pid: number
  port: number
  ready: boolean
}

/** The live postmaster of a data directory, as `postmaster.pid` tells, if that process is really its own. */
export function livePostmaster(place: Place): Postmaster | null {
  const found = readPidFile(place)
  if (!found || !isAlive(found.pid)) return null
  return carriesMark(found.pid, markOf(place.data)) === false ? null : found
}

function readPidFile(place: Place): Postmaster | null {
  try {
    const lines = readFileSync(join(place.data, "postmaster.pid"), "utf8").split("\n")
    const pid = Number.parseInt(lines[0] ?? "", 10)
    const port = Number.parseInt(lines[3] ?? "", 10)
    if (!(pid > 0)) return null
    return { pid, port: Number.isNaN(port) ? 0 : port, ready: /^ready/.test(lines[7] ?? "") }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null
    throw error
  }
}

/**
 * Starts PostgreSQL on an initialised directory, in a session of its own, so that a signal to our process group
 * does not reach it. Answers when it accepts connections; `started` is false when another process was quicker.
 */
export async function startPostmaster(
  place: Place,
  binaries: Binaries,
  options: { log: (line: string) => void; settings?: Record<string, string>; port?: number },
): Promise<Postmaster & { started: boolean }> {
  writeSettings(place, options.settings)
  let output = ""
  for (let attempt = 1; attempt <= START_TRIES; attempt++) {
    const running = livePostmaster(place)
    if (running) {
      // Another process of ours is starting it, or stopping it: then it is our turn as soon as it has gone.
      const ready = await untilReady(place, running.pid, options.log).catch((error) =>
        onlyIfGone(error, running.pid),
      )
      if (ready) return { ...ready, started: false }
    }
    removeStaleLock(place)
    const logFrom = rotateLog(place)
    const wanted = attempt <= SAME_PORT_TRIES ? options.port : undefined
    const pid = await launch(place, binaries, wanted ?? (await freePort()))
    try {
      return { ...(await untilReady(place, pid, options.log)), started: true }
    } catch (error) {
      if (isAlive(pid)) throw error
      output = readLog(place, logFrom) || (error instanceof Error ? error.message : String(error))
    }
    // A port taken since it was found free; another start; a dead server not yet reaped or its memory still
    // attached by a backend that is just noticing: all pass by themselves.
    if (!/could not bind|lock file|pre-existing shared memory|already in use/i.test(output)) break
    await pause(100 * attempt)
  }
  throw startProblem(place, output)
}

function onlyIfGone(error: unknown, pid: number): null {
  if (isAlive(pid)) throw error
  return null
}

async function launch(place: Place, binaries: Binaries, port: number): Promise<number> {
  const log = openSync(logFile(place), "a", 0o600)
  try {
    const args = ["-D", place.dataArgument, "-p", String(port), "-c", `cluster_name=${markOf(place.data)}`]
    const child = spawn(binaries.postgres, args, {
      cwd: place.data,
      env: programEnv(),
      detached: true,
      stdio: ["ignore", log, log],
      ...(place.runAs ?? {}),
    })
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve)
      child.once("error", reject)
    })
    child.unref()
    return child.pid ?? 0
  } finally {
    closeSync(log)
  }
}

async function untilReady(place: Place, pid: number, log: (line: string) => void): Promise<Postmaster> {
  const began = Date.now()
  let told = began
  while (Date.now() - began < RECOVERY_MS) {
    const found = readPidFile(place)
    if (found?.pid === pid && found.ready && found.port > 0) return found
    if (!isAlive(pid)) throw new Error(`postgres ${pid} ended before it was ready`)
    if (Date.now() - told > 5_000) {
      told = Date.now()
      log(`数据库正在恢复上次未写完的数据 … recovering, ${Math.round((told - began) / 1000)} s`)
    }
    await pause(POLL_MS)
  }
  throw new Error(`postgres ${pid} was not ready after ${RECOVERY_MS / 60_000} minutes`)
}

/**
 * Fast shutdown: sessions are ended, a checkpoint is written. Answers when the last process has gone. A checkpoint
 * that takes longer than `withinMs` is cut short: nothing is lost, the next start recovers.
 */
export async function stopPostmaster(place: Place, pid: number, withinMs = 60_000): Promise<void> {
  const mark = markOf(place.data)
  const gone = () => !isAlive(pid) && !processesOf(mark).some(isAlive)
  signal(pid, "SIGINT")
  if (await within(withinMs, gone)) return
  signal(pid, "SIGQUIT")
  if (await within(IMMEDIATE_MS, gone)) return
  for (const left of [pid, ...processesOf(mark)]) signal(left, "SIGKILL")
  await within(IMMEDIATE_MS, gone)
}

async function within(ms: number, reached: () => boolean): Promise<boolean> {
  const until = Date.now() + ms
  while (!reached()) {
    if (Date.now() > until) return false
    await pause(POLL_MS)
  }
  return true
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error
  }
}

/**
 * A lock file whose process lives but is not ours (its number was given anew, or this home is a copy) stops
 * postgres for ever. It is removed only when no process of this cluster is left; where that cannot be told
 * postgres decides alone.
 */
function removeStaleLock(place: Place): void {
  const found = readPidFile(place)
  if (!found || process.platform !== "linux") return
  const mark = markOf(place.data)
  if (carriesMark(found.pid, mark) && isAlive(found.pid)) return
  if (processesOf(mark).some(isAlive)) return
  rmSync(join(place.data, "postmaster.pid"), { force: true })
}

function writeSettings(place: Place, extra?: Record<string, string>): void {
  const file = join(place.data, "postgresql.conf")
  const whole = `${file}.${process.pid}`
  writeFileSync(whole, settingsText(extra), { mode: 0o644 })
  renameSync(whole, file)
  const own = join(place.data, "local.conf")
  if (!existsSync(own)) writeFileSync(own, "", { mode: 0o644 })
}

/** A port of the loopback that is free now. Somebody may take it before postgres does: hence the retries. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      const port = typeof address === "object" && address ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}

function logFile(place: Place): string {
  return join(place.home, "logs", "postgres.log")
}

/** Keeps one older log; answers from which byte on this start will write. */
function rotateLog(place: Place): number {
  mkdirSync(join(place.home, "logs"), { recursive: true, mode: 0o700 })
  const file = logFile(place)
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size < LOG_BYTES) return size
  renameSync(file, `${file}.1`)
  return 0
}

function readLog(place: Place, from: number): string {
  try {
    return readFileSync(logFile(place)).subarray(from).toString()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
