import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { CONTROL, START, until } from "./testkit.ts"

// Processes start slowly on a busy machine.
vi.setConfig({ testTimeout: 180_000 })

let home = ""
let children: ChildProcess[] = []
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "sandbox-main-"))
})
afterEach(() => {
  for (const child of children) child.kill("SIGKILL")
  children = []
  rmSync(home, { recursive: true, force: true })
})

type Running = {
  child: ChildProcess
  port: number
  err: () => string
  ended: Promise<number | null>
  after_ms: number
}

async function start(env: Record<string, string> = {}): Promise<Running> {
  const child = spawn(process.execPath, ["--import", "tsx", "src/sandbox/main.ts"], {
    env: {
      PATH: process.env.PATH,
      SANDBOX_HOME: home,
      SANDBOX_CONTROL_TOKEN: CONTROL,
      SANDBOX_START: START,
      SANDBOX_CLOCK: "paused",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  })
  children.push(child)
  const began = Date.now()
  let out = ""
  let err = ""
  child.stdout?.on("data", (d: Buffer) => (out += d.toString()))
  child.stderr?.on("data", (d: Buffer) => (err += d.toString()))
  const ended = new Promise<number | null>((done) => child.on("exit", done))
  let over = false
  void ended.then(() => (over = true))
  await until("listening or ended", () => out.includes("\n") || over, 60_000)
  const port = out === "" ? 0 : (JSON.parse(out.split("\n")[0]!) as { listening: number }).listening
  return { child, port, err: () => err, ended, after_ms: Date.now() - began }
}

async function control<T>(port: number, path: string, body?: unknown): Promise<T> {
  const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }
  const answer = await fetch(`http://127.0.0.1:${port}/sandbox/${path}`, {
    ...init,
    headers: { authorization: `Bearer ${CONTROL}` },
  })
  return (await answer.json()) as T
}

type Digest = { digest: string }
type Clock = { now_ms: number }

describe("the process", () => {
  it("keeps everything that it acknowledged when it is killed at any moment", async () => {
    let running = await start({ SANDBOX_SIZE: "200" })
    const known: string[] = []
    let now_ms = 0
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 10; i++) {
        const { scanned } = await control<{ scanned: { external_userid: string }[] }>(running.port, "scan", {
          state: "kill",
          count: 3,
        })
        known.push(...scanned.map((p) => p.external_userid))
        await control(running.port, "clock", { step_ms: 1_000 })
      }
      const { digest } = await control<Digest>(running.port, "digest")
      now_ms = (await control<Clock>(running.port, "clock")).now_ms
      // More is under way when the kill comes.
      const open = control(running.port, "scan", { state: "kill", count: 500 }).catch(() => null)
      running.child.kill("SIGKILL")
      await running.ended
      const last = await open
      running = await start()
      const again = await control<Digest>(running.port, "digest")
      if (last === null && again.digest !== digest) expect(known.length).toBeGreaterThan(0)
      expect((await control<Clock>(running.port, "clock")).now_ms).toBe(now_ms)
    }
    const state = await control<{ newcomers: number; waiting: { events: number } }>(running.port, "state")
    expect(state.newcomers).toBeGreaterThanOrEqual(known.length)
    for (const id of known) {
      const { person } = await control<{ person?: { follows: { state: string }[] } }>(
        running.port,
        `person?external_userid=${id}`,
      )
      expect(person?.follows[0]?.state).toBe("kill")
    }
    // No system was there to hear of them: what was to be told still waits.
    expect(state.waiting.events).toBe(state.newcomers)
  })

  it("ends within two seconds when asked to, and the next one goes on", async () => {
    const first = await start()
    await control(first.port, "scan", { state: "x" })
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      const running = signal === "SIGTERM" ? first : await start()
      expect((await control<{ newcomers: number }>(running.port, "state")).newcomers).toBe(1)
      const asked = Date.now()
      running.child.kill(signal)
      expect(await running.ended).toBe(0)
      expect(Date.now() - asked).toBeLessThan(2_000)
    }
  })

  it("does not outlive the process that it belongs to", async () => {
    const parent = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"], { stdio: "ignore" })
    children.push(parent)
    const running = await start({ SANDBOX_PARENT_PID: String(parent.pid) })
    expect(running.port).toBeGreaterThan(0)
    const gone = new Promise((done) => parent.on("exit", done))
    parent.kill("SIGKILL")
    await gone
    let over = false
    void running.ended.then(() => (over = true))
    await until("ended", () => over, 20_000)
  })

  it("says in one sentence what is wrong: settings, a taken port, a home in use", async () => {
    const wrong = await start({ SANDBOX_SIZE: "many", WECOM_CALLBACK_AES_KEY: "short" })
    expect(await wrong.ended).toBe(1)
    expect(wrong.err()).toContain("SANDBOX_SIZE")
    expect(wrong.err()).toContain("WECOM_CALLBACK_AES_KEY is 43 letters and digits")
    const first = await start()
    const second = await start()
    expect(await second.ended).toBe(1)
    expect(second.err()).toContain("another sandbox")
    const other = mkdtempSync(join(tmpdir(), "sandbox-main-"))
    const taken = await start({ SANDBOX_HOME: other, SANDBOX_PORT: String(first.port) })
    expect(await taken.ended).toBe(1)
    expect(taken.err()).toContain(`port ${first.port} is taken`)
    rmSync(other, { recursive: true, force: true })
  })

  it("keeps the world it began with, whatever seed the next start names", async () => {
    const first = await start({ SANDBOX_SEED: "one", SANDBOX_SIZE: "50" })
    first.child.kill("SIGTERM")
    await first.ended
    const second = await start({ SANDBOX_SEED: "two", SANDBOX_SIZE: "60" })
    expect(await control(second.port, "state")).toMatchObject({ seed: "one", size: 50 })
  })
})
