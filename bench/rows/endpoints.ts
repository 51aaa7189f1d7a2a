import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { chance } from "../../src/kernel/chance.ts"
import { dayNumber } from "../../src/kernel/day.ts"
import { type Db, rows as rowsOf, run } from "../../src/platform/db.ts"
import { freePort } from "../../src/platform/postgres/index.ts"
import type { BenchRow, Measured, Place } from "../row.ts"
import { type ServerProcess, sessionOf, startServer } from "../server-process.ts"

const CUSTOMERS = 1_000_000
const CLIENTS = 20
const ROUNDS = 3
const SECONDS = 12
const PASSWORD = "bench-password-1"
const TODAY = dayNumber(new Date())

type Round = { list: number; read: number; preview: number; asked: number; memory: number | null }
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
    await fill(db)
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

async function fill(db: Db): Promise<void> {
  await run(
    db,
    `insert into customers_customers (id, number, name, name_pinyin, name_initials, phone, region, source_code, first_contact_at, created_at, updated_at)
     select gen_random_uuid(), n, '客户' || n, 'kehu' || n, 'kh' || n, '139' || lpad((n::bigint * 7919 % 100000000)::text, 8, '0'),
       (array['上海', '北京', '广东', '四川', '浙江'])[1 + n % 5], 'code' || n % 30,
       now() - random() * interval '700 days', now(), now()
     from generate_series(0, ${CUSTOMERS - 1}) n`,
  )
  await run(
    db,
    `insert into customers_contacts (customer_id, account_id, external_userid, remark, added_at)
     select id, ('00000000-0000-7000-8000-0000000000' || (10 + number % 60))::uuid, 'wm' || number, '备注' || number, first_contact_at
     from customers_customers`,
  )
  await run(
    db,
    "insert into traits_words (word) select 'word' || n from generate_series(1, 200) n order by n",
  )
  const columns = await rowsOf<{ trait: string; kind: string }>(
    db,
    "select trait, kind from traits_columns order by trait",
  )
  const values: Record<string, string> = {
    number: "(1 + random() * random() * 100)::bigint",
    day: `${TODAY} - (random() * random() * 700)::int`,
    text: "'value' || (random() * 8)::int",
    boolean: "random() < 0.5",
    tags: "array(select (1 + random() * 199)::int from generate_series(1, 3 + number % 4))",
  }
  await run(
    db,
    `insert into traits_customers (customer_id, number, ${columns.map((c) => `"${c.trait}"`).join(", ")})
     select id, number, ${columns.map((c) => (c.trait === "customers.region" ? "region" : values[c.kind])).join(", ")}
     from customers_customers`,
  )
  for (const table of ["customers_customers", "customers_contacts", "traits_customers"])
    await db.query(`vacuum analyze ${table}`)
}

/** Twenty clients, each asking again as soon as it is answered, the three questions in turn. 95th percentiles in ms. */
async function storm(
  server: ServerProcess,
  headers: Record<string, string>,
  ids: { id: string }[],
  seconds: number,
): Promise<Round> {
  const times: Record<"list" | "read" | "preview", number[]> = { list: [], read: [], preview: [] }
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
      await ask("list", `/api/customers?limit=50&cursor=${1 + Math.floor(chance("page", n) * CUSTOMERS)}`)
      await ask("read", `/api/customers/${ids[n % ids.length]!.id}`)
      await ask("preview", "/api/segments/preview", { rule: ruleOf(n) })
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  return {
    list: p95(times.list),
    read: p95(times.read),
    preview: p95(times.preview),
    asked: times.list.length + times.read.length + times.preview.length,
    memory: server.memory_mb(),
  }
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
        note: `${CLIENTS} clients without a pause, list, profile and preview in turn, ${Math.round(one.asked / SECONDS)} answers/s; clients on the same machine`,
      }
    },
  }
}

export const rows: BenchRow[] = [
  endpointRow("customers_list", "ms", 200, (r) => r.list),
  endpointRow("customers_read", "ms", 200, (r) => r.read),
  endpointRow("segments_preview", "ms", 200, (r) => r.preview),
  endpointRow("memory", "MB", 1_024, (r) => r.memory ?? Number.NaN),
]
