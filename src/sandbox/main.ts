import { readConfig } from "./config.ts"
import { holdHome, type Lock } from "./lock.ts"
import { openSandbox } from "./sandbox.ts"

const END_WITHIN_MS = 1_500
const WATCH_EVERY_MS = 1_000

function stop(sentence: string): never {
  process.stderr.write(`sandbox: ${sentence}\n`)
  process.exit(1)
}

function fatal(error: Error & { code?: string }): never {
  stop(error.code === "ENOSPC" ? "the disk is full; nothing more can be kept" : String(error.stack ?? error))
}
process.on("uncaughtException", fatal)

const config = readConfig(process.env)
if ("wrong" in config) stop(config.wrong.join("; "))

const asked = await holdHome(config.home)
if ("refused" in asked) stop(asked.refused)
const lock: Lock = asked

const sandbox = await openSandbox(config, Date.now, (error) => fatal(error)).catch(
  (error: Error & { code?: string }) =>
    stop(
      error.code === "EADDRINUSE"
        ? `port ${config.port} is taken; choose another SANDBOX_PORT or 0 for a free one`
        : String(error),
    ),
)
process.stdout.write(`${JSON.stringify({ listening: sandbox.port })}\n`)

let ending = false
async function end(): Promise<void> {
  if (ending) return
  ending = true
  setTimeout(() => process.exit(1), END_WITHIN_MS).unref()
  await sandbox.close()
  lock.release()
  process.exit(0)
}

for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void end())
// A closed pipe on stdout or stderr means that whoever started us is gone; the parent watch decides.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined)

const born_under = process.ppid
setInterval(() => {
  if (config.parent_pid !== undefined && parentIsGone(config.parent_pid)) void end()
  if (!lock.held()) process.exit(1)
}, WATCH_EVERY_MS).unref()

/** Gone, or its number taken over: a child of it is given to another parent at its death. */
function parentIsGone(pid: number): boolean {
  if (born_under === pid && process.ppid !== pid) return true
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH"
  }
}
