import { spawn } from "node:child_process"
import type { RunAs } from "./place.ts"

/** The environment of PostgreSQL's programs: nothing of ours (PGDATA, PGPORT … of the caller would mislead). */
export function programEnv(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C" }
}

/** Runs one of PostgreSQL's programs to its end; the working directory is entered before the uid is given up. */
export function runBinary(
  file: string,
  args: string[],
  at: { cwd: string; runAs: RunAs; input?: string },
): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: at.cwd,
      env: programEnv(),
      stdio: [at.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
      ...(at.runAs ?? {}),
    })
    let output = ""
    const hear = (chunk: Buffer) => {
      output += chunk.toString()
    }
    child.stdout?.on("data", hear)
    child.stderr?.on("data", hear)
    child.on("error", reject)
    child.on("close", (status) => resolve({ status, output }))
    // A program that dies early closes its input; its status says why, the broken pipe adds nothing.
    child.stdin?.on("error", () => undefined)
    child.stdin?.end(at.input)
  })
}
