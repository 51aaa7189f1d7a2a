import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { chance } from "../../src/kernel/chance.ts"
import { rows as rowsOf } from "../../src/platform/db.ts"
import { freePort } from "../../src/platform/postgres/index.ts"
import { fillCustomers } from "../../test/customers.ts"
import type { BenchRow, Measured, Place } from "../row.ts"
import { type ServerProcess, sessionOf, startServer } from "../server-process.ts"

const CUSTOMERS = 1_000_000
const CLIENTS = 20
const ROUNDS = 3
const SECONDS = 12
/** What lists are sorted by, and about the greatest value of each here. */
const SORTS = [
  ["gmv", 1_000_000],
  ["orders", 100],
  ["points", 100],
  ["last_order", 20_000],
  ["first_contact", 1_790_000_000_000_000],
] as const
const PASSWORD = "bench-password-1"

type Round = {
  list: number
  sorted: number
  read: number
  preview: number
  asked: number
  memory: number | null
}
let measured: Promise<Round[]> | null = null

/** One database, one server and one storm of clients serve all rows of this file. */
function allRounds(place: Place): Promise<Round[]> {
  measured ??= takeRounds(place)
  return measured
}

async function takeRounds({ db, url, say }: Place): Promise<Round[]> {
  const home = await mkdtemp(join(tmpdir(), "siyu-bench-home-"))
  const env = {
    SIYU_HOME: home,
    DATABASE_URL: url,
    SIYU_ROLE: "web",
    SIYU_SANDBOX: "off",
    SIYU_SECRET_KEY: "bench-secret-key-1",
    SIYU_OWNER_PASSWORD: PASSWORD,
  }
  const command = [process.execPath, "--import", "tsx", "src/apps/server/main.ts"]
  let server = await startServer(command, await freePort(), env)
  try {
    // Its first start made the columns of the traits that modules offer.
    await server.stop()
    say(`${CUSTOMERS.toLocaleString("en")} customers with every trait there is`)
    await fillCustomers(db, CUSTOMERS)
    server = await startServer(command, await freePort(), env)
    const headers = await sessionOf(server.origin, PASSWORD)
    const ids = await rowsOf<{ id: string }>(
      db,
      "select id from customers_customers where number % 997 = 0 limit 1000",
    )
    await storm(server, headers, ids, 3)
    const rounds: Round[] = []
    for (let n = 0; n < ROUNDS; n++) rounds.push(await storm(server, headers, ids, SECONDS))
    return rounds
  } finally {
    await server.stop()
    await rm(home, { recursive: true, force: true })
  }
}

/** Twenty clients, each asking again as soon as it is answered, the four questions in turn. 95th percentiles in ms. */
async function storm(
  server: ServerProcess,
  headers: Record<string, string>,
  ids: { id: string }[],
  seconds: number,
): Promise<Round> {
  const times: Record<"list" | "sorted" | "read" | "preview", number[]> = {
    list: [],
    sorted: [],
    read: [],
    preview: [],
  }
  const end = performance.now() + seconds * 1_000
  let serial = 0
  const ask = async (kind: keyof typeof times, path: string, body?: object) => {
    const started = performance.now()
    const response = await fetch(`${server.origin}${path}`, {
      headers,
      ...(body ? { method: "POST", body: JSON.stringify(body) } : {}),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text.slice(0, 300)}`)
    times[kind].push(performance.now() - started)
  }
  const client = async () => {
    while (performance.now() < end) {
      const n = serial++
      await ask("list", `/api/customers?limit=50&cursor=${placeOf(n)}`)
      await ask("sorted", `/api/customers?limit=50&${sortOf(n)}`)
      await ask("read", `/api/customers/${ids[n % ids.length]!.id}`)
      await ask("preview", "/api/segments/preview", { rule: ruleOf(n) })
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  return {
    list: p95(times.list),
    sorted: p95(times.sorted),
    read: p95(times.read),
    preview: p95(times.preview),
    asked: times.list.length + times.sorted.length + times.read.length + times.preview.length,
    memory: server.memory_mb(),
  }
}

/** Somewhere in the list, newest first. */
function placeOf(n: number): string {
  const number = 1 + Math.floor(chance("page", n) * CUSTOMERS)
  return `-created.${number}.${number}`
}

/** By another column each time, from either end and from somewhere in the middle. */
function sortOf(n: number): string {
  const [column, most] = SORTS[n % SORTS.length]!
  const sort = n % 2 === 0 ? column : `-${column}`
  const value = Math.floor(chance("value", n) * most)
  return n % 3 === 0 ? `sort=${sort}` : `sort=${sort}&cursor=${sort}.${value}.${n % CUSTOMERS}`
}

/** Bought lately, more than once, from one region: another range each time, as people who build segments ask. */
function ruleOf(n: number) {
  const from = Math.floor(chance("from", n) * 120)
  return {
    all: [
      { offer: "orders.last_days_ago", version: 1, args: { min: from, max: from + 60 } },
      { offer: "orders.count", version: 1, args: { min: 2 + (n % 5) } },
      { offer: "customers.region_is", version: 1, args: { regions: [n % 2 === 0 ? "上海" : "广东"] } },
    ],
  }
}

function p95(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN
}

function endpointRow(name: string, unit: string, at_most: number, of: (round: Round) => number): BenchRow {
  let round = 0
  return {
    row: `endpoints_${name}`,
    unit,
    goal: { at_most },
    rounds: ROUNDS,
    async measure(place): Promise<Measured> {
      const one = (await allRounds(place))[round++]!
      return {
        ours: of(one),
        anchor: null,
        note: `${CLIENTS} clients without a pause, list, sorted list, profile and preview in turn, ${Math.round(one.asked / SECONDS)} answers/s; clients on the same machine`,
      }
    },
  }
}

export const rows: BenchRow[] = [
  endpointRow("customers_list", "ms", 200, (r) => r.list),
  endpointRow("customers_sorted", "ms", 200, (r) => r.sorted),
  endpointRow("customers_read", "ms", 200, (r) => r.read),
  endpointRow("segments_preview", "ms", 200, (r) => r.preview),
  endpointRow("memory", "MB", 1_024, (r) => r.memory ?? Number.NaN),
]
