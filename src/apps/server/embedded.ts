import { setTimeout as pause } from "node:timers/promises"
import pg from "pg"
import type { Log } from "../../platform/log.ts"
import { openCluster } from "../../platform/postgres/index.ts"
import { isAlive } from "../../platform/postgres/place.ts"

/** The home's own PostgreSQL under a server: watched, and started again on the same port when it dies. */
export type Embedded = {
  url: string
  adopted: boolean
  /** Whether this process is the one server of the home; waits for a predecessor that is still going down. */
  beTheOnlyOne(waitMs: number): Promise<boolean>
  stop(withinMs: number): Promise<void>
}

const LOOK_MS = 500

export async function openEmbedded(options: {
  home: string
  say: (line: string) => void
  log: Log
}): Promise<Embedded> {
  const { home, say, log } = options
  let cluster = await openCluster({ home, log: say })
  const { url, port, adopted } = cluster
  let letGo: (() => Promise<void>) | null = null
  let stopped = false

  const look = setInterval(() => {
    if (!stopped && !isAlive(cluster.pid)) void revive()
  }, LOOK_MS)
  let reviving: Promise<void> | null = null
  const revive = () => {
    reviving ??= again().finally(() => {
      reviving = null
    })
    return reviving
  }
  const again = async () => {
    log.error({ pid: cluster.pid }, "PostgreSQL died and is started again")
    try {
      cluster = await openCluster({ home, log: say, port })
      if (letGo) letGo = await beTheOnlyOne(url, 0)
      if (cluster.port !== port)
        log.error({ port, now: cluster.port }, "PostgreSQL came back on another port")
    } catch (error) {
      log.error({ err: error }, "PostgreSQL could not be started again")
    }
  }
  return {
    url,
    adopted,
    async beTheOnlyOne(waitMs) {
      letGo = await beTheOnlyOne(url, waitMs)
      return letGo !== null
    },
    async stop(withinMs) {
      stopped = true
      clearInterval(look)
      await reviving
      await letGo?.()
      await cluster.stop(withinMs)
    },
  }
}

/**
 * One server runs the sandbox and the embedded database of a home. Held as a session's advisory lock, so that it
 * falls with its holder, however that ends. Answers how to let go, or null when another holds it.
 */
export async function beTheOnlyOne(url: string, waitMs: number): Promise<(() => Promise<void>) | null> {
  const client = new pg.Client({ connectionString: url, application_name: "siyu only server" })
  // When the database ends, the lock has gone with it; the pools say so.
  client.on("error", () => undefined)
  await client.connect()
  const until = Date.now() + waitMs
  for (;;) {
    const got = await client.query<{ ok: boolean }>("select pg_try_advisory_lock(1397315925, 2) ok")
    if (got.rows[0]?.ok) return () => client.end().catch(() => undefined)
    if (Date.now() >= until) break
    await pause(200)
  }
  await client.end()
  return null
}
