import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { ROOT } from "../../src/platform/config.ts"
import { openDb } from "../../src/platform/db.ts"
import { adoptOrNull, freePort, openCluster } from "../../src/platform/postgres/index.ts"
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

  it("says in one sentence what is wrong: a taken port, a damaged setting, a database of the other kind or of a newer version", async () => {
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
    const cluster = await openCluster({ home })
    const db = openDb({ url: cluster.url, max: 1 })
    await db.query("insert into platform_migrations (name, checksum) values ('9999_later.sql', 'x')")
    await db.end()
    await cluster.stop()
    const older = npmStart(await freePort())
    expect(await older.ended).toBe(1)
    expect(older.said()).toContain("used by a newer version of Siyu (9999_later.sql)")
    expect(await adoptOrNull(home)).toBeNull()
  })
})

/** A disk of its own for a home; null where this user may not mount one. */
function smallDisk(megabytes: number): string | null {
  const at = mkdtempSync(join(tmpdir(), "siyu-disk-"))
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=700`, "tmpfs", at])
  if (status === 0) return at
  rmSync(at, { recursive: true })
  return null
}

function fill(disk: string): string {
  const path = join(disk, "filler")
  const file = openSync(path, "a")
  try {
    for (let block = Buffer.alloc(1_048_576); block.length > 0; )
      try {
        if (writeSync(file, block) < block.length) block = block.subarray(0, block.length >> 1)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error
        block = block.subarray(0, block.length >> 1)
      }
  } finally {
    closeSync(file)
  }
  return path
}

const tooSmall = smallDisk(24)
const small = tooSmall && smallDisk(320)
if (!small) console.info("No disk can be mounted here: what happens on a full one is not tried.")

describe.runIf(small !== null)("a full disk", { timeout: 300_000 }, () => {
  const disks = [tooSmall, small].filter((disk) => disk !== null)
  afterAll(async () => {
    for (const disk of disks) {
      await (await adoptOrNull(disk))?.stop()
      spawnSync("umount", ["-l", disk])
      rmSync(disk, { recursive: true, force: true })
    }
  })

  it("is said in one sentence when it is too small to begin with", async () => {
    const place = npmStart(await freePort(), { SIYU_HOME: tooSmall! })
    expect(await place.ended).toBe(1)
    expect(place.said()).toContain("The disk is full")
  })

  it("refuses what needs room, keeps serving, and goes on by itself once there is room; a start on it says so", async () => {
    const settings = { SIYU_HOME: small!, SIYU_OWNER_PASSWORD: "owner-password-1" }
    const place = npmStart(await freePort(), settings)
    await ready(place)
    const origin = `http://127.0.0.1:${place.port}`
    const signedIn = await fetch(`${origin}/api/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ login: "owner", password: settings.SIYU_OWNER_PASSWORD }),
    })
    const cookie = signedIn.headers.getSetCookie()[0]?.split(";")[0] ?? ""
    const upload = async () => {
      const answer = await fetch(`${origin}/api/imports/files?kind=orders&name=a.csv`, {
        method: "POST",
        headers: { cookie, "content-type": "text/csv" },
        body: `客户,日期,金额\n${"甲,2026-01-05,12.50\n".repeat(50_000)}`,
      })
      return [answer.status, ((await answer.json()) as { code?: string }).code]
    }
    const filler = fill(small!)
    expect(await upload()).toEqual([503, "disk_full"])
    expect((await fetch(`${origin}/readyz`)).status).toBe(200)
    rmSync(filler)
    await until(async () => (await upload())[0] === 200, 60_000)
    process.kill(place.child.pid ?? 0, "SIGINT")
    await place.ended
    fill(small!)
    const again = npmStart(await freePort(), settings)
    expect(await again.ended).toBe(1)
    expect(again.said()).toContain("The disk is full")
  })
})
