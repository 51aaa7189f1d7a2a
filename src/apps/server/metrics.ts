import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client"
import { type Db, oneRow } from "../../platform/db.ts"
import { lag } from "../../spine/facts/index.ts"

const LATENCY_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]

export type Metrics = {
  contentType: string
  /** Everything as text. What is only known to a database that does not answer is left out, and said so by `siyu_database_up`. */
  read(): Promise<string>
  observe(endpoint: string, status: number, duration_ms: number): void
}

export function createMetrics(db: Db): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    name: "siyu_http_requests_total",
    help: "Requests of the JSON API by endpoint and status",
    labelNames: ["endpoint", "status"],
    registers,
  })
  const latency = new Histogram({
    name: "siyu_http_seconds",
    help: "Time to answer by endpoint",
    labelNames: ["endpoint"],
    buckets: LATENCY_BUCKETS_S,
    registers,
  })
  const byHandler = (name: string, help: string) =>
    new Gauge({ name, help, labelNames: ["handler"], registers })
  const behind = byHandler("siyu_facts_behind", "Facts that the slowest lane of a handler has not read")
  const parked = byHandler("siyu_facts_parked", "Facts that wait for another try or for somebody's hand")
  const dead = byHandler("siyu_facts_dead", "Facts given up, that wait for somebody's hand")
  const held = new Gauge({
    name: "siyu_facts_held_seconds",
    help: "Age of the oldest open transaction that writes: readers of facts wait for it",
    registers,
  })
  const up = new Gauge({ name: "siyu_database_up", help: "1 while the database answers", registers })
  const connections = new Gauge({
    name: "siyu_database_connections",
    help: "Connections of this process by what they do; waiting is who has none",
    labelNames: ["state"],
    registers,
  })
  const ask = async () => {
    for (const row of await lag(db)) {
      behind.set({ handler: row.handler }, row.behind)
      parked.set({ handler: row.handler }, row.parked)
      dead.set({ handler: row.handler }, row.dead)
    }
    const { seconds } = await oneRow<{ seconds: number }>(
      db,
      `select coalesce(max(extract(epoch from clock_timestamp() - xact_start)), 0)::float8 as seconds
       from pg_stat_activity where datname = current_database() and backend_xid is not null and pid <> pg_backend_pid()`,
    )
    held.set(seconds)
  }
  return {
    contentType: registry.contentType,
    async read() {
      connections.set({ state: "busy" }, db.totalCount - db.idleCount)
      connections.set({ state: "idle" }, db.idleCount)
      connections.set({ state: "waiting" }, db.waitingCount)
      try {
        await ask()
        up.set(1)
      } catch {
        // The one that has the answers is the one that fails: the rest is told all the same.
        for (const gauge of [behind, parked, dead, held]) gauge.reset()
        up.set(0)
      }
      return registry.metrics()
    },
    observe(endpoint, status, duration_ms) {
      requests.inc({ endpoint, status: String(status) })
      latency.observe({ endpoint }, duration_ms / 1000)
    },
  }
}
