import { mkdirSync, renameSync, statSync } from "node:fs"
import { join } from "node:path"
import pino from "pino"

export type Log = pino.Logger

/** A log file is put aside as `.1` at this size, so one process's log never takes more than twice as much. */
const LOG_BYTES = 20 * 1024 * 1024

/** Never written, wherever in a record they stand; personal data are not logged in the first place. */
const SECRET = ["password", "token", "secret", "authorization", "cookie", "aes_key", "key"]

/**
 * JSON lines with machine time. They go to `<home>/logs/<name>.log`, or to stdout where a collector reads them;
 * a console shows only what a person is to act on: errors, as one line each, and only when somebody sits there.
 */
export function createLog(options: {
  home: string
  name: string
  to: "file" | "stdout"
  level?: string
}): Log {
  const level = options.level ?? "info"
  const settings: pino.LoggerOptions = {
    level,
    base: { process: options.name, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRET.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: "[kept out]" },
  }
  if (options.to === "stdout") return pino(settings, pino.destination({ fd: 1, sync: true }))
  const file = rotatingFile(options.home, options.name)
  if (!process.stderr.isTTY) return pino(settings, file)
  return pino(
    settings,
    pino.multistream([
      { level: "trace", stream: file },
      { level: "error", stream: humanLine },
    ]),
  )
}

function rotatingFile(home: string, name: string): pino.DestinationStream & { flushSync(): void } {
  const folder = join(home, "logs")
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `${name}.log`)
  let bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  const file = pino.destination({ dest: path, append: true, sync: true, mode: 0o600 })
  // A full disk must not end the process: what cannot be logged is lost, the work goes on.
  file.on("error", () => undefined)
  return {
    write(line) {
      file.write(line)
      bytes += Buffer.byteLength(line)
      if (bytes < LOG_BYTES) return
      bytes = 0
      renameSync(path, `${path}.1`)
      file.reopen()
    },
    flushSync: () => file.flushSync(),
  }
}

const humanLine: pino.DestinationStream = {
  write(line) {
    const record = JSON.parse(line) as { time: string; msg?: string; err?: { message?: string } }
    const cause = record.err?.message ? `: ${record.err.message}` : ""
    process.stderr.write(`${record.time.slice(11, 19)} ${record.msg ?? ""}${cause}\n`)
  },
}
