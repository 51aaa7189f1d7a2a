import { spawn } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { afterAll } from "vitest"
import { aesKey, open } from "../crypto.ts"
import { readEnvelope } from "../envelope.ts"
import { type CallbackEvent, readEvent } from "../event.ts"
import { CORP } from "./index.ts"

/** The sandbox as it runs for everybody: a process of its own, reached by its wire and its control door only. */
export type SandboxProcess = {
  base: string
  control<T = Record<string, unknown>>(path: string, body?: unknown): Promise<T>
  /** The shop's clock, as of the last step. */
  now(): Date
  step(ms: number): Promise<void>
  end(): Promise<void>
}

const MAIN = fileURLToPath(new URL("../../../sandbox/main.ts", import.meta.url))
const CONTROL = "control-token-of-tests"
const CONTROL_TRIES = 3

export async function startSandbox(env: Record<string, string> = {}): Promise<SandboxProcess> {
  const home = await mkdtemp(join(tmpdir(), "siyu-sandbox-"))
  const child = spawn(process.execPath, ["--import", "tsx", MAIN], {
    env: {
      PATH: process.env.PATH,
      SANDBOX_HOME: home,
      SANDBOX_SIZE: "300",
      SANDBOX_SCENARIO: "quiet",
      SANDBOX_CLOCK: "paused",
      SANDBOX_CONTROL_TOKEN: CONTROL,
      SANDBOX_PARENT_PID: String(process.pid),
      WECOM_CORP_ID: CORP.corp_id,
      WECOM_SECRET: CORP.secret,
      WECOM_CALLBACK_TOKEN: CORP.callback_token,
      WECOM_CALLBACK_AES_KEY: CORP.callback_aes_key,
      ...env,
    },
    stdio: ["ignore", "pipe", "inherit"],
  })
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()))
  const port = await new Promise<number>((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", (line) =>
      resolve((JSON.parse(line) as { listening: number }).listening),
    )
    child.once("exit", (code) => reject(new Error(`the sandbox ended with ${code}`)))
  })
  const base = `http://127.0.0.1:${port}`
  let shop_ms = 0
  const control = async <T>(path: string, body?: unknown): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await fetch(`${base}/sandbox/${path}`, {
          headers: { authorization: `Bearer ${CONTROL}` },
          ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
        })
        return (await answer.json()) as T
      } catch (error) {
        // A kept-alive connection that was closed while idle; reading again does no harm, and deeds are not retried.
        if (body !== undefined || attempt === CONTROL_TRIES) throw error
      }
    }
  }
  const look = async (change?: unknown) => {
    shop_ms = (await control<{ now_ms: number }>("clock", change)).now_ms
  }
  await look()
  return {
    base,
    control,
    now: () => new Date(shop_ms),
    step: (ms) => look({ step_ms: ms }),
    async end() {
      child.kill("SIGTERM")
      await ended
      await rm(home, { recursive: true, force: true })
    },
  }
}

/** A system that only listens: the events it was told, opened. Ends with the test file. */
export async function listen(sandbox: SandboxProcess): Promise<CallbackEvent[]> {
  const events: CallbackEvent[] = []
  const key = aesKey(CORP.callback_aes_key)!
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on("data", (part: Buffer) => parts.push(part))
    request.on("end", () => {
      const envelope = readEnvelope(Buffer.concat(parts).toString())
      const plain = envelope ? open(key, envelope.encrypt) : null
      const event = plain ? readEvent(plain.message) : null
      if (event) events.push(event)
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  await sandbox.control("system", { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
  return events
}
