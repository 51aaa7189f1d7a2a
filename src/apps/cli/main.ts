import { writeSync } from "node:fs"
import { withDatabase } from "./database.ts"
import { runCli } from "./run-cli.ts"

const interrupted = new AbortController()
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interrupted.abort())

/** Written at once and whole: a pipe that is slow to read must not lose the end of an answer. */
function write(fd: number, text: string): void {
  let rest = Buffer.from(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(fd, rest))
    } catch (error) {
      const code = (error as { code?: string }).code
      if (code === "EPIPE") return
      if (code !== "EAGAIN") throw error
    }
  }
}

process.exitCode = await runCli(
  process.argv.slice(2),
  { out: (text) => write(1, text), err: (text) => write(2, text) },
  { withDatabase, signal: interrupted.signal },
)
