import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import pg from "pg"
import { afterAll, describe, expect, it } from "vitest"
import { adoptOrNull, type Cluster, openCluster } from "./index.ts"
import { isAlive } from "./place.ts"

const homes: string[] = []
const open: Cluster[] = []
const children: ChildProcess[] = []
const AS_ROOT = process.getuid?.() === 0

function newHome(...below: string[]): string {
  const top = mkdtempSync(join(tmpdir(), "siyu-launcher-"))
  homes.push(top)
  return join(top, ...below)
}

async function start(home: string): Promise<Cluster> {
  const cluster = await openCluster({ home })
  open.push(cluster)
  return cluster
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

async function until(reached: () => boolean, ms = 5_000): Promise<void> {
  const end = Date.now() + ms
  while (!reached()) {
    if (Date.now() > end) throw new Error(`not reached within ${ms} ms`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** A process that opens the cluster of a home and then only lives. */
async function holder(home: string): Promise<{ child: ChildProcess; pid: number; adopted: boolean }> {
  const script = join(import.meta.dirname, "hold-open.test-child.mts")
  const child = spawn(process.execPath, ["--import", "tsx", script, home], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  children.push(child)
  let said = ""
  child.stdout?.on("data", (chunk: Buffer) => {
    said += chunk.toString()
  })
  await until(() => said.includes("\n"), 30_000)
  return { child, ...(JSON.parse(said) as { pid: number; adopted: boolean }) }
}

async function killed(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit")
  child.kill("SIGKILL")
  await gone
}

afterAll(async () => {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) await killed(child)
  for (const cluster of open) await cluster.stop()
  for (const home of homes) {
    const left = await adoptOrNull(existsSync(join(home, "pg")) ? home : join(home, "home"))
    await left?.stop()
    rmSync(home, { recursive: true, force: true })
  }
})

describe("the embedded PostgreSQL", { timeout: 60_000 }, () => {
  it("starts on an empty home, refuses wrong passwords and gives the application no superuser", async () => {
    const home = newHome()
    const cluster = await start(home)
    expect(cluster.adopted).toBe(false)
    const [row] = await query(
      cluster.url,
      `select current_user as role, current_database() as database, rolsuper, rolcreatedb, rolcreaterole,
              pg_encoding_to_char(encoding) as encoding, current_setting('fsync') as fsync,
              current_setting('listen_addresses') as listens
         from pg_roles, pg_database where rolname = current_user and datname = current_database()`,
    )
    expect(row).toEqual({
      role: "siyu",
      database: "siyu",
      rolsuper: false,
      rolcreatedb: false,
      rolcreaterole: false,
      encoding: "UTF8",
      fsync: "on",
      listens: "127.0.0.1",
    })
    const wrong = cluster.url.replace(/:[^:@]+@/, ":wrong@")
    await expect(query(wrong, "select 1")).rejects.toMatchObject({ code: "28P01" })
    expect(statSync(join(home, "secrets", "postgres.json")).mode & 0o777).toBe(0o600)
    await query(cluster.url, "create extension pg_trgm")
    await cluster.stop()
    expect(isAlive(cluster.pid)).toBe(false)
    expect(await adoptOrNull(home)).toBeNull()
  })

  it("is adopted after the process that started it was killed, with what was committed", async () => {
    const home = newHome()
    const first = await holder(home)
    await killed(first.child)
    expect(isAlive(first.pid)).toBe(true)
    const cluster = await start(home)
    expect(cluster).toMatchObject({ adopted: true, pid: first.pid })
    await query(cluster.url, "create table kept as select 1 as n")
    await cluster.stop()
    const again = await start(home)
    expect(again.adopted).toBe(false)
    expect(await query(again.url, "select n from kept")).toEqual([{ n: 1 }])
    await again.stop()
  })

  it("recovers what was committed when PostgreSQL itself was killed", async () => {
    const home = newHome()
    const cluster = await start(home)
    await query(cluster.url, "create table kept as select generate_series(1, 1000) as n")
    process.kill(cluster.pid, "SIGKILL")
    const again = await start(home)
    expect(again.adopted).toBe(false)
    expect(await query(again.url, "select count(*)::int as n from kept")).toEqual([{ n: 1000 }])
    await again.stop()
  })

  it("keeps two homes apart, even when one is a copy of the other while it runs", async () => {
    const one = newHome("home")
    const first = await start(one)
    await query(first.url, "create table whose as select 'one' as home")
    const two = newHome("home")
    cpSync(one, two, { recursive: true, preserveTimestamps: true })
    if (AS_ROOT) await chownAll(join(two, "pg", "data"))
    expect(await adoptOrNull(two)).toBeNull()
    const second = await start(two)
    expect(second.adopted).toBe(false)
    expect(second.pid).not.toBe(first.pid)
    await query(second.url, "update whose set home = 'two'")
    await second.stop()
    expect(await query(first.url, "select home from whose")).toEqual([{ home: "one" }])
    await first.stop()
  })

  it("is not mistaken for a stranger who got the number of a dead postmaster", async () => {
    const home = newHome()
    const cluster = await start(home)
    await cluster.stop()
    writeFileSync(
      join(home, "pg", "data", "postmaster.pid"),
      `${process.pid}\n${home}/pg/data\n0\n5432\n\n127.0.0.1\n\nready   \n`,
    )
    expect(await adoptOrNull(home)).toBeNull()
    const again = await start(home)
    expect(again.adopted).toBe(false)
    await again.stop()
  })

  it("starts once when several processes want an empty home at the same moment", async () => {
    const home = newHome()
    const all = await Promise.all([start(home), start(home), start(home)])
    expect(new Set(all.map((cluster) => cluster.pid)).size).toBe(1)
    await all[0]?.stop()
    expect(await query(all[1]?.url ?? "", "select 1 as n")).toEqual([{ n: 1 }])
    await all[1]?.leave()
    expect(isAlive(all[2]?.pid ?? 0)).toBe(true)
    await all[2]?.leave()
    expect(isAlive(all[2]?.pid ?? 0)).toBe(false)
  })

  it("stays when a command that only used it leaves, and goes with the command that started it", async () => {
    const home = newHome()
    const server = await start(home)
    const command = await start(home)
    expect(command.adopted).toBe(true)
    await command.leave()
    expect(isAlive(server.pid)).toBe(true)
    await server.stop()
    const alone = await start(home)
    await alone.leave()
    expect(isAlive(alone.pid)).toBe(false)
  })

  it.runIf(AS_ROOT)(
    "works as root in a closed home below a closed folder, and opens neither to be listed",
    async () => {
      const home = newHome("home")
      const above = join(home, "..")
      expect(statSync(above).mode & 0o777).toBe(0o700)
      const cluster = await start(home)
      expect(statSync(above).mode & 0o777).toBe(0o700)
      expect(statSync(home).mode & 0o066).toBe(0)
      expect(statSync(join(home, "secrets")).mode & 0o777).toBe(0o700)
      await query(cluster.url, "create table kept as select 1 as n")
      await cluster.stop()
      const direct = newHome()
      chmodSync(direct, 0o700)
      const second = await start(direct)
      expect(statSync(direct).mode & 0o777).toBe(0o711)
      await second.stop()
      const again = await start(home)
      expect(await query(again.url, "select n from kept")).toEqual([{ n: 1 }])
      await again.stop()
    },
  )

  it("says in one sentence that the data are of another version, and that their passwords are missing", async () => {
    const home = newHome()
    const cluster = await start(home)
    await cluster.stop()
    const version = join(home, "pg", "data", "PG_VERSION")
    const own = readFileSync(version, "utf8")
    writeFileSync(version, "99\n")
    await expect(openCluster({ home })).rejects.toMatchObject({ code: "wrong_version" })
    writeFileSync(version, "12\n")
    await expect(openCluster({ home })).rejects.toThrow(/siyu backup/)
    writeFileSync(version, own)
    rmSync(join(home, "secrets", "postgres.json"))
    await expect(openCluster({ home })).rejects.toMatchObject({ code: "secrets_lost" })
  })

  it("says in one sentence that the home cannot be written", async () => {
    const home = newHome()
    writeFileSync(join(home, "file"), "")
    await expect(openCluster({ home: join(home, "file") })).rejects.toMatchObject({
      code: "home_not_writable",
    })
    await expect(openCluster({ home: join(home, "file", "below") })).rejects.toMatchObject({
      code: "home_not_writable",
    })
  })

  it("says what is wrong when PostgreSQL will not start, and where its log is", async () => {
    const home = newHome()
    const cluster = await start(home)
    await cluster.stop()
    writeFileSync(join(home, "pg", "data", "local.conf"), "shared_buffers = 'much'\n")
    await expect(openCluster({ home })).rejects.toThrow(/shared_buffers.*much/s)
    writeFileSync(join(home, "pg", "data", "local.conf"), "")
  })
})

async function chownAll(dir: string): Promise<void> {
  const child = spawn("chown", ["-R", "65534:65534", dir])
  await once(child, "exit")
}
