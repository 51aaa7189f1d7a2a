import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Db, openDb } from "../../src/platform/db.ts"
import { migrate } from "../../src/platform/migrate.ts"
import { type Cluster, openCluster } from "../../src/platform/postgres/index.ts"
import { isAlive } from "../../src/platform/postgres/place.ts"
import { makePartitions } from "../../src/spine/facts/index.ts"
import { eventually } from "./scenario.ts"

/** A home of a scenario's own with a PostgreSQL of its own, which may be killed. */
export type Place = {
  home: string
  url: string
  db: Db
  killPostgres(): Promise<void>
  stop(): Promise<void>
}

export async function openPlace(): Promise<Place> {
  const home = await mkdtemp(join(tmpdir(), "siyu-chaos-"))
  let cluster: Cluster = await openCluster({ home })
  const { url, port } = cluster
  const db = openDb({ url, max: 6, application_name: "chaos" })
  await migrate(db)
  await makePartitions(db, new Date())
  return {
    home,
    url,
    db,
    async killPostgres() {
      const { pid } = cluster
      process.kill(pid, "SIGKILL")
      await eventually("the postmaster is gone", async () => !isAlive(pid), 10_000)
      cluster = await openCluster({ home, port })
      if (cluster.port !== port) throw new Error(`PostgreSQL came back on port ${cluster.port}, not ${port}`)
    },
    async stop() {
      await db.end()
      await cluster.stop()
      await rm(home, { recursive: true, force: true })
    },
  }
}
