import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { ROOT } from "../../src/platform/config.ts"
import { adoptOrNull, freePort } from "../../src/platform/postgres/index.ts"
import { isAlive } from "../../src/platform/postgres/place.ts"
import { until } from "../../src/platform/testkit/index.ts"

/** What the person who types `npm start` relies on, with the real processes: no sandbox, so that it is quick. */
const STOP_WITHIN_MS = 8_000
const home = mkdtempSync(join(tmpdir(), "siyu-start-"))
const started: Place[] = []

type Place = { child: ChildProcess; port: number; said: () => string; ended: Promise<number | null> }

function npmStart(port: number, settings: Record<string, string> = {}): Place {
  const child = spawn("npm", ["start"], {
    cwd: ROOT,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, SIYU_HOME: home, SIYU_SANDBOX: "off", PORT: String(port), ...settings },
  })
  let text = ""
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => {
      text += chunk.toString()
    })
  const ended = new Promise<number | null>((resolve) => child.on("exit", resolve))
  const place = { child, port, said: () => text, ended }
  started.push(place)
  return place
}

async function ready(place: Place): Promise<void> {
  await until(async () => {
    if (place.child.exitCode !== null) throw new Error(place.said())
    return fetch(`http://127.0.0.1:${place.port}/readyz`).then(
      (answer) => answer.status === 200,
      () => false,
    )
  }, 90_000)
}

/** Every process of the group that npm leads, by the process table. */
function groupOf(leader: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isAlive(pid) && statOf(pid)[2] === String(leader))
}

function statOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  } catch {
    // Gone between being listed and being read.
    return []
  }
}

afterAll(async () => {
  for (const { child, ended } of started) {
    if (child.exitCode !== null || child.signalCode !== null || !child.pid) continue
    process.kill(-child.pid, "SIGKILL")
    await ended
  }
  await (await adoptOrNull(home))?.stop()
  rmSync(home, { recursive: true, force: true })
})

describe.runIf(process.platform === "linux")("npm start", { timeout: 240_000 }, () => {
  it("tells address and one-time password, ends at a signal to npm alone, and leaves nothing behind", async () => {
    const place = npmStart(await freePort())
    await ready(place)
    await until(() => place.said().includes("Ctrl-C"))
    expect(place.said()).toMatch(
      new RegExp(`http://127\\.0\\.0\\.1:${place.port}\\b[\\s\\S]*owner[\\s\\S]*password\\)  \\S+`),
    )
    const page = await fetch(`http://127.0.0.1:${place.port}/`)
    expect([page.status, page.headers.get("content-type")]).toEqual([
      200,
      expect.stringContaining("text/html"),
    ])
    const leader = place.child.pid ?? 0
    const asked = Date.now()
    process.kill(leader, "SIGINT")
    await place.ended
    expect(Date.now() - asked).toBeLessThan(STOP_WITHIN_MS)
    expect(groupOf(leader)).toEqual([])
    expect(await adoptOrNull(home)).toBeNull()
  })

  it("adopts the database that outlived kill -9 of the whole group, on another port, and keeps the owner", async () => {
    const first = npmStart(await freePort())
    await ready(first)
    expect(first.said()).not.toContain("one-time password")
    process.kill(-(first.child.pid ?? 0), "SIGKILL")
    await first.ended
    const second = npmStart(await freePort())
    await ready(second)
    expect(second.said()).toContain("Adopted")
    process.kill(-(second.child.pid ?? 0), "SIGTERM")
    await second.ended
    await until(() => groupOf(second.child.pid ?? 0).length === 0)
    expect(await adoptOrNull(home)).toBeNull()
  })

  it("says in one sentence what is wrong: a taken port, a damaged setting, a database of the other kind", async () => {
    const blocker = createServer()
    await new Promise<void>((resolve) => blocker.listen(0, "127.0.0.1", resolve))
    const address = blocker.address()
    const taken = npmStart(typeof address === "object" && address ? address.port : 0)
    expect(await taken.ended).toBe(1)
    expect(taken.said()).toMatch(/Port \d+ is taken/)
    blocker.close()
    const damaged = npmStart(await freePort(), { SIYU_ROLE: "boss" })
    expect(await damaged.ended).toBe(1)
    expect(damaged.said()).toContain("SIYU_ROLE cannot be used")
    const other = npmStart(await freePort(), { SIYU_SANDBOX: "on" })
    expect(await other.ended).toBe(1)
    expect(other.said()).toContain("belongs to a real company")
    expect(await adoptOrNull(home)).toBeNull()
  })
})
